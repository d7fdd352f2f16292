import Foundation
import MediaCore
import TestSupport
import Testing

@testable import MediaDrawing

/// A font with Japanese: Debian's fonts-ipafont-gothic.
private let japaneseFontPath = "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf"

extension Trait where Self == ConditionTrait {
    fileprivate static var japaneseFont: Self {
        .enabled(
            if: PythonTools.isRequired || FileManager.default.fileExists(atPath: japaneseFontPath),
            "needs the package fonts-ipafont-gothic: run 'make test-tools'")
    }
}

@Suite("Typefaces of font files") struct FreeTypeTypefaceTests {
    private static func typeface() throws -> FreeTypeTypeface { try FreeTypeTypeface(contentsOf: japaneseFontPath) }

    /// Advance, and the steps of the outline as numbers, of each character, in units of the font, from the glyf table.
    private static let outlines = """
        import sys
        from fontTools.pens.basePen import decomposeQuadraticSegment
        from fontTools.pens.recordingPen import DecomposingRecordingPen
        from fontTools.ttLib import TTFont
        font = TTFont(sys.argv[1], fontNumber=0)
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        print(font["head"].unitsPerEm, font["hhea"].ascent, font["hhea"].descent)
        for character in sys.argv[2]:
            pen = DecomposingRecordingPen(glyphs)
            glyph = glyphs[names[ord(character)]]
            glyph.draw(pen)
            steps = [glyph.width]
            for kind, points in pen.value:
                if kind == "qCurveTo":
                    for control, end in decomposeQuadraticSegment(points): steps += [*control, *end]
                elif kind in ("moveTo", "lineTo"): steps += points[0]
            print(*steps)
        """

    @Test(
        "Japanese and Latin outlines are those of the font, point by point", .japaneseFont, .python("fontTools"))
    func outlines() throws {
        let text = "日本語のラベル車犬AgÅ8"
        let face = try Self.typeface()
        let lines = try PythonTools.run(Self.outlines, arguments: [japaneseFontPath, text]).lines.map {
            $0.split(separator: " ").compactMap { Double($0) }
        }
        try #require(lines.count == text.unicodeScalars.count + 1)
        let em = lines[0][0]
        #expect(face.ascent == lines[0][1] / em)
        #expect(face.descent == -lines[0][2] / em)
        for (character, expected) in zip(text.unicodeScalars, lines.dropFirst()) {
            let glyph = try #require(face.glyph(for: character))
            #expect(glyph.advance * em == expected[0])
            let points = Self.points(glyph).flatMap { [$0.x * em, -$0.y * em] }
            // FreeType also draws the last line back, and halves units downwards where it finds a point between two others.
            try #require(points.count >= expected.count - 1, "\(character)")
            var next = points[...]
            for (x, y) in Self.pairs(expected.dropFirst()) {
                while next.count > 1, abs(next[next.startIndex] - x) > 1 || abs(next[next.startIndex + 1] - y) > 1 {
                    next = next.dropFirst(2)
                }
                #expect(next.count > 1, "\(character): \(x) \(y) is not in the outline")
                next = next.dropFirst(2)
            }
        }
        #expect(face.familyName == "IPAGothic")
        #expect(face.capHeight > 0.6 && face.capHeight < 0.9)
        #expect(face.lineHeight >= 0.9 && face.lineHeight < 1.5)
        #expect(face.glyph(for: "\u{1F600}") == nil)
        #expect(face.glyph(for: " ").map { Self.points($0).isEmpty && $0.advance > 0 } == true)
    }

    @Test("A letter with a mark is the font's own where it has one; a flood of marks is none", .japaneseFont)
    func marks() throws {
        let face = try Self.typeface()
        let composed = try #require(face.glyph(for: "é"))
        #expect(face.glyph(for: "e", marks: ["\u{301}"]) == composed)
        #expect(face.glyph(for: "e", marks: []) == face.glyph(for: "e"))
        #expect(face.glyph(for: "e", marks: Array(repeating: "\u{301}", count: 9)) == nil)
    }

    @Test("Many threads get the same glyphs", .japaneseFont) func threads() async throws {
        let face = try Self.typeface(), alone = try Self.typeface()
        let scalars = (0x4E00..<0x4F00).compactMap { Unicode.Scalar(UInt32($0)) }
        let expected = scalars.map { alone.glyph(for: $0) }
        #expect(expected.compactMap(\.self).count > 100)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 { group.addTask { scalars.map { face.glyph(for: $0) } == expected } }
            for await agrees in group { #expect(agrees) }
        }
    }

    @Test("What is no font, is cut short, or has no such face is refused with its name") func refusals() throws {
        let folder = try TemporaryFolder()
        func code(_ bytes: [UInt8], _ index: Int = 0) throws -> MediaError.Code? {
            let path = try folder.write(bytes, to: "font.ttf")
            do {
                _ = try FreeTypeTypeface(contentsOf: path, faceIndex: index)
                return nil
            } catch {
                #expect(error.location.file == path)
                #expect(error.hint != nil)
                return error.code
            }
        }
        #expect(try code([]) == .unrecognized)
        #expect(try code(Array("no font at all, but a text that is long enough".utf8)) == .unrecognized)
        #expect(throws: MediaError.self) { try FreeTypeTypeface(contentsOf: folder.path("none.ttf")) }
        guard FileManager.default.fileExists(atPath: japaneseFontPath) else { return }
        let font = try readBytes(japaneseFontPath)
        for count in [4, 100, 3000, font.count / 2] { #expect(try code(Array(font.prefix(count))) == .malformed) }
        for index in [1, -1, -2, 1 << 20, .max, .min] { #expect(try code(font, index) == .argumentInvalid, "\(index)") }
    }

    @Test("Damaged fonts give errors or glyphs, never more", .japaneseFont) func damage() throws {
        let font = try readBytes(japaneseFontPath)
        var generator = SeededGenerator(seed: 11)
        var opened = 0
        for round in 0..<40 {
            var bytes = font
            // The directory and the first tables decide most.
            let reach = round % 2 == 0 ? 400 : bytes.count
            for _ in 0..<(round % 2 == 0 ? 3 : 3000) {
                bytes[Int.random(in: 12..<reach, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let face = try? FreeTypeTypeface(FileContents(bytes: bytes, name: "damaged")) else { continue }
            opened += 1
            for character in "日本語のラベルAgÅ8".unicodeScalars {
                guard let glyph = face.glyph(for: character) else { continue }
                #expect(glyph.advance.isFinite && Self.points(glyph).allSatisfy(\.isFinite))
                _ = face.kerning("A", character)
            }
            #expect(face.lineHeight > 0)
        }
        #expect(opened > 0 && opened < 40)
    }

    @Test("Without FreeType the error names the packages") func missing() throws {
        let error = try #require(throws: MediaError.self) {
            try FreeTypeLibrary(names: ["libnone-a.so.6", "libnone-b.so.6"])
        }
        #expect(error.code == .libraryMissing)
        #expect(error.message.contains("libnone-a.so.6") && error.message.contains("libnone-b.so.6"))
        #expect(error.hint?.contains("libfreetype6") == true && error.hint?.contains("brew install freetype") == true)
        // A library that has not the functions is none either.
        #if os(Linux)
            let other = try #require(throws: MediaError.self) { try FreeTypeLibrary(names: ["libm.so.6"]) }
            #expect(other.message.contains("FT_Init_FreeType"))
        #endif
    }

    @Test("The version is that of the library") func version() throws {
        let version = try FreeTypeLibrary.open().version
        // libfreetype.so.6 is that of FreeType 2.
        #expect(version.wholeMatch(of: /2\.\d+\.\d+/) != nil)
        #expect(DrawingLibraries.all.map(\.version) == [version])
    }

    /// Every point of an outline, control points too, in order.
    private static func points(_ glyph: Glyph) -> [Point] {
        guard case .outline(let path) = glyph.shape else { return [] }
        return path.elements.flatMap { element -> [Point] in
            switch element {
            case .move(let point), .line(let point): [point]
            case .quadratic(let control, let end): [control, end]
            case .cubic(let one, let two, let end): [one, two, end]
            case .close: []
            }
        }
    }

    private static func pairs(_ numbers: ArraySlice<Double>) -> [(Double, Double)] {
        stride(from: numbers.startIndex, to: numbers.endIndex - 1, by: 2).map { (numbers[$0], numbers[$0 + 1]) }
    }
}

/// Our declarations of FreeType's structures are compared with its headers by a compiler.
@Suite("The binary interface of FreeType") struct FreeTypeLayoutTests {
    private static let flags: [String]? = {
        let outcome = try? Program("/usr/bin/env", ["pkg-config", "--cflags", "freetype2"]).run()
        guard let outcome, outcome.status == 0 else { return nil }
        return outcome.text.split(whereSeparator: \.isWhitespace).map(String.init)
    }()

    @Test(
        "Offsets, sizes and numbers are those of the headers",
        .enabled(if: PythonTools.isRequired || flags != nil, "needs libfreetype-dev: run 'make test-tools'"))
    func layout() throws {
        let flags = try #require(Self.flags)
        let members: [(ours: String, theirs: String, names: [(String, String)])] = [
            (
                "tm_ft_face", "FT_FaceRec",
                [
                    ("num_faces", "num_faces"), ("face_flags", "face_flags"), ("family_name", "family_name"),
                    ("x_min", "bbox"), ("units_per_em", "units_per_EM"), ("ascender", "ascender"),
                    ("descender", "descender"), ("height", "height"), ("glyph", "glyph"), ("charmap", "charmap"),
                ]
            ),
            (
                "tm_ft_slot", "FT_GlyphSlotRec",
                [
                    ("face", "face"), ("metrics", "metrics"), ("metrics.hori_advance", "metrics.horiAdvance"),
                    ("advance", "advance"), ("format", "format"), ("bitmap", "bitmap"), ("outline", "outline"),
                ]
            ),
            (
                "tm_ft_outline", "FT_Outline",
                [("n_contours", "n_contours"), ("n_points", "n_points"), ("points", "points"), ("flags", "flags")]
            ),
            (
                "tm_ft_outline_callbacks", "FT_Outline_Funcs",
                [
                    ("move_to", "move_to"), ("line_to", "line_to"), ("conic_to", "conic_to"), ("cubic_to", "cubic_to"),
                    ("shift", "shift"), ("delta", "delta"),
                ]
            ),
            ("tm_ft_vector", "FT_Vector", [("x", "x"), ("y", "y")]),
        ]
        var text = """
            #include <ft2build.h>
            #include FT_FREETYPE_H
            #include FT_OUTLINE_H
            #include "CFreeTypeLoader.h"
            #define SAME(a, b) _Static_assert((a) == (b), #a " and " #b)
            SAME(sizeof(FT_Long), sizeof(long));
            SAME(sizeof(FT_ULong), sizeof(unsigned long));
            SAME(sizeof(FT_Error), sizeof(int));
            SAME(sizeof(FT_Int32), sizeof(int32_t));
            SAME(TM_FT_SCALABLE, FT_FACE_FLAG_SCALABLE);
            SAME(TM_FT_NO_SCALE, FT_LOAD_NO_SCALE);
            SAME(TM_FT_KERNING_UNSCALED, FT_KERNING_UNSCALED);
            SAME(TM_FT_FORMAT_OUTLINE, FT_GLYPH_FORMAT_OUTLINE);
            SAME(TM_FT_UNKNOWN_FORMAT, FT_Err_Unknown_File_Format);
            SAME(TM_FT_OUT_OF_MEMORY, FT_Err_Out_Of_Memory);
            SAME(sizeof(tm_ft_bitmap), sizeof(FT_Bitmap));
            SAME(sizeof(tm_ft_outline), sizeof(FT_Outline));
            SAME(sizeof(tm_ft_outline_callbacks), sizeof(FT_Outline_Funcs));
            SAME(sizeof(tm_ft_metrics), sizeof(FT_Glyph_Metrics));
            /* The functions, as the headers declare them: a change of their parameters is a warning, which is an error. */
            FT_Error (*a)(FT_Library *) = FT_Init_FreeType;
            FT_Error (*b)(FT_Library, const FT_Byte *, FT_Long, FT_Long, FT_Face *) = FT_New_Memory_Face;
            FT_UInt (*c)(FT_Face, FT_ULong) = FT_Get_Char_Index;
            FT_Error (*d)(FT_Face, FT_UInt, FT_Int32) = FT_Load_Glyph;
            FT_Error (*e)(FT_Face, FT_UInt, FT_UInt, FT_UInt, FT_Vector *) = FT_Get_Kerning;
            FT_Error (*f)(FT_Outline *, const FT_Outline_Funcs *, void *) = FT_Outline_Decompose;
            void (*g)(FT_Library, FT_Int *, FT_Int *, FT_Int *) = FT_Library_Version;

            """
        for (ours, theirs, names) in members {
            for (mine, its) in names { text += "SAME(offsetof(\(ours), \(mine)), offsetof(\(theirs), \(its)));\n" }
        }
        let include = Fixtures.repository + "/Sources/CFreeTypeLoader/include"
        func compile(_ text: String) throws -> Program.Outcome {
            let folder = try TemporaryFolder()
            let path = try folder.write(text, to: "layout.c")
            return try Program(
                "/usr/bin/env", ["clang", "-std=c11", "-Werror", "-fsyntax-only", "-I", include] + flags + [path]
            )
            .run()
        }
        let outcome = try compile(text)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        // The compiler looks at all: a wrong offset does not pass.
        #expect(try compile(text + "SAME(offsetof(tm_ft_face, ascender), offsetof(FT_FaceRec, height));\n").status != 0)
    }
}
