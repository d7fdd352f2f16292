import MediaCore
import TensorIO

/// Scores of classes and the greatest of each pixel.
///
/// Class after class is compared with the best so far, for a few thousand pixels at a time: what is compared and what is
/// kept stay in the first cache, and the scores come from memory once, in pieces long enough to be fetched ahead.
struct MaskArgmax {
    /// How many classes there are.
    let classes: Int
    private let height: Int
    private let width: Int
    /// The scores as classes × rows × columns.
    private let tensor: Tensor

    /// Pixels at a time: 16 KiB of scores, as much of the best ones, 4 KiB of classes.
    private static let blockSize = 4096

    init(_ scores: Tensor, classAxis: SegmentationMask.ClassAxis, limits: Limits) throws(MediaError) {
        let shape = scores.shape
        guard shape.count == 3 else {
            throw MediaError(
                .maskRank, "shape \(describe(shape)) holds no scores, which are classes × rows × columns",
                hint: "choose one picture of a batch; a mask itself has two axes", at: .init(field: "scores"))
        }
        tensor = classAxis == .first ? scores : try scores.transposed([2, 0, 1])
        (classes, height, width) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
        guard classes > 0, height > 0, width > 0 else {
            throw MediaError(
                .maskEmpty, "shape \(describe(shape)) holds no score", hint: "a mask needs a class, a row and a column",
                at: .init(field: "scores"))
        }
        guard classes <= MaskScan.mostID + 1 else {
            throw MediaError(
                .maskIDRange, "\(classes) classes, a mask holds \(MaskScan.mostID + 1)",
                hint: "check which axis the classes are", at: .init(field: "scores"))
        }
        try MaskSize.check(width: width, height: height, limits: limits, field: "scores")
    }

    /// The class of each pixel. `Index` holds all classes.
    func run<Index: FixedWidthInteger & UnsignedInteger & TensorElement>(
        _: Index.Type, report: inout ValidationReport
    ) throws(MediaError) -> Tensor {
        var pass = Pass<Index>(indices: [Index](repeating: 0, count: height * width))
        unsafe tensor.withUnsafeStorage { bytes in
            guard let base = bytes.baseAddress else { return }
            switch tensor.elementType {
            case .float32, .float16, .bfloat16: unsafe run(&pass, base, least: -Float.infinity)
            case .float64: unsafe run(&pass, base, least: -Double.infinity)
            case .bool, .uint8: unsafe run(&pass, base, least: UInt8.min)
            case .int8: unsafe run(&pass, base, least: Int8.min)
            case .int16: unsafe run(&pass, base, least: Int16.min)
            case .uint16: unsafe run(&pass, base, least: UInt16.min)
            case .int32: unsafe run(&pass, base, least: Int32.min)
            case .uint32: unsafe run(&pass, base, least: UInt32.min)
            case .int64: unsafe run(&pass, base, least: Int64.min)
            case .uint64: unsafe run(&pass, base, least: UInt64.min)
            }
        }
        add(pass.nans, unclassified: pass.unclassified, first: pass.first, to: &report)
        return try Tensor(pass.indices, shape: [height, width])
    }

    /// What a run leaves.
    private struct Pass<Index> {
        var indices: [Index]
        var nans = 0
        var unclassified = 0
        var first = 0
    }

    @unsafe private func run<Number: Comparable & BitwiseCopyable, Index: FixedWidthInteger & BitwiseCopyable>(
        _ pass: inout Pass<Index>, _ base: UnsafeRawPointer, least: Number
    ) {
        let blocks = PixelBlocks(tensor, size: Self.blockSize)
        unsafe withUnsafeTemporaryAllocation(of: Number.self, capacity: blocks.size) { best in
            unsafe withUnsafeTemporaryAllocation(byteCount: blocks.size * 8, alignment: 64) { scratch in
                guard let best = best.baseAddress, let scratch = scratch.baseAddress else { return }
                for start in stride(from: 0, to: height * width, by: blocks.size) {
                    let count = min(blocks.size, height * width - start)
                    unsafe best.initialize(repeating: least, count: count)
                    let nans = pass.nans
                    unsafe pass.indices.withUnsafeMutableBufferPointer { indices in
                        guard let index = unsafe indices.baseAddress.map({ unsafe $0 + start }) else { return }
                        for number in 0..<classes {
                            let scores = unsafe blocks.load(number, start, count, from: base, scratch: scratch)
                            unsafe step(scores, count, number, best, index, &pass.nans)
                        }
                    }
                    // Where every score is NaN or the least there is, no class was greater than nothing.
                    if pass.nans > nans {
                        unsafe repair(&pass, start, count, best, least, blocks, base, scratch)
                    }
                }
            }
        }
    }

    @inline(always)
    @unsafe private func step<Number: Comparable & BitwiseCopyable, Index: FixedWidthInteger>(
        _ scores: UnsafeRawPointer, _ count: Int, _ number: Int, _ best: UnsafeMutablePointer<Number>,
        _ index: UnsafeMutablePointer<Index>, _ nans: inout Int
    ) {
        if Number.self == Float.self, Index.self == UInt8.self {
            unsafe MaskLoops.argmaxFloats(
                scores, count: count, number: UInt8(truncatingIfNeeded: number),
                best: UnsafeMutableRawPointer(best).assumingMemoryBound(to: Float.self),
                index: UnsafeMutableRawPointer(index).assumingMemoryBound(to: UInt8.self), nans: &nans)
        } else {
            unsafe MaskLoops.argmax(
                scores, count: count, number: Index(truncatingIfNeeded: number), best: best, index: index, nans: &nans)
        }
    }

    /// Looks again at the pixels of a block with NaNs whose best score is the least number there is: the lowest class that
    /// is a number wins there, and there may be none.
    @unsafe private func repair<Number: Comparable & BitwiseCopyable, Index: FixedWidthInteger>(
        _ pass: inout Pass<Index>, _ start: Int, _ count: Int, _ best: UnsafeMutablePointer<Number>, _ least: Number,
        _ blocks: PixelBlocks, _ base: UnsafeRawPointer, _ scratch: UnsafeMutableRawPointer
    ) {
        for i in 0..<count where unsafe best[i] == least {
            var found: Int?
            for number in 0..<classes where found == nil {
                let score = unsafe blocks.load(number, start + i, 1, from: base, scratch: scratch)
                let value = unsafe score.loadUnaligned(as: Number.self)
                if value == value { found = number }
            }
            pass.indices[start + i] = Index(truncatingIfNeeded: found ?? 0)
            if found == nil {
                if pass.unclassified == 0 { pass.first = start + i }
                pass.unclassified += 1
            }
        }
    }

    private func add(_ nans: Int, unclassified: Int, first: Int, to report: inout ValidationReport) {
        if unclassified > 0 {
            let others = unclassified > 1 ? " (and \(unclassified - 1) more pixels)" : ""
            report.add(
                .error(
                    .maskUnclassified, "all \(classes) scores are NaN\(others)",
                    path: "scores[\(first / width)][\(first % width)]", value: "nan",
                    hint: "look for the NaN where the scores are made"))
        } else if nans > 0 {
            report.add(
                .warning(
                    .maskScoresNotFinite,
                    "\(nans) of \(classes * height * width) scores are NaN, which no class wins with", path: "scores",
                    value: String(nans)))
        }
    }

    /// A finding when some pixel does not have a single score of 1 among zeros.
    func oneHotFinding() -> Finding? {
        let wrong =
            unsafe tensor.withUnsafeStorage { bytes in
                unsafe bytes.baseAddress.map { base in
                    switch tensor.elementType {
                    case .float32, .float16, .bfloat16: unsafe notOneHot(Float.self, base)
                    case .float64: unsafe notOneHot(Double.self, base)
                    case .bool, .uint8, .int8: unsafe notOneHot(UInt8.self, base)
                    case .int16, .uint16: unsafe notOneHot(UInt16.self, base)
                    case .int32, .uint32: unsafe notOneHot(UInt32.self, base)
                    case .int64, .uint64: unsafe notOneHot(UInt64.self, base)
                    }
                }
            } ?? Offence()
        guard wrong.count > 0 else { return nil }
        let more = wrong.count > 1 ? " (and \(wrong.count - 1) more pixels)" : ""
        return .error(
            .maskOneHot,
            "a pixel of a one-hot encoding has one score of 1 and else 0, this one has \(wrong.value)\(more)",
            path: "scores[\(wrong.first / width)][\(wrong.first % width)]", value: wrong.value,
            hint: "leave requiresOneHot out to take the greatest score")
    }

    @unsafe private func notOneHot<Number: Numeric & BitwiseCopyable>(
        _ type: Number.Type, _ base: UnsafeRawPointer
    ) -> Offence {
        var wrong = Offence()
        let blocks = PixelBlocks(tensor, size: Self.blockSize)
        var ones = [UInt32](repeating: 0, count: blocks.size)
        var others = ones
        unsafe withUnsafeTemporaryAllocation(byteCount: blocks.size * 8, alignment: 64) { scratch in
            guard let scratch = scratch.baseAddress else { return }
            for start in stride(from: 0, to: height * width, by: blocks.size) {
                let count = min(blocks.size, height * width - start)
                for i in 0..<count { (ones[i], others[i]) = (0, 0) }
                for number in 0..<classes {
                    let scores = unsafe blocks.load(number, start, count, from: base, scratch: scratch)
                    for i in 0..<count {
                        let value = unsafe scores.loadUnaligned(
                            fromByteOffset: i &* MemoryLayout<Number>.size, as: type)
                        ones[i] &+= value == 1 ? 1 : 0
                        others[i] &+= value == 1 || value == 0 ? 0 : 1
                    }
                }
                for i in 0..<count where ones[i] != 1 || others[i] > 0 {
                    wrong.add(
                        at: start + i,
                        others[i] > 0 ? "\(others[i]) that are neither" : "\(ones[i]) scores of 1")
                }
            }
        }
        return wrong
    }
}
