public import ImageCoding
public import MediaCore
import TensorIO

/// The frames of a folder: a picture file or a tensor file for each, in the order of their names.
///
/// Numbers in names count as numbers: `frame2.png` comes before `frame10.png`. Hidden files are left out, and so is what is
/// neither a picture nor a tensor by its ending. A frame is read when it is asked for.
public enum FrameFolder {
    private static let tensorEndings: Set<String> = ["npy", "npz", "safetensors", "pt", "pth"]
    private static let pictureEndings = Set(ImageHeader.FileFormat.allCases.flatMap(\.pathExtensions))

    /// What the frames of a folder are.
    public enum Kind: String, Sendable, Hashable {
        /// A picture file for each frame.
        case pictures
        /// A tensor file for each frame.
        case tensors
    }

    /// The files of a folder that are frames, in order.
    ///
    /// - Throws: `argument.invalid` for a folder without frames or of both kinds; what listing it throws.
    public static func files(at path: String) throws(MediaError) -> (names: [String], kind: Kind) {
        let names = try FileSystem.names(inFolder: path).filter { !$0.hasPrefix(".") }
        let tensors = names.filter { tensorEndings.contains($0.fileEnding) }
        let pictures = names.filter { pictureEndings.contains($0.fileEnding) }
        guard tensors.isEmpty != pictures.isEmpty else {
            throw MediaError(
                .argumentInvalid,
                tensors.isEmpty
                    ? "there is no frame in the folder"
                    : "there are tensors (\(tensors.count)) and pictures (\(pictures.count)) in the folder",
                hint: tensors.isEmpty
                    ? "files of pictures or tensors are frames" : "keep frames of one kind in a folder of their own",
                at: .init(file: path))
        }
        return (
            (pictures.isEmpty ? tensors : pictures).sorted(by: naturally), pictures.isEmpty ? .tensors : .pictures
        )
    }

    /// The frames of the folder at `path`.
    ///
    /// - Parameters:
    ///   - path: the folder. It holds pictures or tensors, not both.
    ///   - options: the frame rate, and for tensors all else: the layout is that of a clip, `thwc` for tensors of `hwc`. Of
    ///     pictures, mode and colour map are not looked at.
    ///   - limits: what is accepted of files.
    /// - Throws: `argument.invalid` for a folder without frames or of both kinds; what reading the first frame throws, and
    ///   for tensors what ``TensorSequence/init(count:canRewind:options:_:)`` throws. Errors name the file.
    public static func frames(
        at path: String, options: ClipOptions = ClipOptions(), limits: Limits = .default
    ) throws(MediaError) -> any FrameSource {
        try frames(files(at: path), at: path, options: options, limits: limits)
    }

    /// The frames of files that were found before, see ``files(at:)``.
    package static func frames(
        _ files: (names: [String], kind: Kind), at path: String, options: ClipOptions, limits: Limits
    ) throws(MediaError) -> any FrameSource {
        let (names, kind) = files
        let paths = names.map { path.appendingPath($0) }
        guard kind == .pictures else {
            do throws(MediaError) {
                let frames = try TensorSequence(count: paths.count, canRewind: true, options: options) {
                    (index) throws(MediaError) in
                    paths.indices.contains(index) ? try tensor(paths[index], limits) : nil
                }
                return NamedFrames(base: frames, paths: paths)
            } catch {
                throw error.inFile(paths.first ?? path)
            }
        }
        let first = try picture(paths[0], limits)
        let frames = GeneratedFrames(
            width: first.width, height: first.height, format: first.format,
            frameRate: options.frameRate ?? ClipOptions.defaultFrameRate, frameCount: paths.count, canRewind: true
        ) { index in
            let frame = try picture(paths[index], limits)
            // Editors save a frame without colour as gray, one without opacity as RGB.
            let isWider = frame.format.channels < first.format.channels && first.format.model != .grayAlpha
            return isWider ? try ConvertedSource(frame, to: first.format) : frame
        }
        return NamedFrames(base: frames, paths: paths)
    }

    private static func tensor(_ path: String, _ limits: Limits) throws(MediaError) -> Tensor {
        var reading = TensorFile.Options()
        reading.limits = limits
        do throws(MediaError) {
            return try TensorFile.open(path, options: reading).onlyTensor()
        } catch {
            throw error.inFile(path)
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

/// Frames whose errors name the files that they come from.
private struct NamedFrames: FrameWrapper {
    let base: any FrameSource
    let paths: [String]

    func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        do throws(MediaError) {
            return try base.frame(index)
        } catch {
            throw paths.indices.contains(index) ? error.inFile(paths[index]) : error
        }
    }
}
