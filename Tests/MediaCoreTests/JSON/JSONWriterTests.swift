import Foundation
import MediaCore
import TestSupport
import Testing

/// Keeps what is written, piece by piece.
private final class PieceSink: ByteSink {
    var pieces: [[UInt8]] = []
    var byteCount: Int { pieces.reduce(0) { $0 + $1.count } }
    func write(_ bytes: RawSpan) { pieces.append(bytes.withUnsafeBytes { Array($0) }) }
    var text: String { String(decoding: pieces.joined(), as: UTF8.self) }
}

@Suite struct JSONWriterTests {
    @Test(
        "Values have this text",
        arguments: [
            (.null, "null"), (.bool(true), "true"), (.bool(false), "false"), (.integer(0), "0"), (.integer(-7), "-7"),
            (.integer(10), "10"), (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"),
            (.number(1), "1.0"), (.number(0), "0.0"), (.number(-0.0), "-0.0"), (.number(0.1), "0.1"),
            (.number(-1.5), "-1.5"), (.number(1e20), "1e+20"), (.number(1e-7), "1e-07"),
            (.number(.leastNonzeroMagnitude), "5e-324"),
            (.number(.greatestFiniteMagnitude), "1.7976931348623157e+308"), (.number(123456789), "123456789.0"),
            (.number(9_007_199_254_740_992), "9007199254740992.0"), (.string(""), "\"\""),
            (.string("a/b é€𝄞\u{7F}"), "\"a/b é€𝄞\u{7F}\""),
            (.string("\"\\\u{8}\u{C}\n\r\t\0\u{1F}\u{B}"), #""\"\\\b\f\n\r\t\u0000\u001f\u000b""#),
            ([], "[]"), ([:], "{}"), ([1, [2.5, nil], ["a": [:]]], #"[1,[2.5,null],{"a":{}}]"#),
            (["b": 1, "a\"": "x"], #"{"b":1,"a\"":"x"}"#),
        ] as [(JSONValue, String)])
    func text(value: JSONValue, text: String) throws {
        #expect(try JSONWriter.string(value) == text)
    }

    @Test("Indented text has one element a line") func indented() throws {
        let value: JSONValue = ["a": [1, 2], "b": [:], "c": [], "d": ["e": nil]]
        let expected = """
            {
              "a": [
                1,
                2
              ],
              "b": {},
              "c": [],
              "d": {
                "e": null
              }
            }
            """
        #expect(try JSONWriter.string(value, options: .init(indentation: 2)) == expected)
    }

    @Test("Numbers that are not finite are refused with their path, or written as asked") func notFinite() throws {
        let value: JSONValue = ["boxes": [1, ["two words": [.number(.nan), .number(-.infinity), .number(.infinity)]]]]
        let error = #expect(throws: MediaError.self) { try JSONWriter.string(value) }
        #expect(error?.code == .valueNotFinite)
        #expect(error?.location.field == "boxes[1][\"two words\"][0]")
        let bare = try JSONWriter.string(value, options: .init(notFinite: .bareWords))
        #expect(bare == #"{"boxes":[1,{"two words":[NaN,-Infinity,Infinity]}]}"#)
        let null = try JSONWriter.string(value, options: .init(notFinite: .null))
        #expect(null == #"{"boxes":[1,{"two words":[null,null,null]}]}"#)
        #expect(#expect(throws: MediaError.self) { try JSONWriter.string(.number(.nan)) }?.location.field == nil)
    }

    @Test("Every double reads back as itself") func doubles() throws {
        var random = SeededGenerator(seed: 21)
        for _ in 0..<50_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let text = try JSONWriter.string(.number(value))
            #expect(try JSONReader.parse(text) == .number(value), "\(text)")
        }
        // The numbers of few decimals, which have a way of their own: the text is that of the standard library.
        for _ in 0..<50_000 {
            let size = random.integer(-(1 << random.below(57))...(1 << random.below(57)))
            let value = Double(size) / random.pick([1, 10, 100, 1000, 10_000, 100_000, 4, 256, 4096])
            let text = try JSONWriter.string(.number(value))
            if abs(value) < 1e11 { #expect(text == value.description) }
            #expect(Double(text) == value, "\(text)")
        }
        for _ in 0..<20_000 {
            let value = Double(random.integer(-(1 << 55)...(1 << 55)))
            #expect(try JSONReader.parse(try JSONWriter.string(.number(value))) == .number(value))
        }
    }

    @Test("Pieces make the same text as the whole value") func pieces() throws {
        let sink = PieceSink()
        var writer = JSONWriter(to: sink)
        try writer.beginObject()
        try writer.key("points")
        try writer.beginArray()
        try writer.values([1, 0.5, -0.0].span)
        try writer.values([Double]().span)
        try writer.endArray()
        try writer.key("label")
        try writer.value("x")
        try writer.key("tree")
        try writer.value(["a": [nil, true]] as JSONValue)
        try writer.key("float")
        try writer.value(Float(0.1))
        try writer.key("count")
        try writer.value(UInt64.max)
        try writer.key("none")
        try writer.null()
        try writer.endObject()
        try writer.finish()
        #expect(
            sink.text
                == #"{"points":[[1.0,0.5,-0.0],[]],"label":"x","tree":{"a":[null,true]},"#
                + #""float":0.1,"count":18446744073709551615,"none":null}"#)
    }

    @Test("A bad number among many is named by its index") func notFiniteInValues() {
        let error = #expect(throws: MediaError.self) {
            var writer = JSONWriter(to: PieceSink())
            try writer.beginObject()
            try writer.key("points")
            try writer.beginArray()
            try writer.values([1, 2].span)
            try writer.values([1, 2, .nan].span)
        }
        #expect(error?.location.field == "points[1][2]")
    }

    @Test("A long document reaches the sink in pieces") func flushes() throws {
        let sink = PieceSink()
        var writer = JSONWriter(to: sink)
        try writer.beginArray()
        for index in 0..<50_000 { try writer.value(index) }
        #expect(sink.byteCount > 200_000)
        try writer.endArray()
        try writer.finish()
        #expect(sink.pieces.allSatisfy { $0.count < 100_000 })
        let value = try JSONReader.parse(sink.text)
        #expect(value.array?.compactMap(\.integer) == (0..<50_000).map(Int64.init))
    }

    @Test("Calls that would not make JSON are refused")
    func misuse() {
        func refused(_ calls: (inout JSONWriter) throws -> Void, line: Int = #line) {
            let error = #expect(throws: MediaError.self, "line \(line)") {
                var writer = JSONWriter(to: PieceSink())
                try calls(&writer)
                try writer.finish()
            }
            #expect(error?.code == .argumentInvalid, "line \(line)")
        }
        refused { _ in }
        refused { try $0.beginArray() }
        refused { try $0.endArray() }
        refused { try $0.key("a") }
        refused {
            try $0.null(); try $0.null()
        }
        refused {
            try $0.beginObject(); try $0.null()
        }
        refused {
            try $0.beginObject(); try $0.endArray()
        }
        refused {
            try $0.beginObject(); try $0.key("a"); try $0.key("b")
        }
        refused {
            try $0.beginObject(); try $0.key("a"); try $0.endObject()
        }
        refused {
            try $0.beginArray(); try $0.key("a")
        }
    }

    @Test("Python's json reads what we write, and we what it writes, in both forms", .python()) func python() throws {
        var random = SeededGenerator(seed: 22)
        let value = JSONValue.array((0..<300).map { _ in Self.random(&random, depth: 4) })
        let script = """
            import json, sys
            value = json.loads(sys.stdin.buffer.read())
            sys.stdout.buffer.write(json.dumps(value, ensure_ascii=sys.argv[1] == "ascii").encode())
            """
        for (indentation, form) in [(0, "ascii"), (3, "utf-8")] {
            let options = JSONWriter.Options(notFinite: .bareWords, indentation: indentation)
            let text = try JSONWriter.bytes(value, options: options)
            let answer = try PythonTools.run(script, arguments: [form], input: text).text
            let back = try JSONReader.parse(answer, options: .python)
            #expect(try JSONWriter.bytes(back, options: options) == text)
        }
    }

    /// A random value with every kind of scalar; names differ.
    private static func random(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch random.below(depth > 0 ? 8 : 6) {
        case 0: return .null
        case 1: return .bool(random.chance(0.5))
        case 2: return .integer(Int64(truncatingIfNeeded: random.next() >> UInt64(random.below(64))))
        case 3: return .number(Double(bitPattern: random.next()))
        case 4: return .number(Double(random.integer(-100_000...100_000)) / 1000)
        case 5:
            let scalars = (0..<random.below(12)).compactMap { _ in
                Unicode.Scalar(
                    UInt32(random.pick([0x20, 0x80, 0x800, 0x1_0000, 0x11_0000])).advanced(by: -random.integer(1...31)))
            }
            return .string(String(String.UnicodeScalarView(scalars)))
        case 6: return .array((0..<random.below(5)).map { _ in Self.random(&random, depth: depth - 1) })
        default:
            return .object(
                JSONObject((0..<random.below(5)).map { ("name \($0) é", Self.random(&random, depth: depth - 1)) }))
        }
    }
}
