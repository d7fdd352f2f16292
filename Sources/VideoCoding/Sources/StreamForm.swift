public import ImageCoding
import MediaCore

/// How frames lie in a stream of bytes.
public enum StreamForm: Sendable, Hashable {
    /// YUV4MPEG2, which says in its header what it holds: what `ffmpeg -f yuv4mpegpipe` writes.
    case y4m
    /// Nothing but pixels of 8 bits, row by row, frame after frame: what `ffmpeg -f rawvideo` writes.
    case raw(PixelFormat, width: Int, height: Int)
}

extension StreamForm: LosslessStringConvertible {
    /// A form as the command line takes it: `y4m`, or pixels and a size: `rgb:640x480`, `gray:64x64`, `rgba:…`,
    /// `gray-alpha:…`; `rgb24` is `rgb`.
    public init?(_ description: String) {
        if description == "y4m" {
            self = .y4m
            return
        }
        let halves = description.split(separator: ":", omittingEmptySubsequences: false)
        let formats: [Substring: PixelFormat] = [
            "gray": .gray, "gray-alpha": .grayAlpha, "rgb": .rgb, "rgb24": .rgb, "rgba": .rgba,
        ]
        guard halves.count == 2, let format = formats[halves[0]],
            case .exact(let width, let height)? = FrameSize(String(halves[1])), width > 0, height > 0
        else { return nil }
        self = .raw(format, width: width, height: height)
    }

    /// The form as the command line takes it.
    public var description: String {
        switch self {
        case .y4m: "y4m"
        case .raw(let format, let width, let height): "\(format):\(width)x\(height)"
        }
    }
}

/// What the header of a YUV4MPEG2 stream says.
struct Y4MHeader: Sendable, Hashable {
    /// How chroma is sampled.
    enum Chroma: Sendable, Hashable {
        case mono, half, quarter, full
    }

    var width: Int
    var height: Int
    var frameRate: FrameRate?
    var chroma = Chroma.quarter
    /// Whether samples go from 0 to 255 instead of 16 to 235.
    var isFullRange = false

    /// The longest header and the longest line before a frame.
    static let longestLine = 4096

    /// How many columns and rows chroma has.
    var chromaSize: (width: Int, height: Int) {
        switch chroma {
        case .mono: (0, 0)
        case .full: (width, height)
        case .half: ((width + 1) / 2, height)
        case .quarter: ((width + 1) / 2, (height + 1) / 2)
        }
    }

    /// How many bytes a frame has.
    var frameBytes: Int { width * height + 2 * chromaSize.width * chromaSize.height }

    /// The header that a line is.
    ///
    /// - Throws: `format.unrecognized` for another format; `format.malformed` for words that mean nothing, are there twice or
    ///   are missing; `format.unsupported` for interlaced pictures and samples of more than 8 bits; `limit.exceeded`.
    init(_ line: [UInt8], limits: Limits) throws(MediaError) {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard words.first == "YUV4MPEG2" else {
            throw MediaError(
                .unrecognized, "the stream does not begin as YUV4MPEG2 does",
                hint: "write it with ffmpeg -f yuv4mpegpipe, or state its pixels and size")
        }
        var width: Int?, height: Int?
        var seen: Set<Character> = []
        for word in words.dropFirst() {
            guard let letter = word.first, word.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw Self.malformed("an empty or unreadable word")
            }
            let value = String(word.dropFirst())
            guard letter == "X" || seen.insert(letter).inserted else { throw Self.malformed("\(letter) twice") }
            switch letter {
            case "W": width = try Self.side(word, limits)
            case "H": height = try Self.side(word, limits)
            case "F": frameRate = try Self.rate(word)
            case "I":
                guard value == "p" || value == "?" else { throw Self.unsupported("interlaced frames (\(word))") }
            case "A": guard value.contains(":") else { throw Self.malformed("the aspect \(word)") }
            case "C": chroma = try Self.chroma(value)
            case "X": if value == "COLORRANGE=FULL" { isFullRange = true }
            default: throw Self.malformed("the word \(word)")
            }
        }
        guard let width, let height else { throw Self.malformed("no width or no height") }
        guard width <= limits.imagePixels / height else {
            throw MediaError(.limitExceeded, "frames of \(width)×\(height) pixels, \(limits.imagePixels) are allowed")
        }
        self.width = width
        self.height = height
    }

    private static func side(_ word: String, _ limits: Limits) throws(MediaError) -> Int {
        let digits = word.dropFirst()
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let side = Int(digits), side > 0 else {
            throw malformed("the size \(word)")
        }
        guard side <= limits.imageSide else {
            throw MediaError(.limitExceeded, "a side of \(side) pixels, \(limits.imageSide) are allowed")
        }
        return side
    }

    /// `F30000:1001`; `F0:0` says that the rate is not known.
    private static func rate(_ word: String) throws(MediaError) -> FrameRate? {
        let parts = word.dropFirst().split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let numerator = parts[0], let denominator = parts[1] else {
            throw malformed("the rate \(word)")
        }
        if numerator == 0, denominator == 0 { return nil }
        guard let rate = try? FrameRate(numerator, per: denominator) else { throw malformed("the rate \(word)") }
        return rate
    }

    private static func chroma(_ name: String) throws(MediaError) -> Chroma {
        switch name {
        case "420", "420jpeg", "420mpeg2", "420paldv": return .quarter
        case "422": return .half
        case "444": return .full
        case "mono": return .mono
        default: throw unsupported("pixels of \(name)")
        }
    }

    private static func malformed(_ what: String) -> MediaError {
        MediaError(.malformed, "the header of the stream has \(what)", hint: "write it again")
    }

    private static func unsupported(_ what: String) -> MediaError {
        MediaError(.unsupported, "\(what) are not read", hint: "write 420, 422, 444 or mono of 8 bits, progressive")
    }
}
