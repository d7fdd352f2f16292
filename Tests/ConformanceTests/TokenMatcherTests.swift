import MediaCore
import Testing

@Suite("Tokens in expectations")
struct TokenMatcherTests {
    private let digest = String(repeating: "0123456789abcdef", count: 4)

    private func json(_ text: String) throws -> JSONValue {
        try JSONReader.parse(Array(text.utf8).span.bytes, options: .python)
    }

    private func differences(_ ours: String, _ expected: String) throws -> [String] {
        var matcher = TokenMatcher()
        return matcher.differences(try json(ours), try json(expected), path: "x")
    }

    @Test("a token stands for any digest, and its first digits for the same one")
    func digests() throws {
        let expected = #"{"sha": "{{sha256:0}}", "path": "a/{{sha20:0}}.png", "size": "{{size:0}}"}"#
        let prefix = digest.prefix(20)
        #expect(try differences(#"{"sha": "\#(digest)", "path": "a/\#(prefix).png", "size": 7}"#, expected).isEmpty)
        #expect(
            try differences(#"{"path": "a/\#(prefix).png", "sha": "\#(digest)", "size": 7}"#, expected).isEmpty)
        let other = String(prefix.reversed())
        #expect(try !differences(#"{"sha": "\#(digest)", "path": "a/\#(other).png", "size": 7}"#, expected).isEmpty)
        #expect(try !differences(#"{"sha": "\#(prefix)", "path": "a/\#(prefix).png", "size": 7}"#, expected).isEmpty)
        #expect(try !differences(#"{"sha": "\#(digest)", "path": "b/\#(prefix).png", "size": 7}"#, expected).isEmpty)
        #expect(try !differences(#"{"sha": "\#(digest)", "path": "a/\#(prefix).jpg", "size": 7}"#, expected).isEmpty)
        #expect(try !differences(#"{"sha": "\#(digest)", "path": "a/\#(prefix).png", "size": "7"}"#, expected).isEmpty)
    }

    @Test("the same token is the same value everywhere, another one need not be")
    func consistency() throws {
        let (a, b) = (String(repeating: "a", count: 20), String(repeating: "b", count: 20))
        #expect(
            try differences(#"["\#(a)", "\#(b)", "\#(a)"]"#, #"["{{sha20:0}}", "{{sha20:1}}", "{{sha20:0}}"]"#).isEmpty)
        #expect(
            try differences(#"["\#(a)", "\#(b)"]"#, #"["{{sha20:0}}", "{{sha20:0}}"]"#)
                == [#"x[1] is "\#(b)", expected "{{sha20:0}}""#])
        #expect(try differences("[1, 2]", #"["{{size:0}}", "{{size:0}}"]"#) == ["x[1] is 2, elsewhere 1"])
    }

    @Test("everything else must be equal; numbers by value, members in any order")
    func plainValues() throws {
        #expect(try differences(#"{"a": 1, "b": [true, null]}"#, #"{"b": [true, null], "a": 1.0}"#).isEmpty)
        #expect(try differences(#"{"a": 1}"#, #"{"a": 1, "b": 2}"#) == ["x.b is missing"])
        #expect(try differences(#"{"a": 1, "b": 2}"#, #"{"a": 1}"#) == ["x.b is not expected"])
        #expect(try differences("[1]", "[1, 2]") == ["x has 1 elements, expected 2"])
        #expect(try differences("[1]", "[2]") == ["x[0] is 1.0, expected 2.0"])
        #expect(try !differences(#""1""#, "1").isEmpty)
        #expect(try !differences("false", "0").isEmpty)
        #expect(try !differences("null", "false").isEmpty)
        #expect(try differences("NaN", #"{"$float": "NaN"}"#).isEmpty)
        #expect(try !differences("1", #"{"$float": "NaN"}"#).isEmpty)
    }

    @Test("paths are resolved with what the tokens turned out to be")
    func resolution() throws {
        var matcher = TokenMatcher()
        let name = "a_" + digest.prefix(20)
        #expect(matcher.differences(.string(name), "a_{{sha20:12}}", path: "x").isEmpty)
        #expect(matcher.resolved("m/a_{{sha20:12}}.png") == "m/\(name).png")
        #expect(matcher.resolved("{{sha20:1}}") == "{{sha20:1}}")
    }
}
