import MediaCore

/// What the header of an NPY file says.
///
/// Format: NEP 1 and the documentation of `numpy.lib.format`: the magic `\x93NUMPY`, a version, the length of a header,
/// and a header that is a dictionary in Python's syntax.
public struct NPYHeader: Sendable, Hashable {
    /// The major version of the format: 1 (header up to 64 KiB), 2 (longer), 3 (UTF-8).
    public let version: Int
    /// What the elements are.
    public let elementType: ElementType
    /// The order of the bytes of each element.
    public let byteOrder: ByteOrder
    /// Whether the first axis is contiguous rather than the last.
    public let isFortranOrder: Bool
    /// The length of each axis.
    public let shape: [Int]
    /// Where the elements begin, in bytes from the beginning of the file.
    public let dataOffset: Int

    /// How many bytes the elements take. The shape has been checked: this fits.
    public var dataByteCount: Int { shape.reduce(1, *) * elementType.byteCount }

    /// How many bytes of a file tell where its header ends.
    static let prefixByteCount = 12

    /// Where the header ends, from the first ``prefixByteCount`` bytes or all there are.
    ///
    /// - Throws: `format.unrecognized` without the magic; `format.unsupported` for a later version; `format.truncated`;
    ///   `limit.exceeded` for a header longer than ``Limits/headerBytes``.
    static func extent(of bytes: RawSpan, limits: Limits) throws(MediaError) -> (version: Int, header: Range<Int>) {
        guard bytes.uint8(at: 0) == 0x93, bytes.hasBytes("NUMPY", at: 1) else {
            throw MediaError(
                .unrecognized, "the file does not begin as an NPY file does", hint: "write it with np.save",
                at: .init(offset: 0))
        }
        guard let major = bytes.uint8(at: 6), let minor = bytes.uint8(at: 7) else { throw truncated(bytes.byteCount) }
        guard (1...3).contains(major), minor == 0 else {
            throw MediaError(
                .unsupported, "version \(major).\(minor) of the format is not known, expected 1.0, 2.0 or 3.0",
                hint: "write it with np.save of a current NumPy", at: .init(field: "header.version", offset: 6))
        }
        let start = major == 1 ? 10 : 12
        guard let length = major == 1 ? bytes.uint16(at: 8).map(Int.init) : bytes.uint32(at: 8).map(Int.init) else {
            throw truncated(bytes.byteCount)
        }
        guard length <= limits.headerBytes else {
            throw MediaError(
                .limitExceeded, "the header has \(length) bytes, the limit is \(limits.headerBytes)",
                hint: "raise Limits.headerBytes if that is true", at: .init(field: "header.length", offset: 8))
        }
        return (Int(major), start..<(start + length))
    }

    private static func truncated(_ byteCount: Int) -> MediaError {
        MediaError(
            .truncated, "the file ends inside its header, after \(byteCount) bytes", hint: "write the file again",
            at: .init(field: "header"))
    }
}

extension NPYHeader {
    /// Parses the header at the beginning of `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: the file, or as much of its beginning as holds the header.
    ///   - name: the name of the file in Python's hints.
    ///   - options: limits, and what elements without a type are.
    /// - Throws: `format.malformed`, `format.truncated`, `format.unsupported`, `shape.invalid`, `limit.exceeded`.
    init(parsing bytes: RawSpan, name: String, options: TensorFile.Options) throws(MediaError) {
        let (version, range) = try NPYHeader.extent(of: bytes, limits: options.limits)
        guard range.upperBound <= bytes.byteCount else {
            throw MediaError(
                .truncated, "the header should end at byte \(range.upperBound), the file at \(bytes.byteCount)",
                hint: "write the file again", at: .init(field: "header"))
        }
        var text = bytes.copy(range)
        // Versions 1 and 2 are Latin-1.
        if version < 3, text.contains(where: { $0 >= 0x80 }) {
            text = Array(String(String.UnicodeScalarView(text.map { Unicode.Scalar($0) })).utf8)
        }
        let literal: PythonLiteral
        do throws(PythonLiteralError) {
            literal = try PythonLiteralParser.parse(text)
        } catch {
            throw NPYHeader.malformed(
                "the header is no Python dictionary: \(error.message)", offset: range.lowerBound + error.offset)
        }
        guard case .dictionary(let entries) = literal else {
            throw NPYHeader.malformed("the header is no Python dictionary", offset: range.lowerBound)
        }
        var fields: [String: PythonLiteral] = [:]
        for entry in entries {
            guard case .string(let key) = entry.key, ["descr", "fortran_order", "shape"].contains(key) else {
                throw NPYHeader.malformed("the header has a key besides descr, fortran_order and shape")
            }
            guard fields.updateValue(entry.value, forKey: key) == nil else {
                throw NPYHeader.malformed("the header has the key \(key) twice")
            }
        }
        guard let descr = fields["descr"], let order = fields["fortran_order"], let axes = fields["shape"] else {
            throw NPYHeader.malformed("the header lacks one of the keys descr, fortran_order and shape")
        }
        guard case .bool(let isFortranOrder) = order else {
            throw NPYHeader.malformed("fortran_order is neither True nor False", field: "header.fortran_order")
        }
        self.version = version
        self.isFortranOrder = isFortranOrder
        (elementType, byteOrder) = try NPYTypeDescription.parse(descr, name: name, options: options)
        shape = try NPYHeader.shape(axes, elementType: elementType, limits: options.limits)
        dataOffset = range.upperBound
    }

    private static func shape(
        _ literal: PythonLiteral, elementType: ElementType, limits: Limits
    ) throws(MediaError) -> [Int] {
        guard case .tuple(let elements) = literal else {
            throw malformed("shape is no tuple of integers", field: "header.shape")
        }
        guard elements.count <= limits.rank else {
            throw MediaError(
                .limitExceeded, "the shape has \(elements.count) axes, the limit is \(limits.rank)",
                hint: "raise Limits.rank if that is true", at: .init(field: "header.shape"))
        }
        var shape: [Int] = []
        for element in elements {
            guard case .integer(let length) = element else {
                throw malformed("shape is no tuple of integers", field: "header.shape")
            }
            shape.append(length)
        }
        do throws(MediaError) {
            let count = try Tensor.elementCount(of: shape)
            guard !count.multipliedReportingOverflow(by: elementType.byteCount).overflow else {
                throw Tensor.overflowError(shape)
            }
        } catch {
            var error = error
            error.location.field = "header.shape"
            error.hint = "write the file again"
            throw error
        }
        return shape
    }

    private static func malformed(_ message: String, field: String = "header", offset: Int? = nil) -> MediaError {
        MediaError(
            .malformed, message, hint: "write the file again with np.save", at: .init(field: field, offset: offset))
    }
}
