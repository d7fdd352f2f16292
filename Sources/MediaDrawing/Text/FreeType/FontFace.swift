import CFreeTypeLoader
import MediaCore

/// An open font: FreeType's face, and the bytes that it reads.
///
/// Not for several threads at once: ``FreeTypeTypeface`` sees to that.
@safe final class FontFace {
    private let functions: tm_freetype
    private let library: UnsafeMutableRawPointer
    private let face: UnsafeMutablePointer<tm_ft_face>
    private let bytes: UnsafeMutableRawBufferPointer

    /// Font files that are larger are refused. The largest of whole scripts are about 60 MB.
    static let largestFile = 256 << 20
    /// More steps than the outline of a glyph can have: it has at most 32,767 points, each of which ends a step or makes one.
    private static let mostSteps = 1 << 17

    /// Opens a font in a file's bytes.
    ///
    /// The bytes are copied: FreeType reads them as long as the face lives, and a file that is only mapped can be cut short.
    init(_ contents: FileContents, index: Int, library: FreeTypeLibrary) throws(MediaError) {
        let functions = library.functions
        let bytes = try unsafe Self.copy(contents)
        var keepsBytes = false
        defer { if !keepsBytes { unsafe bytes.deallocate() } }
        let handle = try unsafe FreeTypeLibrary.handle(functions)
        var keepsLibrary = false
        defer { if !keepsLibrary { unsafe _ = functions.done(handle) } }

        /// Opens a face of the file; −1 stands for the file as a whole.
        func open(_ index: Int) throws(MediaError) -> UnsafeMutablePointer<tm_ft_face> {
            var face: UnsafeMutablePointer<tm_ft_face>?
            let status = unsafe functions.new_memory_face(
                handle, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count, index, &face)
            guard status == 0, let face = unsafe face else { throw Self.error(status, contents) }
            return unsafe face
        }

        let whole = try unsafe open(-1)
        let count = unsafe whole.pointee.num_faces
        unsafe _ = functions.done_face(whole)
        guard (0..<count).contains(index) else {
            throw MediaError(
                .argumentInvalid, "there is no font \(index) in the file, which holds \(count)",
                hint: "give an index from 0 to \(max(0, count - 1))", at: .init(file: contents.name))
        }
        let face = try unsafe open(index)
        do throws(MediaError) {
            try unsafe Self.check(face.pointee, contents.name)
        } catch {
            unsafe _ = functions.done_face(face)
            throw error
        }
        keepsBytes = true
        keepsLibrary = true
        self.functions = functions
        unsafe self.library = handle
        unsafe self.face = face
        unsafe self.bytes = bytes
    }

    deinit {
        unsafe _ = functions.done_face(face)
        unsafe _ = functions.done(library)
        unsafe bytes.deallocate()
    }

    /// The units of an em; at least 16.
    var unitsPerEm: Double { Double(unsafe face.pointee.units_per_em) }
    /// From the baseline up, from the baseline down (negative), and from baseline to baseline, in units of the font.
    var ascender: Double { Double(unsafe face.pointee.ascender) }
    var descender: Double { Double(unsafe face.pointee.descender) }
    var height: Double { Double(unsafe face.pointee.height) }
    /// The name of the family, such as `IPAGothic`; empty when the font does not say.
    var familyName: String { unsafe face.pointee.family_name.map { unsafe String(cString: $0) } ?? "" }

    /// The number of a character's glyph; `nil` when the font has none.
    func glyphIndex(_ character: Unicode.Scalar) -> UInt32? {
        let index = unsafe functions.char_index(face, UInt(character.value))
        return index == 0 ? nil : index
    }

    /// The width and outline of a glyph in units of the font, y upwards; `nil` when the font's data for it is damaged.
    func outline(_ glyph: UInt32) -> (advance: Double, steps: [tm_ft_step])? {
        guard unsafe functions.load_glyph(face, glyph, Int32(TM_FT_NO_SCALE)) == 0,
            let slot = unsafe face.pointee.glyph, unsafe slot.pointee.format == Int32(TM_FT_FORMAT_OUTLINE)
        else { return nil }
        let points = max(0, Int(unsafe slot.pointee.outline.n_points))
        var steps = [tm_ft_step](repeating: tm_ft_step(), count: min(2 * points + 16, Self.mostSteps))
        var functions = functions
        let count = unsafe tm_freetype_steps(&functions, &slot.pointee.outline, &steps, steps.count)
        guard (0...steps.count).contains(count) else { return nil }
        steps.removeLast(steps.count - count)
        return (Double(unsafe slot.pointee.metrics.hori_advance), steps)
    }

    /// How much closer two glyphs stand, in units of the font.
    func kerning(_ left: UInt32, _ right: UInt32) -> Double {
        var distance = tm_ft_vector()
        let status = unsafe functions.kerning(face, left, right, UInt32(TM_FT_KERNING_UNSCALED), &distance)
        return status == 0 ? Double(distance.x) : 0
    }

    @unsafe private static func copy(_ contents: FileContents) throws(MediaError) -> UnsafeMutableRawBufferPointer {
        guard contents.byteCount <= largestFile else {
            throw MediaError(
                .limitExceeded, "the file has \(contents.byteCount) bytes; a font has at most \(largestFile)",
                hint: "give the path of a font file", at: .init(file: contents.name))
        }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: contents.byteCount, alignment: 16)
        unsafe contents.withUnsafeBytes { unsafe copy.copyMemory(from: $0) }
        return unsafe copy
    }

    private static func check(_ face: tm_ft_face, _ name: String) throws(MediaError) {
        guard unsafe face.face_flags & CLong(TM_FT_SCALABLE) != 0, unsafe face.units_per_em >= 16 else {
            throw MediaError(
                .unsupported, "the font has no outlines, only bitmaps of fixed sizes",
                hint: "use a TrueType or OpenType font with outlines", at: .init(file: name))
        }
        guard unsafe face.charmap != nil else {
            throw MediaError(
                .unsupported, "the font does not say which glyphs stand for which characters of Unicode",
                hint: "use a font with a Unicode character map", at: .init(file: name))
        }
    }

    private static func error(_ status: Int32, _ contents: FileContents) -> MediaError {
        let place = MediaError.Location(file: contents.name)
        if Int(status) == Int(TM_FT_OUT_OF_MEMORY) {
            return MediaError(.outOfMemory, "FreeType has no memory for the font", hint: "close programs", at: place)
        }
        // To FreeType a font that is cut short is of no format at all.
        guard beginsLikeFont(contents) else {
            return MediaError(
                .unrecognized, "this is no font that FreeType reads", hint: "use a TrueType, OpenType or Type 1 font",
                at: place)
        }
        return MediaError(
            .malformed, "the font is damaged or cut short: error \(status) of FreeType", hint: "install the font again",
            at: place)
    }

    /// Whether the first bytes are those of TrueType, OpenType, a collection, WOFF or Type 1.
    private static func beginsLikeFont(_ contents: FileContents) -> Bool {
        let marks: [[UInt8]] = [
            [0, 1, 0, 0], Array("OTTO".utf8), Array("true".utf8), Array("ttcf".utf8), Array("wOFF".utf8),
            Array("wOF2".utf8), Array("%!PS".utf8), [0x80, 1],
        ]
        return unsafe contents.withUnsafeBytes { bytes in
            marks.contains { unsafe bytes.starts(with: $0) }
        }
    }
}
