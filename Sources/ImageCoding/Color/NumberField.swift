import MediaCore
import TensorIO

/// The planes of a tensor whose pixels are small vectors of numbers, handed out as rows of floats.
struct NumberField: Sendable {
    let width: Int
    let height: Int
    /// The layout in which the axes were read.
    let layout: ImageLayout
    /// Whether the layout follows from the shape.
    let layoutWasInferred: Bool
    /// What there is to say about the layout.
    let findings: [Finding]
    /// What stands before the field's own indices: its place in a batch.
    var prefix: [Int] = []
    private let tensor: Tensor
    private let planes: [PackedReader]

    /// - Parameters:
    ///   - tensor: `channels` numbers per pixel, rank 3, or rank 2 for one.
    ///   - layout: `hw`, `hwc` or `chw`; `nil` takes the last axis for channels if it fits, else the first.
    ///   - name: what the tensor is, for messages: `optical flow`.
    /// - Throws: `shape.invalid` when no axis fits, `argument.invalid` for the layout of a batch.
    init(_ tensor: Tensor, channels: Int, layout: ImageLayout?, name: String) throws(MediaError) {
        let (found, findings) = try NumberField.read(tensor.shape, channels, layout, name)
        var planes: [PackedReader] = []
        var size = (width: 0, height: 0)
        for channel in 0..<channels {
            let plane: Tensor =
                switch found {
                case .hwc: try tensor.slice(axis: 2, at: channel)
                case .chw: try tensor.slice(axis: 0, at: channel)
                default: tensor
                }
            planes.append(PackedReader(plane))
            size = (plane.shape[1], plane.shape[0])
        }
        guard size.width > 0, size.height > 0 else {
            throw MediaError(
                .shapeInvalid, "shape \(describe(tensor.shape)) holds no pixel", at: .init(field: "shape"))
        }
        self.layout = found
        layoutWasInferred = layout == nil
        self.findings = findings
        self.tensor = tensor
        self.planes = planes
        (width, height) = size
    }

    private static func read(
        _ shape: [Int], _ channels: Int, _ layout: ImageLayout?, _ name: String
    ) throws(MediaError) -> (ImageLayout, [Finding]) {
        let expected =
            channels == 1
            ? "rows × columns" : "rows × columns × \(channels), or \(channels) × rows × columns"
        let mismatch = MediaError(
            .shapeInvalid, "\(name) of shape \(describe(shape))" + (layout.map { " read as \($0)" } ?? ""),
            hint: "give a tensor of \(expected)", at: .init(field: "shape"))
        if channels == 1, shape.count == 2, layout == nil || layout == .hw { return (.hw, []) }
        guard shape.count == 3, let first = shape.first, let last = shape.last else { throw mismatch }
        switch layout {
        case .hwc where last == channels: return (.hwc, [])
        case .chw where first == channels: return (.chw, [])
        case nil where last == channels:
            guard first == channels else { return (.hwc, []) }
            let finding = Finding.warning(
                .layoutAmbiguous,
                "shape \(describe(shape)) is read as hwc; its axis 0 of \(first) could be channels too", path: "layout",
                value: "hwc", hint: "pass layout chw if it is")
            return (.hwc, [finding])
        case nil where first == channels: return (.chw, [])
        default: throw mismatch
        }
    }

    /// The fields of `tensors`. Those of a batch know their places in it.
    static func batch(
        _ tensors: [Tensor], channels: Int, layout: ImageLayout?, name: String, isBatch: Bool
    ) throws(MediaError) -> [NumberField] {
        var fields: [NumberField] = []
        for (place, tensor) in tensors.enumerated() {
            var field = try NumberField(tensor, channels: channels, layout: layout, name: name)
            if isBatch { field.prefix = [place] }
            fields.append(field)
        }
        return fields
    }

    /// The layout of the tensor that the field was cut from, for a report.
    var layoutName: String { (prefix.isEmpty ? "" : "n") + layout.rawValue }

    /// How many bytes of scratch ``read(row:channel:into:scratch:)`` needs.
    var scratchBytes: Int { width * 8 }

    /// One row of one channel as floats; float64 and large integers are rounded.
    @unsafe func read(
        row: Int, channel: Int, into target: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
    ) {
        unsafe planes[channel].copy(row * width..<(row + 1) * width, into: scratch)
        let source = UnsafeRawPointer(scratch)
        switch tensor.elementType {
        case .float32: unsafe UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: width * 4)
        case .float64: unsafe convert(Double.self, source, target) { Float($0) }
        case .float16: unsafe convert(UInt16.self, source, target) { halfToFloat($0) }
        case .bfloat16: unsafe convert(UInt16.self, source, target) { Float(bitPattern: UInt32($0) << 16) }
        case .bool: unsafe convert(UInt8.self, source, target) { $0 == 0 ? 0 : 1 }
        case .uint8: unsafe convert(UInt8.self, source, target) { Float($0) }
        case .int8: unsafe convert(Int8.self, source, target) { Float($0) }
        case .uint16: unsafe convert(UInt16.self, source, target) { Float($0) }
        case .int16: unsafe convert(Int16.self, source, target) { Float($0) }
        case .uint32: unsafe convert(UInt32.self, source, target) { Float($0) }
        case .int32: unsafe convert(Int32.self, source, target) { Float($0) }
        case .uint64: unsafe convert(UInt64.self, source, target) { Float($0) }
        case .int64: unsafe convert(Int64.self, source, target) { Float($0) }
        }
    }

    @inline(__always)
    @unsafe private func convert<Number: BitwiseCopyable>(
        _: Number.Type, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, _ value: (Number) -> Float
    ) {
        for i in 0..<width {
            unsafe target[i] = value(
                source.loadUnaligned(fromByteOffset: i &* MemoryLayout<Number>.stride, as: Number.self))
        }
    }

    /// Calls `body` with the channels of each row in `rows`: `width` floats each, one channel after another.
    @unsafe func forEachRow(in rows: Range<Int>, _ body: (_ row: Int, _ numbers: UnsafePointer<Float>) -> Void) {
        let numbers = ScratchRows(byteCount: planes.count * width * 4)
        let scratch = ScratchRows(byteCount: scratchBytes)
        guard let work = unsafe scratch.bytes.baseAddress,
            let floats = unsafe numbers.bytes.baseAddress?.assumingMemoryBound(to: Float.self)
        else { return }
        for row in rows {
            for channel in planes.indices {
                unsafe read(row: row, channel: channel, into: floats + channel * width, scratch: work)
            }
            unsafe body(row, floats)
        }
    }

    /// The index of a number in the axes of the tensor that the field was cut from.
    func index(row: Int, column: Int, channel: Int) -> [Int] {
        switch layout {
        case .hwc: prefix + [row, column, channel]
        case .chw: prefix + [channel, row, column]
        default: prefix + [row, column]
        }
    }
}
