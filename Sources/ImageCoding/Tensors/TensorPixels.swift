import CMediaKernels
import MediaCore
import TensorIO

/// A tensor, or one picture of a batch, as rows of pixels: numbers are converted when an encoder asks for them.
///
/// Nothing is copied beforehand. Rows whose numbers stand side by side go straight from the tensor's memory into the band;
/// planes are converted one by one and interleaved; anything else (a transposed view, foreign byte order) is gathered into
/// a scratch row first.
struct TensorPixels: PixelSource {
    let width: Int
    let height: Int
    let format: PixelFormat
    var facts: PixelFacts

    private let tensor: Tensor
    /// Where in the storage the first number of the picture is, in bytes.
    private let offset: Int
    private let rule: SampleRule
    private let rowStride: Int
    private let columnStride: Int
    private let channelStride: Int
    /// Which numbers of an index are the row, the column and the channel.
    private let axes: PictureAxes
    /// The index of the picture's first number, to name a number in a report.
    private let place: [Int]

    /// One picture.
    ///
    /// - Parameters:
    ///   - tensor: rank 2 for `hw`, else rank 3; channels 1 to 4; not empty.
    ///   - layout: `hw`, `hwc` or `chw`.
    ///   - decision: how numbers become samples; made once for the whole tensor.
    ///   - prefix: the picture's index in the batch, if it comes from one.
    init(_ tensor: Tensor, layout: ImageLayout, decision: MappingDecision, prefix: [Int] = []) throws(MediaError) {
        guard let row = layout.axis("h"), let column = layout.axis("w"), tensor.rank == layout.rank, !layout.isBatch
        else {
            throw MediaError(
                .shapeInvalid, "shape \(describe(tensor.shape)) does not have the axes of layout \(layout)",
                at: .init(field: "layout"))
        }
        try self.init(
            tensor, axes: PictureAxes(row: row, column: column, channel: layout.axis("c")),
            at: [Int](repeating: 0, count: tensor.rank), decision: decision, prefix: prefix,
            layout: (prefix.isEmpty ? "" : "n") + layout.rawValue)
    }

    /// One of the pictures that a tensor of any rank holds.
    ///
    /// - Parameters:
    ///   - tensor: the whole tensor.
    ///   - axes: which of its axes the picture spans: different ones, inside its rank.
    ///   - place: the index of the picture's first number: 0 on those axes, inside the lengths of the others.
    ///   - decision: how numbers become samples; made once for the whole tensor.
    ///   - prefix: what stands before indices in reports, when the tensor is part of a larger one.
    ///   - layout: what the facts call the layout.
    init(
        _ tensor: Tensor, axes: PictureAxes, at place: [Int], decision: MappingDecision, prefix: [Int] = [],
        layout: String
    ) throws(MediaError) {
        let channels = axes.channel.map { tensor.shape[$0] } ?? 1
        guard tensor.shape[axes.row] > 0, tensor.shape[axes.column] > 0 else {
            throw MediaError(
                .shapeInvalid, "shape \(describe(tensor.shape)) holds no pixel",
                hint: "a picture needs a row and a column",
                at: .init(field: "shape"))
        }
        let bits = decision.bits == 1 && channels > 1 ? 8 : decision.bits
        guard let model = PixelFormat.Model(channels: channels), let format = PixelFormat(model: model, bits: bits)
        else {
            throw MediaError(
                .shapeInvalid,
                "\(channels) channels in shape \(describe(tensor.shape)), read as \(layout), are no picture",
                hint: "1 is gray, 2 gray and alpha, 3 RGB, 4 RGBA", at: .init(field: "shape"))
        }
        self.tensor = tensor
        self.format = format
        self.place = prefix + place
        self.axes = PictureAxes(
            row: prefix.count + axes.row, column: prefix.count + axes.column,
            channel: axes.channel.map { prefix.count + $0 })
        offset = zip(place, tensor.strides).reduce(tensor.offset) { $0 &+ $1.0 &* $1.1 }
        height = tensor.shape[axes.row]
        width = tensor.shape[axes.column]
        rowStride = tensor.strides[axes.row]
        columnStride = tensor.strides[axes.column]
        channelStride = axes.channel.map { tensor.strides[$0] } ?? 0
        rule = decision.rule
        facts = PixelFacts()
        facts.layout = layout
        facts.layoutWasInferred = decision.layoutWasInferred
        facts.mapping = decision.applied
        facts.findings = decision.findings
    }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let bandBytes = rows.count * bytesPerRow
        guard rows.lowerBound >= 0, rows.upperBound <= height, band.byteCount >= bandBytes else {
            throw MediaError(
                .argumentInvalid,
                "rows \(rows) of a picture of \(height) do not fit a band of \(band.byteCount) bytes")
        }
        let run = SampleRun(type: tensor.elementType, rule: rule, format: format)
        unsafe tensor.withUnsafeStorage { (storage) throws(Never) in
            unsafe band.withUnsafeMutableBytes { output in
                guard let base = storage.baseAddress, let target = output.baseAddress else { return }
                unsafe fill(rows, from: base + offset, to: target, run: run, tally: &tally)
            }
        }
    }

    /// Calls `body` with the address of row 0 and the distance in bytes from a row to the next, either way; with `nil`
    /// where rows have to be made.
    ///
    /// The bytes may change meanwhile, when the memory is a caller's: nobody may rely on reading the same twice.
    @unsafe func withStoredRows<Result>(
        _ body: ((first: UnsafePointer<UInt8>, pitch: Int)?) throws(MediaError) -> Result
    ) throws(MediaError) -> Result {
        guard case .copy = rule, format.bits == 8, tensor.elementType.byteCount == 1,
            width == 1 || columnStride == format.channels, format.channels == 1 || channelStride == 1
        else { return try body(nil) }
        return try unsafe tensor.withUnsafeStorage { (storage) throws(MediaError) in
            guard let base = storage.baseAddress else { return try body(nil) }
            let first = unsafe (base + offset).assumingMemoryBound(to: UInt8.self)
            return try unsafe body((first, rowStride))
        }
    }

    private func fill(
        _ rows: Range<Int>, from base: UnsafeRawPointer, to target: UnsafeMutableRawPointer, run: SampleRun,
        tally: inout PixelTally
    ) {
        let size = tensor.elementType.byteCount
        let channels = format.channels
        let numbersPerRow = width * channels
        let isPacked =
            tensor.hasNativeByteOrder && (width == 1 || columnStride == size * channels)
            && (channels == 1 || channelStride == size)
        let isPlanar = tensor.hasNativeByteOrder && (width == 1 || columnStride == size)

        // Whole bands at once where rows follow each other: one call, no loop.
        if isPacked, rowStride == numbersPerRow * size, rows.count > 0 {
            let losses = unsafe run.convert(
                base + rows.lowerBound * rowStride, count: rows.count * numbersPerRow, to: target)
            unsafe add(losses, rows, at: base, to: &tally)
            return
        }
        let scratchBytes = isPacked ? 0 : numbersPerRow * max(size, 8)
        unsafe withUnsafeTemporaryAllocation(byteCount: max(1, scratchBytes), alignment: 16) { scratch in
            guard let work = scratch.baseAddress else { return }
            for (i, row) in rows.enumerated() {
                let source = unsafe base + row * rowStride
                let output = unsafe target + i * bytesPerRow
                let losses: SampleKernels.Losses
                if isPacked {
                    losses = unsafe run.convert(source, count: numbersPerRow, to: output)
                } else if isPlanar {
                    losses = unsafe run.convertPlanes(
                        source, planeStride: channelStride, channels: channels, count: width, scratch: work, to: output)
                } else {
                    for channel in 0..<channels {
                        unsafe Tensor.gather(
                            source + channel * channelStride, stride: columnStride, count: width, width: size,
                            isSwapped: !tensor.hasNativeByteOrder, to: work + channel * size, step: channels)
                    }
                    losses = unsafe run.convert(UnsafeRawPointer(work), count: numbersPerRow, to: output)
                }
                unsafe add(losses, row..<row + 1, at: base, to: &tally)
            }
        }
    }

    private func add(
        _ losses: SampleKernels.Losses, _ rows: Range<Int>, at base: UnsafeRawPointer, to tally: inout PixelTally
    ) {
        tally.clippedLow += Int(truncatingIfNeeded: losses.low)
        tally.clippedHigh += Int(truncatingIfNeeded: losses.high)
        guard losses.notFinite > 0 else { return }
        tally.notFinite += Int(truncatingIfNeeded: losses.notFinite)
        // No index of these rows comes before that of their first number in the first channel.
        var least = place
        least[axes.row] = rows.lowerBound
        if let first = tally.firstNotFinite, !least.lexicographicallyPrecedes(first) { return }
        if let index = unsafe firstNotFinite(rows, at: base) { tally.noteNotFinite(at: index) }
    }

    /// Where the first number of these rows is that is not finite, in C order: looked for only when there is one.
    private func firstNotFinite(_ rows: Range<Int>, at base: UnsafeRawPointer) -> [Int]? {
        // The axes from the outermost in; a channel that is no axis has one number.
        let order = [
            (axes.row, rows, rowStride), (axes.column, 0..<width, columnStride),
            (axes.channel ?? place.count, 0..<format.channels, channelStride),
        ].sorted { $0.0 < $1.0 }
        for first in order[0].1 {
            for second in order[1].1 {
                let distance = first * order[0].2 + second * order[1].2
                for third in order[2].1 where unsafe !isFinite(base + (distance + third * order[2].2)) {
                    var index = place
                    for (axis, value) in zip(order.map(\.0), [first, second, third]) where axis < index.count {
                        index[axis] = value
                    }
                    return index
                }
            }
        }
        return nil
    }

    private func isFinite(_ number: UnsafeRawPointer) -> Bool {
        let isSwapped = !tensor.hasNativeByteOrder
        func load<Bits: FixedWidthInteger & BitwiseCopyable>(_ type: Bits.Type) -> Bits {
            let bits = unsafe number.loadUnaligned(as: type)
            return isSwapped ? bits.byteSwapped : bits
        }
        return switch tensor.elementType {
        case .float16: load(UInt16.self) & 0x7C00 != 0x7C00
        case .bfloat16: load(UInt16.self) & 0x7F80 != 0x7F80
        case .float32: load(UInt32.self) & 0x7F80_0000 != 0x7F80_0000
        case .float64: load(UInt64.self) & 0x7FF0_0000_0000_0000 != 0x7FF0_0000_0000_0000
        default: true
        }
    }
}

/// Which axes of a tensor a picture spans.
package struct PictureAxes: Sendable, Hashable {
    /// The axes of rows and columns.
    package var row: Int, column: Int
    /// The axis of channels; `nil` for one channel without an axis.
    package var channel: Int?

    /// Creates a choice of axes.
    package init(row: Int, column: Int, channel: Int? = nil) {
        self.row = row
        self.column = column
        self.channel = channel
    }
}

extension PixelFormat.Model {
    /// What so many channels are.
    init?(channels: Int) {
        switch channels {
        case 1: self = .gray
        case 2: self = .grayAlpha
        case 3: self = .rgb
        case 4: self = .rgba
        default: return nil
        }
    }
}
