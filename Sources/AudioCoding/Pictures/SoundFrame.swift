import ImageCoding
public import MediaCore
public import MediaDrawing

/// What stands around the picture of a sound: time below, numbers at the left, and colours at the right.
struct SoundFrame {
    /// An axis at the left of some rows.
    struct Side {
        var axis: Axis
        var rows: Range<Int>
    }

    var style: TextStyle
    var seconds: Double
    var sides: [Side]
    /// The unit of the axes at the left.
    var unit: String?
    var bar: RangeBar?

    /// The picture in its frame, on white.
    ///
    /// - Throws: what a canvas throws.
    func around(_ picture: any PixelSource) throws(MediaError) -> Canvas {
        let (width, height) = (Double(picture.width), Double(picture.height))
        let line = (style.size * 1.6).rounded()
        // What lasts less than a tenth of a second is told in thousandths.
        let isShort = seconds < 0.1
        let time = Axis(from: 0, to: isShort ? seconds * 1000 : seconds, style: style)
        let timeUnit = TextLayout(isShort ? "ms" : "s", style: style)
        let beside = sides.map { $0.axis.thickness(length: Double($0.rows.count), along: .left) }.max() ?? 0
        let unitWidth = unit.map { TextLayout($0, style: style).width } ?? 0
        var insets = EdgeInsets()
        insets.left = Int((max(beside, unitWidth) + style.size).rounded())
        insets.top = Int(line)
        insets.bottom = Int((time.thickness(length: width, along: .bottom) + style.size / 2).rounded(.up))
        let barSize = bar?.size(beside: Size(width: width, height: height))
        // The last number below may reach beyond the picture; the unit stands behind it.
        insets.right = Int(max(barSize?.width ?? 0, timeUnit.width + 2 * style.size).rounded(.up))
        insets.bottom = max(insets.bottom, Int((barSize?.height ?? 0).rounded(.up)) - picture.height)
        let padded = try PaddedSource(try Canvas(over: picture), insets: insets, with: .color(.white))
        var canvas = try Canvas(over: padded)
        let plot = Rectangle(x: Double(insets.left), y: Double(insets.top), width: width, height: height)
        time.draw(along: .bottom, of: plot, on: &canvas)
        let below = plot.maxY + time.thickness(length: width, along: .bottom) - timeUnit.height
        canvas.draw(timeUnit, at: Point(x: Double(canvas.width) - timeUnit.width - style.size / 2, y: below))
        for side in sides {
            let part = Rectangle(
                x: plot.minX, y: plot.minY + Double(side.rows.lowerBound), width: width,
                height: Double(side.rows.count))
            side.axis.draw(along: .left, of: part, on: &canvas)
        }
        if let unit {
            let text = TextLayout(unit, style: style)
            canvas.draw(text, at: Point(x: plot.minX - style.size / 2 - text.width, y: 1))
        }
        if let bar, let barSize {
            // The bar has room of its own above and below.
            let place = Rectangle(x: plot.maxX, y: plot.minY, width: barSize.width, height: max(height, barSize.height))
            bar.draw(in: place, on: &canvas)
            canvas.draw("dB", at: Point(x: plot.maxX + style.size * 0.75, y: 1), style: style)
        }
        return canvas
    }

    /// The style of the text when nobody has one.
    static func style(for picture: any PixelSource) -> TextStyle {
        TextStyle(
            typeface: VectorTypeface.embedded, size: TextStyle.size(forPictureOf: picture.width, picture.height))
    }
}

extension Spectrogram {
    /// The picture with axes in seconds and hertz around it and a bar of its colours in decibels beside it, on white.
    ///
    /// - Parameter style: how numbers look; `nil` takes the embedded typeface in a size that goes with the picture.
    /// - Throws: what ``/MediaDrawing/Canvas`` throws.
    public func framed(_ style: TextStyle? = nil) throws(MediaError) -> Canvas {
        let style = style ?? SoundFrame.style(for: self)
        let axis = Axis(
            from: frequencies.lowerBound, to: frequencies.upperBound, scale: options.scale.axisScale, style: style)
        let bar = RangeBar(
            from: decibels.lowerBound, to: decibels.upperBound, colors: options.colorMap, style: style)
        return try SoundFrame(
            style: style, seconds: seconds, sides: [.init(axis: axis, rows: 0..<height)], unit: "Hz", bar: bar
        ).around(self)
    }
}

extension Waveform {
    /// The picture with axes in seconds and in numbers of samples around it, on white.
    ///
    /// - Parameter style: how numbers look; `nil` takes the embedded typeface in a size that goes with the picture.
    /// - Throws: what ``/MediaDrawing/Canvas`` throws.
    public func framed(_ style: TextStyle? = nil) throws(MediaError) -> Canvas {
        let style = style ?? SoundFrame.style(for: self)
        let channels = envelope.channels
        // Of several channels, the inner half is told: the ends of neighbours would lie on each other.
        let part = channels == 1 ? 1.0 : 0.5
        let axis = Axis(from: -part * Double(amplitude), to: part * Double(amplitude), style: style)
        let sides = (0..<channels).map { channel in
            let rows = firstRow(ofChannel: channel)..<firstRow(ofChannel: channel + 1)
            let margin = channels == 1 ? 0 : rows.count / 4
            return SoundFrame.Side(axis: axis, rows: rows.lowerBound + margin..<rows.upperBound - margin)
        }
        // Channels without room for two numbers go without.
        .filter { Double($0.rows.count) >= 3 * style.size }
        return try SoundFrame(style: style, seconds: seconds, sides: sides).around(self)
    }
}
