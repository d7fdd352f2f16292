public import ImageCoding
public import MediaCore
import TensorIO

/// The frames of a folder: a picture file or a tensor file for each, in the order of their names.
///
/// Numbers in names count as numbers: `frame2.png` comes before `frame10.png`. Hidden files are left out, and so is what is
/// neither a picture nor a tensor by its ending. A frame is read when it is asked for.
public enum FrameFolder {
    private static let tensorEndings: Set<String> = ["npy", "npz", "safetensors", "pt", "pth"]

    /// The frames of the folder at `path`.
    ///
    /// - Parameters:
    ///   - path: the folder. It holds pictures or tensors, not both.
    ///   - options: the frame rate, and for tensors all else: the layout is that of a clip, `thwc` for tensors of `hwc`. Of
    ///     pictures, mode and colour map are not looked at.
    ///   - limits: what is accepted of files.
    /// - Throws: `argument.invalid` for a folder without frames or of both kinds; what reading the first frame throws, and
    ///   for tensors what ``TensorSequence/init(count:canRewind:options:_:)`` throws.
    public static func frames(
        at path: String, options: ClipOptions = ClipOptions(), limits: Limits = .default
    ) throws(MediaError) -> any FrameSource {
        let names = try FileSystem.names(inFolder: path).filter { !$0.hasPrefix(".") }
        let tensors = names.filter { tensorEndings.contains($0.fileEnding) }.sorted(by: naturally)
        let pictureEndings = Set(ImageHeader.FileFormat.allCases.flatMap(\.pathExtensions))
        let pictures = names.filter { pictureEndings.contains($0.fileEnding) }.sorted(by: naturally)
        guard tensors.isEmpty != pictures.isEmpty else {
            throw MediaError(
                .argumentInvalid,
                tensors.isEmpty
                    ? "there is no frame in the folder"
                    : "there are \(tensors.count) tensors and \(pictures.count) pictures in the folder",
                hint: "keep frames of one kind in a folder of their own", at: .init(file: path))
        }
        if pictures.isEmpty {
            return try TensorSequence(count: tensors.count, canRewind: true, options: options) {
                (index) throws(MediaError) in
                guard tensors.indices.contains(index) else { return nil }
                var reading = TensorFile.Options()
                reading.limits = limits
                return try TensorFile.open(path + "/" + tensors[index], options: reading).onlyTensor()
            }
        }
        let first = try picture(path + "/" + pictures[0], limits)
        return GeneratedFrames(
            width: first.width, height: first.height, format: first.format,
            frameRate: options.frameRate ?? ClipOptions.defaultFrameRate, frameCount: pictures.count, canRewind: true
        ) { index in
            let frame = try picture(path + "/" + pictures[index], limits)
            // Editors save a frame without colour as gray, one without opacity as RGB.
            let isWider = frame.format.channels < first.format.channels && first.format.model != .grayAlpha
            return isWider ? try ConvertedSource(frame, to: first.format) : frame
        }
    }

    /// A picture in 8 bits, without palette.
    private static func picture(_ path: String, _ limits: Limits) throws(MediaError) -> any PixelSource {
        do throws(MediaError) {
            let image = try ImageFile.decode(path: path, limits: limits)
            var format = image.format
            if let palette = image.palette {
                format = palette.colors.allSatisfy { $0.alpha == 255 } ? .rgb : .rgba
            } else if image.format.bits != 8 {
                format = PixelFormat(model: image.format.model, bits: 8) ?? .rgb
            }
            return format == image.format ? image : try ConvertedSource(image, to: format)
        } catch {
            throw error.inFile(path)
        }
    }

    /// Whether one name comes before another, runs of digits compared as numbers.
    static func naturally(_ first: String, _ second: String) -> Bool {
        let a = pieces(first), b = pieces(second)
        for (left, right) in zip(a, b) where left != right {
            guard let x = left.first, let y = right.first, isDigit(x), isDigit(y) else {
                return left.lexicographicallyPrecedes(right)
            }
            // Without zeros in front, the longer number is the larger.
            let p = left.drop { $0 == 0x30 }, q = right.drop { $0 == 0x30 }
            if p.count != q.count { return p.count < q.count }
            if !p.elementsEqual(q) { return p.lexicographicallyPrecedes(q) }
            // Equal numbers: fewer zeros first.
            return left.count < right.count
        }
        return a.count < b.count
    }

    /// The name in runs of digits and of other bytes.
    private static func pieces(_ name: String) -> [ArraySlice<UInt8>] {
        let bytes = Array(name.utf8)
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        for index in bytes.indices where index + 1 == bytes.count || isDigit(bytes[index]) != isDigit(bytes[index + 1])
        {
            pieces.append(bytes[start...index])
            start = index + 1
        }
        return pieces
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
