import MediaCore
import TestSupport
import Testing

@Suite("JSON piece by piece")
struct JSONPullReaderTests {
    /// The document again as a value, by way of all pieces.
    private static func tree(_ reader: inout JSONPullReader, depth: Int = 0) throws(MediaError) -> JSONValue {
        switch reader.kind {
        case .object:
            var members: [(String, JSONValue)] = []
            try reader.beginObject()
            while try reader.nextName() != nil {
                let name = reader.nameText
                members.append((name, try tree(&reader, depth: depth + 1)))
            }
            return .object(JSONObject(members))
        case .array:
            var elements: [JSONValue] = []
            try reader.beginArray()
            while try reader.nextElement() { elements.append(try tree(&reader, depth: depth + 1)) }
            return .array(elements)
        case .number:
            switch try reader.number() {
            case .integer(let value): return .integer(value)
            case .double(let value): return .number(value)
            }
        case .string: return .string(try reader.string())
        case .word: return try reader.value()
        }
    }

    private static func outcome(
        _ bytes: [UInt8], options: JSONReader.Options = .init(),
        _ read: (inout JSONPullReader) throws(MediaError) -> JSONValue
    ) -> String {
        do throws(MediaError) {
            let value = try JSONPullReader.read(bytes.span.bytes, options: options, body: read)
            return try JSONWriter.string(value, options: .init(notFinite: .bareWords))
        } catch {
            return error.description
        }
    }

    @Test("pieces, whole values and steps over them agree with the reader of trees on damaged documents, errors too")
    func agreesWithTree() {
        let seeds = [
            #"{"_type":"images/separated","width":640,"captions":["a \"b\"","\u00e9\ud834\udd1e",null],"n":-1.5e-7}"#,
            "[[0.1,2,3],[4,5,-6e2],{\"a\":{\"b\":[true,false]}},\"é€𝄞\",12345678.87654321,0.12345678901234567]",
            #" {"box_data":[{"position":{"minX":0.1,"max\u0058":0.25},"class_id":7,"a name of more than 16":[{}]}]} "#,
            "{" + (0..<40).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + ",\"k7\":[]}",
        ].map { Array($0.utf8) }
        var random = SeededGenerator(seed: 21)
        var readable = 0
        for round in 0..<8000 {
            let bytes = round < seeds.count ? seeds[round] : mutated(seeds[round % seeds.count], using: &random)
            var expected = ""
            do throws(MediaError) {
                let value = try JSONReader.parse(bytes.span.bytes)
                expected = try JSONWriter.string(value)
                readable += 1
            } catch {
                expected = error.description
            }
            // A name that stands twice is found at once here, at the end of its object by the reader of trees: what else
            // is wrong before that end is named by one of them only.
            let isRepeated = { (text: String) in text.contains("twice") }
            let pieces = Self.outcome(bytes) { (reader) throws(MediaError) in try Self.tree(&reader) }
            let whole = Self.outcome(bytes) { (reader) throws(MediaError) in try reader.value() }
            let skipped = Self.outcome(bytes) { (reader) throws(MediaError) in
                try reader.skip()
                return nil
            }
            #expect(whole == expected)
            #expect(pieces == expected || isRepeated(pieces))
            #expect(
                skipped == (pieces == expected && !expected.hasPrefix("byte") ? "null" : pieces) || isRepeated(skipped))
        }
        #expect(readable > 100)
    }

    @Test("names that stand twice are refused: few, many, long, and with escapes")
    func repeatedNames() {
        let many = (0..<100).map { "\"n\($0)\":0" }.joined(separator: ",")
        let long = "\"a name of more than sixteen bytes\":0"
        for text in [
            "{\"a\":0,\"a\":1}", "{\"a\":0,\"\\u0061\":1}", "{\(many),\"n99\":0}", "{\(many),\"n3\":0}",
            "{\(long),\(long)}",
            "{\(many),\"in\":{\(many)},\"n3\":0}", "{\"x\":0,\(long),\"x\":0}", "{\"o\":{\(many)},\"o\":{}}",
            "{\"\":0,\"\":0}", "[{\"a\":{\"b\":1,\"b\":2}}]",
        ] {
            let error = #expect(throws: MediaError.self) {
                try JSONPullReader.read(text.utf8Span.span.bytes) { (reader) throws(MediaError) in try reader.skip()
                }
            }
            #expect(error?.message.contains("twice") == true, "\(text)")
        }
        let fine =
            "{\(many),\"in\":{\(many)},\"list\":[{\(many)},{\(many)},{\"n1\":0}],\(long),\"a name of more than sixteen bytez\":0}"
        #expect(throws: Never.self) {
            try JSONPullReader.read(fine.utf8Span.span.bytes) { (reader) throws(MediaError) in try reader.skip() }
        }
    }

    @Test("known names are found in any order, and others are told apart from them")
    func knownNames() throws {
        let known = JSONKnownNames(["minX", "box_caption", "class_id", "exactly 16 bytes"])
        let text =
            #"{"class_id":1,"minX":1,"minX ":1,"min":1,"exactly 16 bytes":1,"exactly 16 bytes!":1,"box_\u0063aption":1}"#
        let places = try JSONPullReader.read(text.utf8Span.span.bytes) { (reader) throws(MediaError) in
            var places: [Int] = []
            try reader.beginObject()
            while let place = try reader.nextMember(of: known) {
                places.append(place)
                try reader.skip()
            }
            return places
        }
        #expect(places == [2, 0, 4, 4, 3, 4, 1])
    }

    @Test("nesting beyond the limit is refused, however it is read")
    func nesting() {
        var limits = Limits()
        limits.nestingDepth = 10
        for depth in [10, 11, 100_000] {
            let text = Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
            for readsWhole in [true, false] {
                var code: MediaError.Code?
                do throws(MediaError) {
                    try JSONPullReader.read(text.span.bytes, limits: limits) { (reader) throws(MediaError) in
                        if readsWhole { _ = try reader.value() } else { try reader.skip() }
                    }
                } catch {
                    code = error.code
                }
                #expect(code == (depth <= 10 ? nil : .limitExceeded))
            }
        }
    }

    @Test("what follows the value, and a value of another kind, is refused where it stands")
    func misplaced() {
        func offset(_ text: String, _ body: (inout JSONPullReader) throws(MediaError) -> Void) -> Int? {
            do throws(MediaError) {
                try JSONPullReader.read(text.utf8Span.span.bytes, body: body)
                return nil
            } catch {
                return error.location.offset
            }
        }
        #expect(offset("1 2") { (reader) throws(MediaError) in _ = try reader.number() } == 2)
        #expect(offset(" \"a\"") { (reader) throws(MediaError) in _ = try reader.number() } == 1)
        #expect(offset("[]") { (reader) throws(MediaError) in try reader.beginObject() } == 0)
        #expect(offset("7") { (reader) throws(MediaError) in _ = try reader.string() } == 0)
        #expect(offset("NaN") { (reader) throws(MediaError) in _ = try reader.number() } == 0)
    }
}
