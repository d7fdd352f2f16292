import MediaCore
import TensorIO

/// How the wandb SDK takes an array for an image: squeezing, guessed mode, and Pillow's idea of what an array can be.
enum WandbPicture {
    /// The picture that `version` would make.
    ///
    /// A stated layout of `chw` stands for a tensor of torch, whose channels the SDK takes from the first axis; any other
    /// array is squeezed and its last axis is channels.
    static func make(
        _ tensor: Tensor, version: WandbVersion, options: PictureOptions
    ) throws(MediaError) -> any PixelSource {
        let isTorch = options.layout == .chw
        var decision = try MappingDecision(
            tensor, mapping: options.mapping == .automatic ? .wandb(version) : options.mapping, bits: 8,
            isTorch: isTorch)
        decision.layoutWasInferred = options.layout == nil
        let array: Tensor
        let guessed: PixelMode?
        if isTorch {
            (array, guessed) = try torchArray(tensor, version: version, options: options)
        } else {
            array = tensor.rank > 2 ? try tensor.squeezed() : tensor
            guessed = options.mode == nil ? try guess(array, channels: array.shape.last, options) : nil
        }
        let (pixelTensor, layout) = try pillowArray(array, version: version)
        let pixels = try TensorPixels(pixelTensor, layout: layout, decision: decision)
        guard let mode = options.mode ?? guessed, mode.format != pixels.format else { return pixels }
        guard version != .v0_19 else {
            throw MediaError(
                .argumentInvalid,
                "wandb \(version.rawValue) reads the bytes of a \(pixels.format) array as mode \(mode.name)",
                hint: "leave the mode out, or use the standard rules", at: .init(field: "mode"))
        }
        return try ConvertedSource(pixels, to: mode.format, rule: mode.rule)
    }

    /// Channels first to channels last, with the mode guessed from the first axis.
    private static func torchArray(
        _ tensor: Tensor, version: WandbVersion, options: PictureOptions
    ) throws(MediaError) -> (Tensor, PixelMode?) {
        guard tensor.rank == 3 else { throw unsupported(tensor.shape) }
        var tensor = tensor
        if version == .v0_19, tensor.shape[0] == 1 {
            // make_grid repeats a single channel three times.
            tensor = try Tensor(
                storage: tensor.storage, elementType: tensor.elementType,
                shape: [3, tensor.shape[1], tensor.shape[2]], strides: [0, tensor.strides[1], tensor.strides[2]],
                offset: tensor.offset, byteOrder: tensor.byteOrder)
        }
        let guessed = options.mode == nil ? try guess(tensor, channels: tensor.shape[0], options) : nil
        let last = try tensor.transposed([1, 2, 0])
        return (version == .v0_19 ? last : try last.squeezed(), guessed)
    }

    /// The mode that the SDK guesses from the number of channels.
    private static func guess(
        _ array: Tensor, channels: Int?, _ options: PictureOptions
    ) throws(MediaError) -> PixelMode {
        guard let channels else { throw unsupported(array.shape) }
        if array.rank == 2 || channels == 1 { return try PixelMode("L") }
        switch channels {
        case 3: return try PixelMode("RGB")
        case 4: return try PixelMode(options.fileType.isJPEG ? "RGB" : "RGBA")
        default: throw unsupported(array.shape)
        }
    }

    /// What Pillow takes an array for: one axis is a column, two are gray, three have 2, 3 or 4 channels.
    private static func pillowArray(
        _ array: Tensor, version: WandbVersion
    ) throws(MediaError) -> (Tensor, ImageLayout) {
        guard array.count > 0 else { throw unsupported(array.shape) }
        switch array.rank {
        case 1 where version != .v0_19: return (try array.insertingAxis(at: 1), .hw)
        case 2: return (array, .hw)
        case 3 where (1...4).contains(array.shape[2]) && (array.shape[2] != 1 || version == .v0_19):
            return (array, .hwc)
        default: throw unsupported(array.shape)
        }
    }

    private static func unsupported(_ shape: [Int]) -> MediaError {
        MediaError(
            .shapeInvalid, "the wandb SDK takes no array of shape \(describe(shape)) for an image",
            hint: shape.count == 3 && (1...4).contains(shape[0])
                ? "for a tensor of PyTorch give the layout chw" : "use rows × columns or rows × columns × channels",
            at: .init(field: "shape"))
    }
}

extension Tensor {
    /// The tensor without any axis of length 1.
    func squeezed() throws(MediaError) -> Tensor {
        var result = self
        for axis in shape.indices.reversed() where shape[axis] == 1 { result = try result.removingAxis(axis) }
        return result
    }
}
