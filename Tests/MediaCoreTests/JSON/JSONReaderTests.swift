import MediaCore
import TestSupport
import Testing

@Suite struct JSONReaderTests {
    @Test(
        "Valid documents have their value",
        arguments: [
            ("null", .null), (" true\n", .bool(true)), ("\t\r\nfalse", .bool(false)),
            ("0", .integer(0)), ("-0", .integer(0)), ("42", .integer(42)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("-0.0", .number(-0.0)),
            ("1.0", .number(1)), ("1e2", .number(100)), ("1E+2", .number(100)), ("25e-1", .number(2.5)),
            ("0.1", .number(0.1)), ("-1.5e-3", .number(-0.0015)), ("1e-400", .number(0)),
            ("0e999999999999999999999", .number(0)),
            ("\"\"", .string("")), ("\"a\"", .string("a")), (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
            (#""\u0041\u00e9\u20AC\uD834\uDD1E\u0000""#, .string("Aé€𝄞\0")), ("\"é€𝄞\u{7F}\"", .string("é€𝄞\u{7F}")),
            (#""é\n€""#, .string("é\n€")), ("[]", .array([])), ("{}", .object([:])), ("[ ]", .array([])),
            ("[1,[2,[]],{}]", [1, [2, []], [:]]), ("{ \"a\" : 1 , \"b\" : [ true ] }", ["a": 1, "b": [true]]),
            ("{\"\":null}", ["": nil]), ("[[[[1]]]]", [[[[1]]]]),
        ] as [(String, JSONValue)])
    func valid(text: String, value: JSONValue) throws {
        let read = try JSONReader.parse(text)
        #expect(read == value)
        if case .number(let left) = read, case .number(let right) = value { #expect(left.sign == right.sign) }
    }

    @Test(
        "Documents that break a rule are refused at the byte that breaks it",
        arguments: [
            ("", 0), (" ", 1), ("nul", 0), ("nulL", 0), ("True", 0), ("truefalse", 4), ("1 2", 2), ("'a'", 0),
            ("// 1", 0),
            ("+1", 0), ("01", 0), ("-01", 0), ("-", 1), (".5", 0), ("1.", 2), ("1.e1", 2), ("1e", 2), ("1e+", 3),
            ("0x10", 1),
            ("1_000", 1), ("NaN", 0), ("Infinity", 0), ("-Infinity", 1), ("--1", 1),
            ("\"", 0), ("\"a", 0), ("\"\\\"", 0), ("\"\\", 1), (#""\x""#, 1), (#""\u12""#, 1), (#""\u12G4""#, 1),
            (#""\uD834""#, 1), (#""\uD834\n""#, 1), (#""\uD834\u0041""#, 1), (#""\uDD1E""#, 1),
            ("\"a\tb\"", 2), ("\"a\0b\"", 2), ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3),
            ("]", 0), ("[1}", 2), ("[1]]", 3), ("{", 1), ("{\"a\"", 4), ("{\"a\":", 5), ("{\"a\":1", 6),
            ("{\"a\":1,}", 7),
            ("{\"a\" 1}", 5), ("{a:1}", 1), ("{1:1}", 1), ("{\"a\":1]", 6), ("{,}", 1), ("\0", 0), ("[\u{A0}1]", 1),
            ("{\"a\":1,\"b\":2,\"a\":3}", 0), ("[{\"a\":1,\"\\u0061\":3}]", 1),
        ])
    func malformed(text: String, offset: Int) {
        let error = #expect(throws: MediaError.self) { try JSONReader.parse(text) }
        #expect(error?.code == .malformed)
        #expect(error?.location.offset == offset, "\(text): \(error?.description ?? "")")
    }

    @Test(
        "Bytes that are not UTF-8 are refused where they stand",
        arguments: [
            ([0x80], 1), ([0xFF], 1), ([0xC3], 1), ([0xC0, 0x80], 1), ([0xE0, 0x80, 0x80], 1), ([0xED, 0xA0, 0x80], 1),
            ([0xF0, 0x80, 0x80, 0x80], 1), ([0xF4, 0x90, 0x80, 0x80], 1), ([0xF5, 0x80, 0x80, 0x80], 1),
            ([0x61, 0xE2, 0x82], 2), ([0xC3, 0xA9, 0x5C, 0x6E, 0xE9], 5), ([0xE2, 0x82, 0x5C, 0x6E], 1),
        ] as [([UInt8], Int)])
    func notUTF8(inside: [UInt8], offset: Int) {
        let quote = UInt8(ascii: "\"")
        let error = #expect(throws: MediaError.self) {
            try JSONReader.parse(([quote] + inside + [quote]).span.bytes)
        }
        #expect(error?.code == .malformed)
        #expect(error?.location.offset == offset)
    }

    @Test("A byte order mark is refused with what to do") func byteOrderMark() {
        let error = #expect(throws: MediaError.self) { try JSONReader.parse("\u{FEFF}1") }
        #expect(error?.hint == "save it as UTF-8 without BOM")
    }

    @Test("Errors name line and column, counted in characters") func position() {
        let error = #expect(throws: MediaError.self) { try JSONReader.parse("{\n \"é\": [1,\r\n  \"€€\" 2]}") }
        #expect(error?.message == "line 3, column 8: found \"2\", expected \",\" or \"]\"")
        #expect(error?.location.offset == 25)
    }

    @Test("Numbers are the nearest double, also where one multiplication cannot give it") func rounding() throws {
        for text in [
            "9007199254740993.0", "0.30000000000000004", "2.2250738585072011e-308", "1.7976931348623157e308", "5e-324",
            "123456789012345678e-22", "8.98846567431158e307", "17976931348623157e292", "9007199254740992e22", "1e23",
            "0.000000000000000000000000000000000000000000000001",
            "3.14159265358979323846264338327950288419716939937510",
            "2.47032822920623272088e-324", "179769313486231580793e288",
        ] {
            let value = try #require(Double(text))
            #expect(try JSONReader.parse(text) == .number(value), "\(text)")
        }
        var random = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            // The range in which the reader divides by itself.
            let text = "0.\(random.next() >> UInt64(random.below(64)))e\(random.integer(-2...3))"
            let value = try #require(Double(text))
            #expect(try JSONReader.parse(text) == .number(value), "\(text)")
        }
        for _ in 0..<20_000 {
            let digits = String(random.next() >> UInt64(random.below(64)))
            let text = "\(digits).\(random.below(100_000))e\(random.integer(-330...280))"
            let value = try #require(Double(text))
            #expect(try JSONReader.parse(text) == .number(value), "\(text)")
        }
    }

    @Test("A number beyond the largest double is refused", arguments: ["1e309", "-1e400", "1e99999999999999999999"])
    func tooLarge(text: String) {
        let error = #expect(throws: MediaError.self) { try JSONReader.parse(text) }
        #expect(error?.code == .valueOutOfRange)
    }

    @Test("Nesting is read to the limit and refused beyond it, however deep") func nesting() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        var limits = Limits()
        #expect(throws: Never.self) { try JSONReader.parse(nested(limits.nestingDepth)) }
        let error = #expect(throws: MediaError.self) { try JSONReader.parse(nested(limits.nestingDepth + 1)) }
        #expect(error?.code == .limitExceeded)
        #expect(error?.location.offset == limits.nestingDepth)

        limits.nestingDepth = .max
        let deepest = try JSONReader.parse(nested(JSONReader.deepestNesting), limits: limits)
        #expect(try JSONWriter.string(deepest) == nested(JSONReader.deepestNesting))
        let open = String(repeating: "[{\"a\":", count: 1_000_000)
        let over = #expect(throws: MediaError.self) { try JSONReader.parse(open, limits: limits) }
        #expect(over?.code == .limitExceeded)
    }

    @Test("Of a repeated name the last value holds, in the first place, when that is asked") func repeatedNames() throws
    {
        let members = (0..<20).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        for text in ["{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":1,\(members),\"a\":3}"] {
            #expect(throws: MediaError.self) { try JSONReader.parse(text) }
            let object = try #require(try JSONReader.parse(text, options: .python).object)
            #expect(object["a"] == 3)
            #expect(object.members.first?.name == "a")
            #expect(object.members.count == (text.count > 30 ? 21 : 2))
        }
    }

    @Test("Names that only look the same are two names") func canonicalEquivalence() throws {
        let object = try #require(try JSONReader.parse("{\"\u{E9}\":1,\"e\u{301}\":2}").object)
        #expect(object.members.count == 2)
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
    }

    @Test("NaN and the infinities are read when that is asked") func notFinite() throws {
        let value = try JSONReader.parse("[NaN,Infinity,-Infinity]", options: .python)
        let numbers = try #require(value.array).compactMap(\.double)
        #expect(numbers.count == 3 && numbers[0].isNaN && numbers[1] == .infinity && numbers[2] == -.infinity)
        for text in ["Nan", "Inf", "-Inf", "-NaN", "Infinit"] {
            #expect(throws: MediaError.self) { try JSONReader.parse(text, options: .python) }
        }
    }

    @Test("Ten thousand damaged documents are read or refused, and what is read is written and read again the same")
    func mutations() throws {
        let seeds = [
            #"{"_type":"images/separated","width":640,"captions":["a \"b\"","\u00e9\ud834\udd1e",null],"n":-1.5e-7}"#,
            "[[0.1,2,3],[4,5,-6e2],{\"a\":{\"b\":[true,false]}},\"é€𝄞\"]", " {\n\t\"k\" : [ ] , \"l\" : { } }\r\n",
        ].map { Array($0.utf8) }
        var random = SeededGenerator(seed: 12)
        var readable = 0
        for round in 0..<10_000 {
            let bytes = mutated(seeds[round % seeds.count], using: &random)
            do throws(MediaError) {
                let value = try JSONReader.parse(bytes.span.bytes, options: .python)
                let options = JSONWriter.Options(notFinite: .bareWords)
                let text = try JSONWriter.bytes(value, options: options)
                let again = try JSONReader.parse(text.span.bytes, options: .python)
                #expect(try JSONWriter.bytes(again, options: options) == text)
                readable += 1
            } catch {
                #expect([.malformed, .limitExceeded, .valueOutOfRange].contains(error.code))
                #expect((0...bytes.count).contains(error.location.offset ?? -1))
            }
        }
        #expect(readable > 100)
    }
}
