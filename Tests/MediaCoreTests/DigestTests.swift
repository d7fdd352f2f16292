import Foundation
import MediaCore
import TestSupport
import Testing

@Suite struct DigestTests {
    /// The message that several documents use: "a" a million times.
    static let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)

    @Test("CRC-32 of known messages") func crc32() {
        #expect(CRC32.of([UInt8]().span.bytes) == 0)
        #expect(CRC32.of(Array("123456789".utf8).span.bytes) == 0xCBF4_3926)
        #expect(CRC32.of(Array("The quick brown fox jumps over the lazy dog".utf8).span.bytes) == 0x414F_A339)
        // The IEND chunk of every PNG file.
        #expect(CRC32.of(Array("IEND".utf8).span.bytes) == 0xAE42_6082)
        #expect(CRC32.of(Self.million.span.bytes) == 0xDC25_BFBC)
    }

    @Test("CRC-32C of the messages in RFC 3720, B.4") func crc32c() {
        #expect(CRC32C.of(Array("123456789".utf8).span.bytes) == 0xE306_9283)
        #expect(CRC32C.of([UInt8](repeating: 0, count: 32).span.bytes) == 0x8A91_36AA)
        #expect(CRC32C.of([UInt8](repeating: 0xFF, count: 32).span.bytes) == 0x62A8_AB43)
        #expect(CRC32C.of([UInt8](0..<32).span.bytes) == 0x46DD_794E)
        #expect(CRC32C.of([UInt8]((0..<32).reversed()).span.bytes) == 0x113F_DB5C)
    }

    @Test("Adler-32 of known messages") func adler32() {
        #expect(Adler32.of([UInt8]().span.bytes) == 1)
        #expect(Adler32.of(Array("Wikipedia".utf8).span.bytes) == 0x11E6_0398)
        #expect(Adler32.of(Self.million.span.bytes) == 0x15D8_70F9)
        // The largest sums between two reductions: every byte 255.
        #expect(
            Adler32.of([UInt8](repeating: 255, count: 1_000_000).span.bytes)
                == Self.slowAdler32(of: 255, count: 1_000_000))
    }

    @Test("SHA-256 of the messages in FIPS 180-2, appendix B") func sha256() {
        let cases = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
        for (message, digest) in cases { #expect(SHA256.of(Array(message.utf8).span.bytes).hex == digest) }
        let million = SHA256.of(Self.million.span.bytes)
        #expect(million.hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        #expect(million.bytes.count == 32)
    }

    @Test("MD5 of the messages in RFC 1321, A.5") func md5() {
        let cases = [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
            (
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                "d174ab98d277d9f5a5611c2c9f419d9f"
            ),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a"
            ),
        ]
        for (message, digest) in cases { #expect(MD5.of(Array(message.utf8).span.bytes).hex == digest) }
    }

    @Test("Digests in base64 as Foundation writes it", arguments: 0...5) func base64(count: Int) {
        let bytes = [UInt8]((0..<count).map { UInt8(250 - 43 * $0) })
        #expect(Digest(bytes: bytes).base64 == Data(bytes).base64EncodedString())
    }

    @Test("A message cut anywhere has the digest of the whole") func splits() {
        var random = SeededGenerator(seed: 1)
        let message = random.bytes(700)
        let span = message.span.bytes
        let whole = (CRC32.of(span), CRC32C.of(span), Adler32.of(span), SHA256.of(span), MD5.of(span))
        for first in 0...message.count {
            let second = (first + message.count) / 2
            let cuts = [0, first, second, message.count]
            var digests = (CRC32(), CRC32C(), Adler32(), SHA256(), MD5())
            for (start, end) in zip(cuts, cuts.dropFirst()) {
                let piece = span.extracting(start..<end)
                digests.0.update(piece)
                digests.1.update(piece)
                digests.2.update(piece)
                digests.3.update(piece)
                digests.4.update(piece)
            }
            #expect(digests.0.value == whole.0, "CRC-32 cut at \(first)")
            #expect(digests.1.value == whole.1, "CRC-32C cut at \(first)")
            #expect(digests.2.value == whole.2, "Adler-32 cut at \(first)")
            #expect(digests.3.finalize() == whole.3, "SHA-256 cut at \(first)")
            #expect(digests.4.finalize() == whole.4, "MD5 cut at \(first)")
        }
    }

    @Test("Checksums of pieces combine into that of the whole") func combine() {
        var random = SeededGenerator(seed: 2)
        let message = random.bytes(70_000)
        let span = message.span.bytes
        for cut in [0, 1, 2, 63, 4479, 4480, 4481, 65_520, 65_521, 65_522, 69_999, 70_000] {
            let (head, tail) = (span.extracting(0..<cut), span.extracting(cut..<message.count))
            let length = message.count - cut
            #expect(CRC32.combine(CRC32.of(head), CRC32.of(tail), secondLength: length) == CRC32.of(span))
            #expect(CRC32C.combine(CRC32C.of(head), CRC32C.of(tail), secondLength: length) == CRC32C.of(span))
            #expect(Adler32.combine(Adler32.of(head), Adler32.of(tail), secondLength: length) == Adler32.of(span))
        }
    }

    @Test("Combining over more than 2³² bytes agrees with combining in smaller steps") func combineLong() {
        let piece = [UInt8](repeating: 0xA7, count: 1 << 16)
        var (crc, castagnoli, adler) = (
            CRC32.of(piece.span.bytes), CRC32C.of(piece.span.bytes), Adler32.of(piece.span.bytes)
        )
        let first = (crc, castagnoli, adler)
        for doubling in 0..<18 {
            let length = piece.count << doubling
            crc = CRC32.combine(crc, crc, secondLength: length)
            castagnoli = CRC32C.combine(castagnoli, castagnoli, secondLength: length)
            adler = Adler32.combine(adler, adler, secondLength: length)
        }
        let total = piece.count << 18
        #expect(total > 1 << 32)
        // The same bytes and one piece more, put together from either end.
        #expect(
            CRC32.combine(first.0, crc, secondLength: total) == CRC32.combine(crc, first.0, secondLength: piece.count))
        #expect(
            CRC32C.combine(first.1, castagnoli, secondLength: total)
                == CRC32C.combine(castagnoli, first.1, secondLength: piece.count))
        #expect(
            Adler32.combine(first.2, adler, secondLength: total)
                == Adler32.combine(adler, first.2, secondLength: piece.count))
    }

    /// Adler-32 of `count` equal bytes, reduced after each.
    private static func slowAdler32(of byte: UInt32, count: Int) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for _ in 0..<count {
            a = (a + byte) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }
}
