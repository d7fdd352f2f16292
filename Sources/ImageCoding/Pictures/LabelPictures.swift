import MediaCore
import TensorIO

extension Tensor {
    /// Pictures of class ids: indices into a palette that gives every id a colour of its own.
    ///
    /// - Throws: `value.out-of-range` for an id below 0, above 255 or with a fraction, naming the first.
    func labelPictures(_ options: PictureOptions) throws(MediaError) -> [any PixelSource] {
        let (ids, layout) = try labelAxes(options.layout)
        var greatest = 0
        var place = 0
        var wrong: (place: Int, value: Double)?
        ids.forEachValue { value in
            if value >= 0, value <= 255, value == Double(UInt8(value)) {
                greatest = max(greatest, Int(value))
            } else if wrong == nil {
                wrong = (place, value)
            }
            place += 1
        }
        if let wrong {
            throw MediaError(
                .valueOutOfRange,
                "the value \(short(wrong.value)) at \(describe(ids.index(ofElement: wrong.place))) is no class id from 0 to 255",
                hint: "ids are whole numbers; map others to 0…255, or show the tensor as an image",
                at: .init(field: "values"))
        }
        let rule: SampleRule =
            elementType == .uint8 ? .copy : SampleRule.linear(low: 0, high: 255, maximum: 255, narrow: false)
        var decision = MappingDecision(labels: rule, greatest: greatest)
        decision.layoutWasInferred = options.layout == nil
        let colors = Palette.categories.colors
        let palette = Palette(unchecked: Array(colors[...greatest]))
        return try ids.eachPicture(layout) { [decision] (tensor, layout, prefix) throws(MediaError) in
            IndexedSource(
                base: try TensorPixels(tensor, layout: layout, decision: decision, prefix: prefix), colors: palette)
        }
    }

    /// Label maps have no channels: rank 2, a batch of rank 3, or either with one channel.
    private func labelAxes(_ layout: ImageLayout?) throws(MediaError) -> (Tensor, ImageLayout) {
        if let layout {
            let reading = try readLayout(layout, format: nil)
            guard let channel = reading.layout.axis("c") else { return (self, layout) }
            return (try removingAxis(channel), layout.isBatch ? .nhw : .hw)
        }
        switch rank {
        case 2: return (self, .hw)
        case 3 where shape[0] == 1: return (try removingAxis(0), .hw)
        case 3 where shape[2] == 1: return (try removingAxis(2), .hw)
        case 3: return (self, .nhw)
        case 4 where shape[1] == 1: return (try removingAxis(1), .nhw)
        case 4 where shape[3] == 1: return (try removingAxis(3), .nhw)
        default:
            throw MediaError(
                .shapeInvalid, "shape \(describe(shape)) is no label map",
                hint: "labels are rows × columns, or a batch of them",
                at: .init(field: "shape"))
        }
    }
}

extension MappingDecision {
    /// Class ids stay the numbers they are.
    fileprivate init(labels rule: SampleRule, greatest: Int) {
        self.rule = rule
        bits = 8
        applied = AppliedMapping(name: "labels", low: 0, high: Double(greatest), wasInferred: false)
    }
}

/// A gray picture whose samples are indices into a palette.
struct IndexedSource: PixelSource {
    let base: any PixelSource
    let colors: Palette

    var width: Int { base.width }
    var height: Int { base.height }
    var format: PixelFormat { .indexed }
    var palette: Palette? { colors }
    var facts: PixelFacts { base.facts }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        try base.fill(rows: rows, into: &band, tally: &tally)
    }
}

extension Palette {
    /// 256 colours for class ids: black for 0, then hues that step around the circle by 3 eighths and a bit, so that
    /// neighbouring ids differ, on three levels of lightness. Whole numbers only, so that every machine has the same.
    static let categories = Palette(
        unchecked: [.black]
            + (1..<256).map { id in
                let hue = id * 587 % 1536
                let ramp = hue % 256
                let (red, green, blue) =
                    switch hue / 256 {
                    case 0: (255, ramp, 0)
                    case 1: (255 - ramp, 255, 0)
                    case 2: (0, 255, ramp)
                    case 3: (0, 255 - ramp, 255)
                    case 4: (ramp, 0, 255)
                    default: (255, 0, 255 - ramp)
                    }
                let value = [255, 200, 150][id / 2 % 3]
                let white = [0, 70, 35][id / 3 % 3]
                func sample(_ x: Int) -> UInt8 {
                    UInt8(truncatingIfNeeded: (white + x * (255 - white) / 255) * value / 255)
                }
                return Color(red: sample(red), green: sample(green), blue: sample(blue))
            })
}
