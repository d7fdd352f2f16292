extension XMLScanner {
    /// An error at the next byte.
    func malformed(_ message: String, hint: String? = nil) -> MediaError {
        MediaError(.malformed, "\(position): \(message)", hint: hint, at: .init(offset: offset))
    }

    /// The error of finding something else than `what` at the next byte.
    func expected(_ what: String) -> MediaError {
        let found = isAtEnd ? "the end of the document" : current.inWords
        return malformed("found \(found), expected \(what)")
    }

    func documentType() -> MediaError {
        MediaError(
            .unsupported, "\(position): the document has a document type, which is not read here",
            hint: "remove <!DOCTYPE …>", at: .init(offset: offset))
    }

    func encoding(_ name: String) -> MediaError {
        MediaError(
            .unsupported, "the document is written in \(name)", hint: "save it as UTF-8", at: .init(offset: offset))
    }

    func tooDeep(_ deepest: Int) -> MediaError {
        MediaError(
            .limitExceeded, "\(position): elements are nested deeper than \(deepest) levels",
            hint: "raise Limits.nestingDepth when the document can be trusted", at: .init(offset: offset))
    }

    func tooMany() -> MediaError {
        MediaError(
            .limitExceeded, "\(position): there are too many elements and attributes",
            hint: "raise Limits.members when the document can be trusted", at: .init(offset: offset))
    }

    func repeated(_ name: String, at offset: Int) -> MediaError {
        MediaError(
            .malformed, "\(position): the element has the attribute \"\(name)\" twice", hint: "keep one",
            at: .init(offset: offset))
    }

    func unclosed(_ node: XMLTree.Node) -> MediaError {
        malformed("the document ends inside <\(node.name)>, which begins at \(node.position)")
    }

    func mismatch(_ name: String, _ node: XMLTree.Node, at offset: Int) -> MediaError {
        MediaError(
            .malformed, "\(position): </\(name)> ends <\(node.name)>, which begins at \(node.position)",
            hint: "end every element with its own name", at: .init(offset: offset))
    }
}

// Classes of characters, from XML 1.0, 2.2 and 2.3.

extension UInt8 {
    /// White space.
    var isXMLSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

extension UInt32 {
    /// A character that may stand in a document.
    var isXMLCharacter: Bool {
        switch self {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
        default: false
        }
    }

    /// A character that a name may begin with.
    var beginsXMLName: Bool {
        switch self {
        case 0x41...0x5A, 0x61...0x7A, 0x3A, 0x5F, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D,
            0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF,
            0xFDF0...0xFFFD, 0x1_0000...0xE_FFFF:
            true
        default: false
        }
    }

    /// A character that a name may hold.
    var isXMLNameCharacter: Bool {
        switch self {
        case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: beginsXMLName
        }
    }
}

extension [UInt8] {
    /// The first byte that is not UTF-8, or begins a character that XML forbids.
    var firstNotXML: Int? {
        do {
            _ = try UTF8Span(validating: span)
        } catch {
            return error.byteOffsets.lowerBound
        }
        for (index, byte) in enumerated() {
            if byte < 0x20 {
                if !byte.isXMLSpace { return index }
            } else if byte == 0xEF, count - index > 2, self[index + 1] == 0xBF, self[index + 2] >= 0xBE {
                // U+FFFE and U+FFFF.
                return index
            }
        }
        return nil
    }
}
