import MediaCore
import TestSupport
import Testing

@Suite struct XMLReaderTests {
    @Test("Elements, attributes, text and positions are read") func tree() throws {
        let tree = try XMLReader.parse(
            """
            \u{FEFF}<?xml version='1.0' encoding="utf-8"?>
            <!-- made by hand --><annotation verified="yes" note='a "b"&#x20;&lt;'>
              <object><name> é&amp;b </name></object>
              <object/><![CDATA[<raw>&amp;]]>
            </annotation>
            <?end?>
            """)
        let root = tree.root
        #expect(root.name == "annotation" && tree.count == 4)
        #expect(root.attributes.map(\.name) == ["verified", "note"])
        #expect(root.attribute("note") == "a \"b\" <" && root.attribute("other") == nil)
        #expect(root.children.map(\.name) == ["object", "object"])
        #expect(root["object"]?["name"]?.trimmedText == "é&b")
        #expect(root["object"]?["name"]?.position == .init(line: 3, column: 11))
        #expect(root.trimmedText == "<raw>&amp;")
        #expect(root["size"] == nil)
    }

    @Test("Errors name line and column in characters, and the byte")
    func positions() {
        let error = #expect(throws: MediaError.self) { try XMLReader.parse("<a>\r\n<é>€</é >\r</b>") }
        #expect(error?.message == "line 3, column 5: </b> ends <a>, which begins at line 1, column 1")
        #expect(error?.location.offset == 19)
    }

    @Test("A document type and other encodings are refused with what to do")
    func refusals() {
        for (text, hint) in [
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "remove <!DOCTYPE …>"),
            ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>", "save it as UTF-8"),
        ] {
            let error = #expect(throws: MediaError.self) { try XMLReader.parse(text) }
            #expect(error?.code == .unsupported)
            #expect(error?.hint == hint)
        }
        let wide: [UInt8] = [0xFF, 0xFE, 0x3C, 0x00]
        #expect(throws: MediaError.self) { try XMLReader.parse(wide.span.bytes) }
    }

    @Test("Nesting and members are read to the limit and refused beyond it") func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        var limits = Limits()
        limits.members = 200
        #expect(try XMLReader.parse(nested(limits.nestingDepth), limits: limits).count == limits.nestingDepth)
        for text in [nested(limits.nestingDepth + 1), "<a>" + String(repeating: "<b c='d'/>", count: 100) + "</a>"] {
            let error = #expect(throws: MediaError.self) { try XMLReader.parse(text, limits: limits) }
            #expect(error?.code == .limitExceeded)
        }
        limits = Limits()
        limits.nestingDepth = .max
        #expect(try XMLReader.parse(nested(XMLReader.deepestNesting), limits: limits).count == 4096)
        #expect(throws: MediaError.self) {
            try XMLReader.parse(String(repeating: "<a>", count: 1_000_000), limits: limits)
        }
    }

    /// What both sides say of a document: a line per element, or `-` for a refusal.
    private static let expat = """
        import json, sys, xml.parsers.expat as expat
        def read(text):
            parser = expat.ParserCreate("UTF-8")
            parser.ordered_attributes, stack, elements = 1, [], []
            def start(name, attributes):
                element = [name, attributes, "", parser.CurrentLineNumber]
                elements.append(element); stack.append(element)
            def text_of(data): stack[-1][2] += data
            parser.StartElementHandler, parser.CharacterDataHandler = start, text_of
            parser.EndElementHandler = lambda name: stack.pop()
            try: parser.Parse(text, True)
            except expat.ExpatError: return None
            return elements
        for line in json.load(sys.stdin.buffer):
            print(json.dumps(read(bytes(line))))
        """

    private func summary(_ bytes: [UInt8]) -> JSONValue {
        guard let tree = try? XMLReader.parse(bytes.span.bytes) else { return .null }
        var elements: [JSONValue] = []
        var waiting = [tree.root]
        while let element = waiting.popLast() {
            elements.append([
                .string(element.name),
                .array(element.attributes.flatMap { [.string($0.name), .string($0.value)] }), .string(element.text),
                JSONValue(element.position.line),
            ])
            waiting += element.children.reversed()
        }
        return .array(elements)
    }

    private func refusal(of bytes: [UInt8]) -> String? {
        do throws(MediaError) { _ = try XMLReader.parse(bytes.span.bytes) } catch { return error.message }
        return nil
    }

    /// Good and bad documents by hand, and damaged ones.
    private func corpus() -> [[UInt8]] {
        let texts = [
            "<a/>", "<a></a>", " <a/>\n", "<a />", "< a/>", "<a/ >", "<a", "<a>", "<a></a", "</a>", "<a><b></a></b>",
            "<a/><b/>", "<a/>x", "x<a/>", "", " ", "<a>\u{1}</a>", "<a>\u{FFFE}</a>", "<a>\u{FFFD}\u{10FFFF}</a>",
            "<a b='c'/>", "<a b=c/>", "<a b='c' b='d'/>", "<a b='c'd='e'/>", "<a b/>", "<a b=\"<\"/>", "<a b='>'/>",
            "<a b='x\n\ty\r\nz'/>", "<a b='&#10;&#x9;'/>", "<a b = 'c' />", "<a b='\"'/>", "<a b='c/>",
            "<a>&lt;&gt;&amp;&apos;&quot;</a>", "<a>&copy;</a>", "<a>&</a>", "<a>& b</a>", "<a>&#65;&#x41;</a>",
            "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#99999999999999999999;</a>", "<a>&#;</a>",
            "<a>&#x;</a>", "<a>&#X41;</a>", "<a>&#xFFFE;</a>", "<a>&lt</a>", "<a>]]></a>", "<a>]]</a>", "<a>]] ></a>",
            "<a><![CDATA[<b>&amp;]]]]></a>", "<a><![CDATA[]]></a>", "<a><![CDATA[</a>", "<![CDATA[]]><a/>",
            "<a><![cdata[]]></a>", "<a><!-- b --></a>", "<a><!-- b -- c --></a>", "<a><!-- b ---></a>",
            "<a><!----></a>",
            "<a><!-- </a>", "<!-- é --><a/><!-- -->", "<a><?b c?></a>", "<a><?b?></a>", "<a><?b</a>", "<a><??></a>",
            "<a><?xml c?></a>", "<a><?XmL c?></a>", "<a><?xmlb c?></a>", "<a><? b?></a>",
            "<?xml version='1.0'?><a/>", " <?xml version='1.0'?><a/>", "<?xml version='1.0' encoding='UTF-8'?><a/>",
            "<?xml version='1.0' encoding='utf-8' standalone='yes' ?><a/>", "<?xml version='1.0' standalone='x'?><a/>",
            "<?xml encoding='UTF-8'?><a/>", "<?xml?><a/>", "<?xml version='1.0' standalone='no' encoding='UTF-8'?><a/>",
            "<?xml version=1.0?><a/>", "<?xml version='1.0'><a/>", "\u{FEFF}<a/>", "\u{FEFF}<?xml version='1.0'?><a/>",
            "<a>\r\n1\r2\n\r3</a>", "<a>\r<b/>\r\n<c/></a>", "<é/>", "<a:b c:d='e'/>", "<_a-b.c1/>", "<1a/>", "<-a/>",
            "<a.b></a.b>", "<a>x<b>y</b>z</a>", "<a><b/></a >", "<a></ a>", "<a>\u{85}\u{2028}</a>", "<a b='\u{1}'/>",
            "<a \u{A0}b='c'/>", "<a></a><!-- --", "<a>\0</a>", "<a><!DOCTYPE b></a>", "<a><!ELEMENT b></a>",
        ]
        var documents = texts.map { Array($0.utf8) }
        documents += [
            [0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E], [0x3C, 0x61, 0x3E, 0xC3, 0x3C, 0x2F, 0x61, 0x3E],
        ]
        documents.append(Array("<a>".utf8) + [0xED, 0xA0, 0x80] + Array("</a>".utf8))
        let seed = Array(
            """
            <?xml version="1.0"?>\r\n<!-- x --><annotation a="b&amp;c" d='e'>\r<size><width>3</width></size>
            <object><name>é &#x41; &lt;</name><![CDATA[ <&> ]]><?p q?></object></annotation>\n
            """.utf8)
        var random = SeededGenerator(seed: 21)
        for _ in 0..<2000 { documents.append(mutated(seed, using: &random)) }
        // One sign at a time leaves more of them readable.
        let signs = Array("<>&;\"'= /?!-[]#xa1\r\n\u{1}".utf8)
        for _ in 0..<3000 {
            var bytes = seed
            let place = random.below(bytes.count)
            if random.chance(0.5) {
                bytes[place] = random.pick(signs)
            } else {
                bytes.insert(random.pick(signs), at: place)
            }
            documents.append(bytes)
        }
        return documents
    }

    @Test("expat and we read the same documents, to the same elements, and refuse the same", .python("numpy"))
    func expat() throws {
        // A document type is ours to refuse; of encodings expat knows more.
        let documents = corpus().filter { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            return !text.contains("<!DOCTYPE") && !bytes.starts(with: [0xFE, 0xFF])
                && !bytes.starts(with: [0xFF, 0xFE])
        }
        let input =
            "[" + documents.map { "[" + $0.map(String.init).joined(separator: ",") + "]" }.joined(separator: ",") + "]"
        let lines = try PythonTools.run(Self.expat, input: Array(input.utf8)).lines
        try #require(lines.count == documents.count)
        var readable = 0
        for (document, line) in zip(documents, lines) {
            let theirs = try JSONReader.parse(String(line))
            let ours = summary(document)
            // expat lets every version pass.
            if ours == .null, refusal(of: document)?.contains("no version") == true { continue }
            if ours != .null { readable += 1 }
            #expect(ours == theirs, "\(String(decoding: document, as: UTF8.self).debugDescription)")
        }
        #expect(readable > 300)
    }
}
