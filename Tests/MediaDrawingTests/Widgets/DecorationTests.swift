import MediaDrawing
import TestSupport
import Testing

@Suite("What stands beside a picture")
struct DecorationTests {
    private let style = TextStyle(typeface: StubTypeface(), size: 10)

    @Test("The picture stays what and where it is", arguments: [28, 300])
    func untouched(side: Int) throws {
        var generator = SeededGenerator(seed: 6)
        let picture = ArrayPixels(random: side, side, .rgb, using: &generator)
        let decorations: [any Decoration] = [
            Caption("ll ol ll ll ll ll ll", style: style), RangeBar(from: 0, to: 1, style: style),
            RangeBar(from: 0, to: 1, side: .below, style: style),
            Legend([.init("ll", color: .signal)], style: style),
            Legend([.init("l", color: .black)], style: style, side: .right),
            Legend([.init("l", color: .black)], style: style, side: .above), Title("l", style: style),
        ]
        for decoration in decorations {
            func decorated(_ decoration: some Decoration) throws -> Canvas {
                try Canvas(over: picture, with: decoration)
            }
            let canvas = try decorated(decoration)
            let size = decoration.size(beside: Size(width: Double(side), height: Double(side)))
            switch decoration.side {
            case .right:
                #expect(canvas.width == side + Int(size.width) && canvas.height == max(side, Int(size.height)))
            case .below, .above:
                #expect(canvas.height == side + Int(size.height) && canvas.width == max(side, Int(size.width)))
            }
            let top = decoration.side == .above ? Int(size.height) : 0
            let cut = try CroppedSource(canvas, columns: 0..<side, rows: top..<top + side)
            #expect(try render(cut) == render(picture))
            // Something was drawn beside it, and nothing over the outer edge but background.
            #expect(Set(try samples(canvas)).count > 2)
        }
    }

    @Test("A caption wraps at the width of its picture, or at twenty ems beside a small one")
    func captions() {
        let caption = Caption(String(repeating: "ll ", count: 40), style: style)
        #expect(caption.size(beside: Size(width: 28, height: 28)).width == 200)
        #expect(caption.size(beside: Size(width: 500, height: 28)).width == 500)
        let low = caption.size(beside: Size(width: 500, height: 28)).height
        #expect(caption.size(beside: Size(width: 250, height: 28)).height > low)
        #expect(Caption("l", style: style).size(beside: Size(width: 28, height: 28)).width == 28)
    }

    @Test("A range bar runs from the lowest colour at its foot to the highest at its head")
    func rangeBar() throws {
        var bar = RangeBar(from: -1, to: 1, colors: .viridis, style: style)
        bar.hasAbove = true
        let picture = ArrayPixels(10, 300, all: [0, 0, 0])
        let canvas = try Canvas(over: picture, with: bar)
        let samples = try samples(canvas)
        func color(_ x: Int, _ y: Int) -> [Int] {
            Array(samples[3 * (y * canvas.width + x)..<3 * (y * canvas.width + x) + 3])
        }
        // The bar begins 8 to the right of the picture and is 13 wide.
        let column = 10 + 8 + 6
        let colors = ColorMap.viridis.palette.colors.map { [Int($0.red), Int($0.green), Int($0.blue)] }
        let places = (0..<300).compactMap { colors.firstIndex(of: color(column, $0)) }
        #expect(places.count > 250 && places.first == 255 && places.last == 0)
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 >= $1 })
        // The tip of the end that goes on is above the bar.
        #expect(color(column, 12) == colors[255])
    }

    @Test("A legend has as many columns as fit, and names its rest")
    func legends() {
        let entries = (0..<10).map { _ in Legend.Entry("llll", color: .signal) }
        let legend = Legend(entries, style: style)
        // An entry is 12 + 20 + 10 wide, a row 14 high.
        #expect(legend.size(beside: Size(width: 500, height: 9)) == Size(width: 500, height: 20))
        #expect(legend.size(beside: Size(width: 100, height: 9)) == Size(width: 100, height: 76))
        #expect(legend.size(beside: Size(width: 28, height: 9)) == Size(width: 42, height: 146))
        var right = legend
        right.side = .right
        #expect(right.size(beside: Size(width: 9, height: 90)).width == 2 * 42)
        var short = legend
        short.maxEntries = 4
        #expect(short.size(beside: Size(width: 28, height: 9)).height == 76)
        #expect(Legend([], style: style).size(beside: Size(width: 28, height: 9)).height == 0)
    }

    @Test("A legend in a corner stays inside of it")
    func corners() throws {
        for corner in Legend.Corner.allCases {
            let drawn = try levels(120, 90) {
                Legend([.init("ll", color: .black)], style: style).draw(in: corner, of: $0.bounds, on: &$0)
            }
            let rows = (0..<90).filter { drawn[$0 * 120..<($0 + 1) * 120].contains(255) }
            let isTop = corner == .topLeft || corner == .topRight
            #expect(isTop ? rows.last ?? 90 < 40 : rows.first ?? 0 > 50)
            #expect(rows.first ?? 0 > 0 && rows.last ?? 90 < 89)
        }
    }

    @Test("Decorations of no sense are drawn without a trap")
    func hostile() throws {
        let picture = ArrayPixels(20, 20, all: [0, 0, 0])
        for number in [Double.nan, .infinity, -1, 0, 1e300] {
            var odd = style
            odd.size = number
            _ = try? render(Canvas(over: picture, with: Caption("ll", style: odd)))
            _ = try? render(Canvas(over: picture, with: Legend([.init("l", color: .black)], style: odd)))
            _ = try? render(Canvas(over: picture, with: RangeBar(from: 0, to: 1, style: odd)))
            let bar = try Canvas(
                over: picture, with: RangeBar(from: number, to: .nan, scale: .logarithmic, style: style))
            #expect(try render(bar).isEmpty == false)
        }
    }
}
