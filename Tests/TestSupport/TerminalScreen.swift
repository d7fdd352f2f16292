import Foundation

/// Reads back what is written for terminals, the way their documentation describes it.
package enum TerminalScreen {
    /// A picture: width, and red, green, blue for each pixel; `nil` where nothing was drawn.
    package struct Picture {
        package var width: Int
        package var pixels: [[UInt8]?]

        /// How many rows there are.
        package var height: Int { width > 0 ? pixels.count / width : 0 }
    }

    // MARK: Half blocks

    /// The picture that lines of `▀` draw: the colours of 24 bits, or of xterm's palette as `[number]`.
    package static func blocks(_ text: String) throws -> Picture {
        var rows: [[[UInt8]?]] = []
        for line in text.replacingOccurrences(of: "\r\n", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false)
        where line.contains("▀") {
            var above: [UInt8]?, below: [UInt8]?
            var upper: [[UInt8]?] = [], lower: [[UInt8]?] = []
            var rest = Substring(line)
            while let first = rest.first {
                if first == "▀" {
                    upper.append(above)
                    lower.append(below)
                    rest = rest.dropFirst()
                    continue
                }
                guard let match = rest.prefixMatch(of: /\u{1B}\[([0-9;]*)m/) else {
                    throw ProgramFailure("what is \(rest.prefix(20).debugDescription)?")
                }
                let numbers = match.1.split(separator: ";").compactMap { UInt8($0) }
                switch numbers.prefix(2) {
                case [38, 2], [38, 5]: above = Array(numbers.dropFirst(2))
                case [48, 2], [48, 5]: below = Array(numbers.dropFirst(2))
                case [0]: (above, below) = (nil, nil)
                default: throw ProgramFailure("what is the attribute \(match.1)?")
                }
                rest = rest[match.range.upperBound...]
            }
            guard above == nil, below == nil else { throw ProgramFailure("colours go on after the line") }
            rows += [upper, lower]
        }
        let width = rows.first?.count ?? 0
        guard rows.allSatisfy({ $0.count == width }) else { throw ProgramFailure("lines of different lengths") }
        return Picture(width: width, pixels: rows.flatMap { $0 })
    }

    /// The red, green and blue of one of xterm's 256 colours, from 16 on.
    package static func xterm(_ number: Int) -> [Int] {
        if number >= 232 { return Array(repeating: 8 + 10 * (number - 232), count: 3) }
        let levels = [0, 95, 135, 175, 215, 255]
        return [(number - 16) / 36, (number - 16) / 6 % 6, (number - 16) % 6].map { levels[$0] }
    }

    // MARK: Files in escapes

    /// The file that pieces of kitty's protocol carry; checks their form.
    package static func kitty(_ bytes: [UInt8]) throws -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        var code = ""
        var isDone = false
        for (index, match) in text.matches(of: /\u{1B}_G([^;]*);([^\u{1B}]*)\u{1B}\\/).enumerated() {
            var keys: [Substring: Substring] = [:]
            for pair in match.1.split(separator: ",") {
                let parts = pair.split(separator: "=")
                keys[parts[0]] = parts[1]
            }
            if index == 0, keys["a"] != "T" || keys["f"] != "100" || keys["q"] != "2" {
                throw ProgramFailure("the first piece is \(match.1)")
            }
            guard !isDone, match.2.count <= 4096 else { throw ProgramFailure("a piece too many or too long") }
            isDone = keys["m"] == "0"
            guard isDone || match.2.count % 4 == 0 else { throw ProgramFailure("a piece of \(match.2.count)") }
            code += match.2
        }
        guard isDone, let data = Data(base64Encoded: code) else { throw ProgramFailure("not a whole picture") }
        return [UInt8](data)
    }

    /// The file of an inline image of iTerm2, with its arguments.
    package static func iterm(_ bytes: [UInt8]) throws -> (file: [UInt8], arguments: [String: String]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let match = text.firstMatch(of: /\u{1B}\]1337;File=([^:]*):([^\u{07}]*)\u{07}/),
            let data = Data(base64Encoded: String(match.2))
        else { throw ProgramFailure("no inline image") }
        var arguments: [String: String] = [:]
        for pair in match.1.split(separator: ";") {
            let parts = pair.split(separator: "=").map(String.init)
            arguments[parts[0]] = parts[1]
        }
        return ([UInt8](data), arguments)
    }

    // MARK: Sixel

    /// The picture of sixels, and its palette in hundredths.
    package static func sixel(_ bytes: [UInt8]) throws -> (picture: Picture, palette: [Int: [Int]]) {
        guard let start = firstRange(of: [0x1B, UInt8(ascii: "P")], in: bytes, from: 0),
            let end = firstRange(of: [0x1B, UInt8(ascii: "\\")], in: bytes, from: start)
        else { throw ProgramFailure("no sixels") }
        var place = start + 2
        func numbers() -> [Int] {
            var numbers: [Int] = [0]
            while place < end {
                if let digit = Character(UnicodeScalar(bytes[place])).wholeNumberValue {
                    numbers[numbers.count - 1] = 10 * numbers[numbers.count - 1] + digit
                } else if bytes[place] == UInt8(ascii: ";") {
                    numbers.append(0)
                } else {
                    break
                }
                place += 1
            }
            return numbers
        }
        _ = numbers()
        guard bytes[place] == UInt8(ascii: "q") else { throw ProgramFailure("not a q") }
        place += 1
        var palette: [Int: [Int]] = [:]
        var color = 0, x = 0, top = 0, count = 1
        var picture = Picture(width: 0, pixels: [])
        var drawn: [Int: [UInt8]] = [:]
        while place < end {
            let letter = bytes[place]
            place += 1
            switch letter {
            case UInt8(ascii: "\""):
                let size = numbers()
                picture = Picture(width: size[2], pixels: Array(repeating: nil, count: size[2] * size[3]))
            case UInt8(ascii: "#"):
                let values = numbers()
                color = values[0]
                if values.count == 5 { palette[color] = Array(values[2...]) }
            case UInt8(ascii: "!"): count = numbers()[0]
            case UInt8(ascii: "$"): x = 0
            case UInt8(ascii: "-"): (x, top) = (0, top + 6)
            case 63...126:
                for _ in 0..<count {
                    for bit in 0..<6 where (letter - 63) >> UInt8(bit) & 1 == 1 {
                        guard x < picture.width, top + bit < picture.height, let percent = palette[color] else {
                            throw ProgramFailure("a pixel outside, or without colour, at \(x), \(top + bit)")
                        }
                        let pixel = percent.map { UInt8(($0 * 255 + 50) / 100) }
                        guard drawn.updateValue(pixel, forKey: (top + bit) * picture.width + x) == nil else {
                            throw ProgramFailure("a pixel drawn twice at \(x), \(top + bit)")
                        }
                    }
                    x += 1
                }
                count = 1
            default: throw ProgramFailure("what is byte \(letter)?")
            }
        }
        for (place, pixel) in drawn { picture.pixels[place] = pixel }
        return (picture, palette)
    }

    private static func firstRange(of sign: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        (start..<max(start, bytes.count - 1)).first { bytes[$0] == sign[0] && bytes[$0 + 1] == sign[1] }
    }
}
