import CDeflate
package import MediaCore

extension ZIPArchive {
    /// The bytes of a member: where they are when it is stored, inflated into new memory when it is deflated.
    ///
    /// - Parameters:
    ///   - member: one of ``members``.
    ///   - verifies: whether the CRC-32 is compared.
    /// - Throws: `format.malformed`, `format.checksum`, `format.unsupported`, `limit.exceeded`, `memory.exhausted`.
    package func contents(of member: Member, verifies: Bool = true) throws(MediaError) -> FileSection {
        let name = fullName(of: member)
        do throws(MediaError) {
            let range = try dataRange(of: member)
            let result =
                member.method == 0
                ? FileSection(section.contents, range: range, name: name)
                : FileSection(try inflate(member, range, name: name))
            if verifies {
                let found = result.withBytes { CRC32.of($0) }
                guard found == member.checksum else {
                    throw MediaError(
                        .checksumMismatch,
                        "the CRC-32 of the data is \(hexadecimal(found)), the directory says "
                            + hexadecimal(member.checksum),
                        hint: "copy or write the archive again")
                }
            }
            return result
        } catch {
            throw error.inFile(name)
        }
    }

    /// The first bytes of a member, at least `byteCount` unless it is shorter. Only as much is inflated.
    package func prefix(of member: Member, byteCount: Int) throws(MediaError) -> [UInt8] {
        let name = fullName(of: member)
        do throws(MediaError) {
            let range = try dataRange(of: member)
            if member.method == 0 {
                return section.contents.withBytes { $0.copy(range.prefix(byteCount)) }
            }
            var inputLimit = max(4096, byteCount)
            while true {
                let input = section.contents.withBytes { $0.copy(range.prefix(inputLimit)) }
                do throws(DeflateScanner.Failure) {
                    return try DeflateScanner.prefix(of: input, byteCount: byteCount)
                } catch {
                    guard case .inputEnds = error, inputLimit < range.count else { throw ZIPArchive.notDeflate }
                    inputLimit = inputLimit > Int.max / 4 ? Int.max : inputLimit * 4
                }
            }
        } catch {
            throw error.inFile(name)
        }
    }

    /// `archive.npz:member`, for messages.
    package func fullName(of member: Member) -> String { section.name + ":" + member.name }

    /// Where the stored or compressed bytes lie in the file, after the local header was compared with the directory.
    package func dataRange(of member: Member) throws(MediaError) -> Range<Int> {
        guard member.flags & 0x2041 == 0 else {
            throw MediaError(.unsupported, "the member is encrypted", hint: "write the archive without a password")
        }
        guard member.method == 0 || member.method == 8 else {
            throw MediaError(
                .unsupported, "the member is compressed by method \(member.method), expected stored or deflated",
                hint: "write it with np.savez or np.savez_compressed")
        }
        guard member.method != 0 || member.byteCount == member.compressedByteCount else {
            throw damaged(member, "stored with two different sizes")
        }
        let start = section.range.lowerBound + member.headerOffset
        let limit = section.range.lowerBound + member.end
        return try section.contents.withBytes { (bytes) throws(MediaError) in
            guard bytes.hasBytes("PK\u{3}\u{4}", at: start), let flags = bytes.uint16(at: start + 6),
                let method = bytes.uint16(at: start + 8), let compressed = bytes.uint32(at: start + 18),
                let size = bytes.uint32(at: start + 22), let nameLength = bytes.uint16(at: start + 26).map(Int.init),
                let extraLength = bytes.uint16(at: start + 28).map(Int.init)
            else { throw damaged(member, "not where the directory says") }
            let data = start + 30 + nameLength + extraLength
            guard data <= limit, member.compressedByteCount <= limit - data else {
                throw damaged(member, "cut short")
            }
            guard method == member.method, flags & 0x2041 == 0,
                bytes.copy((start + 30)..<(start + 30 + nameLength)) == member.nameBytes
            else { throw damaged(member, "another one in its own header than in the directory") }
            // With bit 3 the sizes stand behind the data, and all ones stand for sizes in an extra field.
            let hasSizes = flags & 8 == 0 && size != .max && compressed != .max
            guard !hasSizes || Int(size) == member.byteCount && Int(compressed) == member.compressedByteCount else {
                throw damaged(member, "of another size in its own header than in the directory")
            }
            return data..<(data + member.compressedByteCount)
        }
    }

    private func damaged(_ member: Member, _ what: String) -> MediaError {
        MediaError(
            .malformed, "the member is \(what)", hint: "copy or write the archive again",
            at: .init(offset: member.headerOffset))
    }

    private static var notDeflate: MediaError {
        MediaError(.malformed, "the data is no deflate stream", hint: "copy or write the archive again")
    }

    // MARK: Inflating

    private func inflate(_ member: Member, _ range: Range<Int>, name: String) throws(MediaError) -> FileContents {
        try checkSize(member)
        return try FileContents(name: name, byteCount: member.byteCount) { (output) throws(MediaError) in
            guard let decompressor = unsafe libdeflate_alloc_decompressor() else {
                throw MediaError(.outOfMemory, "no memory for a decompressor", hint: "close programs")
            }
            defer { unsafe libdeflate_free_decompressor(decompressor) }
            var used = 0
            var made = 0
            let result = section.contents.withBytes { input in
                unsafe input.extracting(range).withUnsafeBytes { input in
                    unsafe output.withUnsafeMutableBytes { output in
                        unsafe libdeflate_deflate_decompress_ex(
                            decompressor, input.baseAddress, input.count, output.baseAddress, output.count, &used,
                            &made)
                    }
                }
            }
            switch result {
            case LIBDEFLATE_SUCCESS: break
            case LIBDEFLATE_INSUFFICIENT_SPACE:
                throw MediaError(
                    .malformed, "the member inflates to more than the \(member.byteCount) bytes of the directory",
                    hint: "write the archive again")
            default: throw ZIPArchive.notDeflate
            }
            guard made == member.byteCount, used == range.count else {
                throw MediaError(
                    .malformed,
                    "the member inflates to \(made) bytes from \(used), the directory says \(member.byteCount) from "
                        + "\(range.count)",
                    hint: "write the archive again")
            }
        }
    }

    /// Refuses sizes that are not to be believed, before memory is taken.
    private func checkSize(_ member: Member) throws(MediaError) {
        // A deflate stream makes at most 258 bytes of 2 bits.
        guard member.byteCount / 1032 <= member.compressedByteCount else {
            throw MediaError(
                .malformed, "\(member.compressedByteCount) bytes cannot inflate to \(member.byteCount)",
                hint: "write the archive again")
        }
        guard member.byteCount <= limits.inflatedBytes else {
            throw MediaError(
                .limitExceeded,
                "the member inflates to \(member.byteCount) bytes, the limit is \(limits.inflatedBytes)",
                hint: "raise Limits.inflatedBytes, or store it with np.savez")
        }
        guard
            member.byteCount <= limits.trustedInflatedBytes
                || member.byteCount / max(1, member.compressedByteCount) <= limits.inflationRatio
        else {
            throw MediaError(
                .limitExceeded,
                "the member inflates from \(member.compressedByteCount) to \(member.byteCount) bytes, more than "
                    + "\(limits.inflationRatio) times",
                hint: "raise Limits.inflationRatio if you trust it, or store it with np.savez")
        }
    }
}

/// A checksum as people read it.
func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
