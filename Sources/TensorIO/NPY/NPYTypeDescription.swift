import MediaCore

/// The `descr` of an NPY header: NumPy's array-protocol type strings, `<f4`, `|u1`, `>i8`.
///
/// What has no element type here is refused with the line of Python that converts it.
enum NPYTypeDescription {
    /// The element type and byte order that `descr` names.
    static func parse(
        _ descr: PythonLiteral, name: String, options: TensorFile.Options
    ) throws(MediaError) -> (ElementType, ByteOrder) {
        switch descr {
        case .string(let text): return try parse(text, name: name, options: options)
        case .list(let fields): throw structured(fields, name: name)
        default:
            throw MediaError(
                .malformed, "descr is neither a string nor a list of fields",
                hint: "write the file again with np.save", at: .init(field: "header.descr"))
        }
    }

    private static func parse(
        _ text: String, name: String, options: TensorFile.Options
    ) throws(MediaError) -> (ElementType, ByteOrder) {
        if let named = ElementType(rawValue: text) { return (named, .native) }
        var rest = Substring(text)
        var order = ByteOrder.native
        switch rest.first {
        case "<": order = .little
        case ">": order = .big
        case "|", "=": break
        default: rest = " " + rest
        }
        rest = rest.dropFirst()
        let kind = rest.first
        let digits = rest.dropFirst()
        switch (kind, digits) {
        case ("b", "1"), ("?", ""): return (.bool, order)
        case ("i", "1"): return (.int8, order)
        case ("i", "2"): return (.int16, order)
        case ("i", "4"): return (.int32, order)
        case ("i", "8"): return (.int64, order)
        case ("u", "1"): return (.uint8, order)
        case ("u", "2"): return (.uint16, order)
        case ("u", "4"): return (.uint32, order)
        case ("u", "8"): return (.uint64, order)
        case ("f", "2"): return (.float16, order)
        case ("f", "4"): return (.float32, order)
        case ("f", "8"): return (.float64, order)
        case ("V", _):
            guard let type = options.voidAs, Int(digits) == type.byteCount else { break }
            return (type, order)
        default: break
        }
        throw refusal(text, kind: kind, digits: digits, name: name)
    }

    private static func refusal(_ text: String, kind: Character?, digits: Substring, name: String) -> MediaError {
        let load = "np.load(\(pythonQuoted(name)))"
        func convert(_ expression: String) -> String { "convert it: np.save(\(pythonQuoted(name)), \(expression))" }
        let (what, hint): (String, String) =
            switch kind {
            case "c":
                (
                    "complex numbers",
                    convert("np.abs(\(load))") + " for magnitudes, or \(load).view(np.float\(digits == "8" ? 32 : 64)) "
                        + "for real and imaginary parts side by side"
                )
            case "f" where digits == "1":
                ("8-bit floats", "store them as float32 where they are made: np.save(path, x.astype(np.float32))")
            case "f": ("long doubles", convert("\(load).astype(np.float64)"))
            case "S", "a", "U":
                ("strings", convert("\(load).astype(np.float64)") + " if they are numbers")
            case "O":
                (
                    "Python objects, stored as a pickle that could run any program",
                    "if you trust the file, "
                        + convert("np.stack(np.load(\(pythonQuoted(name)), allow_pickle=True)).astype(np.float32)")
                )
            case "M", "m": ("dates or durations", convert("\(load).astype(np.int64)"))
            case "V" where digits == "2":
                (
                    "elements of 2 bytes without a type, which is how bfloat16 is saved",
                    "say what they are (voidAs: .bfloat16), or "
                        + convert("\(load).view(ml_dtypes.bfloat16).astype(np.float32)")
                )
            case "V" where digits == "1":
                (
                    "elements of 1 byte without a type, which is how 8-bit floats are saved",
                    convert("\(load).view(ml_dtypes.float8_e4m3fn).astype(np.float32)")
                )
            case "V": ("elements without a type", convert("\(load).view(np.uint8)"))
            default: ("a type that is not known", convert("\(load).astype(np.float32)"))
            }
        return MediaError(
            .unsupported, "descr '\(text)' means \(what)", hint: hint, at: .init(field: "header.descr"))
    }

    private static func structured(_ fields: [PythonLiteral], name: String) -> MediaError {
        let names = fields.map { field -> String in
            guard case .tuple(let parts) = field, let first = parts.first else { return "?" }
            switch first {
            case .string(let name): return name
            // A field may have a title beside its name: (('title', 'name'), '<f4').
            case .tuple(let pair): if case .string(let name)? = pair.last { return name } else { return "?" }
            default: return "?"
            }
        }
        let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
        let quoted = pythonQuoted(name)
        return MediaError(
            .unsupported, "descr is a record with the fields \(shown)",
            hint: "save one field: np.save(\(quoted), np.load(\(quoted))[\(pythonQuoted(names.first ?? "name"))])",
            at: .init(field: "header.descr"))
    }
}

/// A text as a literal of Python, for hints that can be pasted.
func pythonQuoted(_ text: String) -> String {
    var quoted = "'"
    for scalar in text.unicodeScalars {
        if scalar == "'" || scalar == "\\" { quoted += "\\" }
        quoted.unicodeScalars.append(scalar)
    }
    return quoted + "'"
}
