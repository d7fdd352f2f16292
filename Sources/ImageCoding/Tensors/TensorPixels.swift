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
    private let rule: SampleRule
    private let rowStride: Int
    private let columnStride: Int
    private let channelStride: Int
    /// Which number of which axis a row, column and channel are, to name a number in a report.
    private let axes: (row: Int, column: Int, channel: Int?)
    /// What stands before the picture's own indices: its place in a batch.
    private let prefix: [Int]

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
        let channel = layout.axis("c")
        let channels = channel.map { tensor.shape[$0] } ?? 1
        guard tensor.shape[row] > 0, tensor.shape[column] > 0 else {
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
        self.prefix = prefix
        height = tensor.shape[row]
        width = tensor.shape[column]
        rowStride = tensor.strides[row]
        columnStride = tensor.strides[column]
        channelStride = channel.map { tensor.strides[$0] } ?? 0
        axes = (row, column, channel)
        rule = decision.rule
        facts = PixelFacts()
        facts.layout = (prefix.isEmpty ? "" : "n") + layout.rawValue
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
                unsafe fill(rows, from: base + tensor.offset, to: target, run: run, tally: &tally)
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
            let first = unsafe (base + tensor.offset).assumingMemoryBound(to: UInt8.self)
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
        if let first = tally.firstNotFinite, !index(rows.lowerBound, 0, 0).lexicographicallyPrecedes(first) { return }
        if let index = unsafe firstNotFinite(rows, at: base) { tally.noteNotFinite(at: index) }
    }

    /// Where the first number of these rows is that is not finite, in C order: looked for only when there is one.
    private func firstNotFinite(_ rows: Range<Int>, at base: UnsafeRawPointer) -> [Int]? {
        let planes = axes.channel == 0 ? format.channels : 1
        let samples = format.channels / planes
        for plane in 0..<planes {
            for row in rows {
                for column in 0..<width {
                    for sample in 0..<samples {
                        let channel = plane + sample
                        let place = row * rowStride + column * columnStride + channel * channelStride
                        if unsafe !isFinite(base + place) { return index(row, column, channel) }
                    }
                }
            }
        }
        return nil
    }

    /// The index of a number in the axes of the tensor that the picture was cut from.
    private func index(_ row: Int, _ column: Int, _ channel: Int) -> [Int] {
        var index = [Int](repeating: 0, count: tensor.rank)
        index[axes.row] = row
        index[axes.column] = column
        if let axis = axes.channel { index[axis] = channel }
        return prefix + index
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
