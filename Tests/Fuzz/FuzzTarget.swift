import ImageCoding
import MediaCore
import TensorIO

/// The readers that take bytes from strangers, each behind one name.
enum FuzzTarget: String, CaseIterable {
    case npy, png

    /// Reads `bytes` to the last value. A typed error is the right answer to nearly all of them; a trap, a sanitizer's
    /// finding or a flood of memory is not.
    func run(_ bytes: RawSpan) {
        do throws(MediaError) {
            switch self {
            case .npy:
                touch(try NPYReader().read(contents(bytes)).tensor)
            case .png:
                touch(try PNGDecoder(limits: Self.limits, ignoresChecksums: true).decode(bytes))
            }
        } catch {
            // The message is made of what the file holds: it has to be one line whatever that is.
            precondition(!error.description.utf8.contains(0x0A), "an error of more than one line")
        }
    }

    /// Small, so that an honest header of a large picture costs no time.
    private static let limits = {
        var limits = Limits()
        limits.imagePixels = 1 << 20
        limits.inflatedBytes = 32 << 20
        return limits
    }()

    private func contents(_ bytes: RawSpan) -> FileContents {
        FileContents(bytes: bytes.withUnsafeBytes { [UInt8]($0) }, name: "fuzz")
    }

    /// Looks at every value of a tensor.
    private func touch(_ tensor: Tensor) { _ = tensor.scanRange() }

    /// Looks at every pixel.
    private func touch(_ image: DecodedImage) {
        let sum = image.pixels.reduce(0 as UInt64) { $0 &+ UInt64($1) }
        precondition(image.width > 0 && image.height > 0 && sum < .max)
    }
}
