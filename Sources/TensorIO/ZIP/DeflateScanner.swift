/// A small decoder of deflate streams (RFC 1951) for what libdeflate cannot do: the first bytes of a long stream, and
/// where its last block begins and ends.
struct DeflateScanner {
    /// Why a scan stopped.
    enum Failure: Error {
        /// The input ends before the stream does; with more of it the scan may go on.
        case inputEnds
        /// The bits are no deflate stream.
        case malformed
    }

    private let input: [UInt8]
    private var bitPosition = 0
    private var output: [UInt8] = []
    private let outputLimit: Int?

    private init(_ input: [UInt8], outputLimit: Int?) {
        self.input = input
        self.outputLimit = outputLimit
    }

    /// The first `byteCount` bytes that `input` inflates to; fewer when the stream is shorter.
    static func prefix(of input: [UInt8], byteCount: Int) throws(Failure) -> [UInt8] {
        var scanner = DeflateScanner(input, outputLimit: byteCount)
        while !scanner.isFull {
            let isLast = try scanner.take(1) == 1
            try scanner.block()
            if isLast { break }
        }
        return Array(scanner.output.prefix(byteCount))
    }

    /// Where the header of the last block is, and where the stream ends, in bits.
    static func lastBlock(of input: [UInt8]) throws(Failure) -> (header: Int, end: Int) {
        var scanner = DeflateScanner(input, outputLimit: nil)
        while true {
            let header = scanner.bitPosition
            let isLast = try scanner.take(1) == 1
            try scanner.block()
            if isLast { return (header, scanner.bitPosition) }
        }
    }

    private var isFull: Bool { outputLimit.map { output.count >= $0 } ?? false }

    // MARK: Bits

    /// Up to 32 bits from the current position, lowest first; zeros stand for what is beyond the end.
    private func peek() -> UInt32 {
        let byte = bitPosition >> 3
        var bits: UInt64 = 0
        for i in 0..<5 where byte + i < input.count { bits |= UInt64(input[byte + i]) << UInt64(8 * i) }
        return UInt32(truncatingIfNeeded: bits >> UInt64(bitPosition & 7))
    }

    private mutating func skip(_ count: Int) throws(Failure) {
        bitPosition += count
        guard bitPosition <= input.count * 8 else { throw .inputEnds }
    }

    private mutating func take(_ count: Int) throws(Failure) -> Int {
        let bits = peek() & (1 << UInt32(count) - 1)
        try skip(count)
        return Int(bits)
    }

    // MARK: Blocks

    private mutating func block() throws(Failure) {
        switch try take(2) {
        case 0: try storedBlock()
        case 1: try codedBlock(.fixedLiterals, .fixedDistances)
        case 2:
            let (literals, distances) = try readCodes()
            try codedBlock(literals, distances)
        default: throw .malformed
        }
    }

    private mutating func storedBlock() throws(Failure) {
        bitPosition = (bitPosition + 7) & ~7
        let length = try take(16)
        guard try take(16) == length ^ 0xFFFF else { throw .malformed }
        let start = bitPosition >> 3
        let end = min(start + length, input.count)
        if outputLimit != nil { output += input[start..<end] }
        if isFull { return }
        try skip(length * 8)
    }

    private mutating func codedBlock(_ literals: Code, _ distances: Code) throws(Failure) {
        while !isFull {
            let symbol = try next(literals)
            if symbol < 256 {
                if outputLimit != nil { output.append(UInt8(truncatingIfNeeded: symbol)) }
                continue
            }
            if symbol == 256 { return }
            guard symbol <= 285 else { throw .malformed }
            let (lengthBase, lengthBits) = Self.lengths[symbol - 257]
            let length = lengthBase + (try take(lengthBits))
            let distanceSymbol = try next(distances)
            guard distanceSymbol < 30 else { throw .malformed }
            let (distanceBase, distanceBits) = Self.distances[distanceSymbol]
            let distance = distanceBase + (try take(distanceBits))
            guard outputLimit != nil else { continue }
            guard distance <= output.count else { throw .malformed }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    private mutating func next(_ code: Code) throws(Failure) -> Int {
        let entry = code.table[Int(peek() & 0x7FFF)]
        guard entry != 0 else { throw bitPosition + 15 > input.count * 8 ? .inputEnds : .malformed }
        try skip(Int(entry & 15))
        return Int(entry >> 4)
    }

    private mutating func readCodes() throws(Failure) -> (Code, Code) {
        let literalCount = 257 + (try take(5))
        let distanceCount = 1 + (try take(5))
        let count = 4 + (try take(4))
        var lengths = [UInt8](repeating: 0, count: 19)
        for place in Self.codeOrder.prefix(count) { lengths[place] = UInt8(try take(3)) }
        let code = try Code(lengths)
        var all: [UInt8] = []
        while all.count < literalCount + distanceCount {
            let symbol = try next(code)
            switch symbol {
            case 0..<16: all.append(UInt8(symbol))
            case 16:
                guard let last = all.last else { throw .malformed }
                all += repeatElement(last, count: 3 + (try take(2)))
            case 17: all += repeatElement(0, count: 3 + (try take(3)))
            default: all += repeatElement(0, count: 11 + (try take(7)))
            }
        }
        guard all.count == literalCount + distanceCount else { throw .malformed }
        return (try Code(Array(all[..<literalCount])), try Code(Array(all[literalCount...])))
    }

    // MARK: Tables

    /// A Huffman code as a table over the next 15 bits: the symbol times 16 plus the length of its code; 0 for none.
    private struct Code {
        var table = [UInt16](repeating: 0, count: 1 << 15)

        init(_ lengths: [UInt8]) throws(Failure) {
            var next = 0
            for length in 1...15 {
                for (symbol, ownLength) in lengths.enumerated() where Int(ownLength) == length {
                    guard next < 1 << length else { throw .malformed }
                    let entry = UInt16(truncatingIfNeeded: symbol << 4 | length)
                    var place = Int(UInt16(truncatingIfNeeded: next).reversedBits >> UInt16(16 - length))
                    while place < table.count {
                        table[place] = entry
                        place += 1 << length
                    }
                    next += 1
                }
                next <<= 1
            }
        }

        private init(complete lengths: [UInt8]) { self = (try? Code(lengths)) ?? Code(empty: ()) }
        private init(empty: Void) {}

        static let fixedLiterals = Code(
            complete: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
        static let fixedDistances = Code(complete: [UInt8](repeating: 5, count: 30))
    }

    private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private static let lengths: [(base: Int, bits: Int)] = {
        var table: [(Int, Int)] = []
        var base = 3
        for symbol in 0..<28 {
            let bits = symbol < 8 ? 0 : symbol / 4 - 1
            table.append((base, bits))
            base += 1 << bits
        }
        return table + [(258, 0)]
    }()

    private static let distances: [(base: Int, bits: Int)] = {
        var table: [(Int, Int)] = []
        var base = 1
        for symbol in 0..<30 {
            let bits = symbol < 4 ? 0 : symbol / 2 - 1
            table.append((base, bits))
            base += 1 << bits
        }
        return table
    }()
}

extension UInt16 {
    fileprivate var reversedBits: UInt16 {
        var bits = self
        bits = (bits & 0x5555) << 1 | bits >> 1 & 0x5555
        bits = (bits & 0x3333) << 2 | bits >> 2 & 0x3333
        bits = (bits & 0x0F0F) << 4 | bits >> 4 & 0x0F0F
        return bits.byteSwapped
    }
}
