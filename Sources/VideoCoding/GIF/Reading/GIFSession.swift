import CGIF
import ImageCoding
import MediaCore

/// giflib at work on one file.
///
/// Unchecked because of its pointers; the shelf's lock keeps it to one thread at a time.
@safe
final class GIFSession: FrameSession, @unchecked Sendable {
    private let file: GIFFile
    private let input: GIFInput
    private let handle: UnsafeMutablePointer<GifFileType>
    /// The pixels of the screen, RGBA.
    private var pixels: [UInt8]
    /// What was there before the last frame, when that has to come back.
    private var saved: [UInt8]?
    private var line: [UInt8] = []
    /// How many frames have been drawn.
    private(set) var decoded = 0

    init(_ contents: FileContents, _ file: GIFFile) throws(MediaError) {
        self.file = file
        input = GIFInput(contents)
        var code: Int32 = 0
        let user = unsafe Unmanaged.passUnretained(input).toOpaque()
        guard let handle = unsafe DGifOpen(user, GIFInput.read, &code) else { throw GIFSession.error(code) }
        unsafe self.handle = unsafe handle
        pixels = [UInt8](repeating: 0, count: file.width * file.height * 4)
    }

    deinit {
        var code: Int32 = 0
        _ = unsafe DGifCloseFile(handle, &code)
    }

    /// What the screen shows now.
    func picture() throws(MediaError) -> PackedPixels {
        try PackedPixels(width: file.width, height: file.height, format: .rgba, bytes: pixels)
    }

    /// Draws the next frame.
    func decodeNext() throws(MediaError) {
        guard decoded < file.frames.count else {
            throw MediaError(.argumentInvalid, "there is no frame \(decoded)", at: .init(field: "frame"))
        }
        if decoded > 0 { dispose(file.frames[decoded - 1]) }
        let frame = file.frames[decoded]
        if frame.disposal == 3 { saved = pixels }
        try goToImage()
        try draw(frame)
        decoded += 1
    }

    /// Does with the area of a frame what it asks for before the next is drawn.
    private func dispose(_ frame: GIFFile.Frame) {
        switch frame.disposal {
        case 2:
            for row in frame.rows {
                let start = (row * file.width + frame.columns.lowerBound) * 4
                let range = start..<start + frame.columns.count * 4
                for place in range { pixels[place] = 0 }
            }
        case 3:
            if let saved { pixels = saved }
        default: break
        }
        saved = nil
    }

    /// Passes what stands in front of the next image.
    private func goToImage() throws(MediaError) {
        while true {
            var kind = UNDEFINED_RECORD_TYPE
            guard unsafe DGifGetRecordType(handle, &kind) == GIF_OK else { throw failure() }
            switch kind {
            case IMAGE_DESC_RECORD_TYPE:
                guard unsafe DGifGetImageDesc(handle) == GIF_OK else { throw failure() }
                return
            case EXTENSION_RECORD_TYPE:
                var label: Int32 = 0
                var block: UnsafeMutablePointer<GifByteType>?
                guard unsafe DGifGetExtension(handle, &label, &block) == GIF_OK else { throw failure() }
                while unsafe block != nil {
                    guard unsafe DGifGetExtensionNext(handle, &block) == GIF_OK else { throw failure() }
                }
            default:
                throw MediaError(.malformed, "the file ends before its frames do")
            }
        }
    }

    private func draw(_ frame: GIFFile.Frame) throws(MediaError) {
        // giflib read the same descriptor; compared all the same before its numbers are used for memory.
        let image = unsafe handle.pointee.Image
        guard unsafe Int(image.Width) == frame.columns.count, unsafe Int(image.Height) == frame.rows.count else {
            throw MediaError(.malformed, "the frame's size changed while it was read")
        }
        let colors = try unsafe table(image.ColorMap ?? handle.pointee.SColorMap)
        let width = frame.columns.count
        if line.count < width { line = [UInt8](repeating: 0, count: width) }
        let passes: [(first: Int, step: Int)] =
            frame.isInterlaced ? [(0, 8), (4, 8), (2, 4), (1, 2)] : [(0, 1)]
        for pass in passes {
            for row in stride(from: pass.first, to: frame.rows.count, by: pass.step) {
                guard
                    unsafe line.withUnsafeMutableBufferPointer({ buffer in
                        unsafe DGifGetLine(handle, buffer.baseAddress, Int32(width)) == GIF_OK
                    })
                else { throw failure() }
                var place = ((frame.rows.lowerBound + row) * file.width + frame.columns.lowerBound) * 4
                for column in 0..<width {
                    let index = line[column]
                    if index != frame.transparent {
                        guard Int(index) < colors.count else {
                            throw MediaError(.malformed, "index \(index) has no colour among \(colors.count)")
                        }
                        let color = colors[Int(index)]
                        pixels[place] = color.red
                        pixels[place + 1] = color.green
                        pixels[place + 2] = color.blue
                        pixels[place + 3] = 255
                    }
                    place += 4
                }
            }
        }
    }

    private func table(_ map: UnsafeMutablePointer<ColorMapObject>?) throws(MediaError) -> [Palette.Color] {
        guard let map = unsafe map, let colors = unsafe map.pointee.Colors else {
            throw MediaError(.malformed, "the frame has no table of colours")
        }
        return unsafe (0..<Int(map.pointee.ColorCount)).map { index in
            let color = unsafe colors[index]
            return Palette.Color(red: color.Red, green: color.Green, blue: color.Blue)
        }
    }

    private func failure() -> MediaError { GIFSession.error(unsafe handle.pointee.Error) }

    private static func error(_ code: Int32) -> MediaError {
        let text = unsafe GifErrorString(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        let isShort = code == D_GIF_ERR_EOF_TOO_SOON || code == D_GIF_ERR_READ_FAILED
        return MediaError(
            isShort ? .truncated : .malformed, "giflib: \(text)", hint: "the pixels are damaged; write the file again")
    }
}

/// The bytes that giflib reads, in order.
@safe
private final class GIFInput {
    private let contents: FileContents
    private var place = 0

    init(_ contents: FileContents) { self.contents = contents }

    /// Hands out the next bytes; fewer at the end.
    static let read: InputFunc = { handle, target, count in
        guard let user = unsafe handle?.pointee.UserData, let target = unsafe target, count > 0 else { return 0 }
        let input = unsafe Unmanaged<GIFInput>.fromOpaque(user).takeUnretainedValue()
        return input.contents.withBytes { bytes in
            let length = min(Int(count), bytes.byteCount - input.place)
            guard length > 0 else { return 0 }
            unsafe bytes.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                unsafe target.update(
                    from: (base + input.place).assumingMemoryBound(to: UInt8.self), count: length)
            }
            input.place += length
            return Int32(length)
        }
    }
}
