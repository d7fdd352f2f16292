"""Fonts of a few letters for the tests and the fuzzer, drawn here: blocks and bowls, not beautiful, with a table of each kind that
FreeType reads for us. Scripts/make_fixtures.py writes them to Fixtures/fonts/."""
import io

from fontTools.fontBuilder import FontBuilder
from fontTools.misc.timeTools import timestampFromString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0

UNITS, ASCENT, DESCENT = 1000, 800, -200
# Fonts carry the time at which they were made; this one is always the same.
MADE = timestampFromString("Thu Jan 01 00:00:00 2026")
NAMES = [".notdef", "space", "A", "H", "V", "o", "acute", "oacute", "u1F600"]
CHARACTERS = {0x20: "space", 0x41: "A", 0x48: "H", 0x56: "V", 0x6F: "o", 0x301: "acute", 0xF3: "oacute", 0x1F600: "u1F600"}
WIDTHS = {".notdef": 500, "space": 300, "A": 700, "H": 720, "V": 700, "o": 560, "acute": 0, "oacute": 560, "u1F600": 1000}

POLYGONS = {
    ".notdef": [[(50, 0), (50, 700), (450, 700), (450, 0)]],
    "A": [[(20, 0), (300, 700), (400, 700), (680, 0), (580, 0), (350, 580), (120, 0)]],
    "H": [[(60, 0), (60, 700), (160, 700), (160, 400), (560, 400), (560, 700), (660, 700), (660, 0), (560, 0), (560, 300), (160, 300), (160, 0)]],
    "V": [[(20, 700), (120, 700), (350, 120), (580, 700), (680, 700), (400, 0), (300, 0)]],
    "acute": [[(-300, 560), (-220, 700), (-120, 700), (-240, 560)]],
    "u1F600": [[(0, 0), (0, 1000), (1000, 1000), (1000, 0)], [(200, 600), (400, 600), (400, 800), (200, 800)]],
}
# An oval as the corners around its curves, outer and inner.
BOWLS = [((50, -10, 510, 510), True), ((150, 90, 410, 410), False)]


def draw(pen, name, is_cubic):
    for points in POLYGONS.get(name, []):
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()
    if name == "o":
        for (left, bottom, right, top), is_outer in BOWLS:
            x, y = (left + right) // 2, (bottom + top) // 2
            corners = [((left, top), (x, top)), ((right, top), (right, y)), ((right, bottom), (x, bottom)), ((left, bottom), (left, y))]
            ends = [end for _, end in corners]
            if not is_outer:
                corners = [(corner, end) for (corner, _), end in zip(corners[::-1], [(x, bottom), (right, y), (x, top), (left, y)])]
            pen.moveTo((left, y))
            for corner, end in corners:
                if is_cubic:
                    pen.curveTo(corner, corner, end)
                else:
                    pen.qCurveTo(corner, end)
            pen.closePath()
            assert set(ends) == {(x, top), (right, y), (x, bottom), (left, y)}


def builder(is_true_type):
    fonts = FontBuilder(UNITS, isTTF=is_true_type)
    fonts.setupGlyphOrder(NAMES)
    fonts.setupCharacterMap(CHARACTERS)
    return fonts


def finish(fonts, name):
    fonts.setupHorizontalMetrics({glyph: (WIDTHS[glyph], 0) for glyph in NAMES})
    fonts.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    fonts.setupNameTable({"familyName": name, "styleName": "Regular"})
    fonts.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT)
    fonts.setupPost(keepGlyphNames=False)
    kern = newTable("kern")
    kern.version = 0
    pairs = KernTable_format_0()
    pairs.coverage, pairs.kernTable = 1, {("A", "V"): -80, ("V", "A"): -80, ("V", "o"): -60}
    kern.kernTables = [pairs]
    fonts.font["kern"] = kern
    fonts.font["head"].created = fonts.font["head"].modified = MADE
    fonts.font.recalcTimestamp = False
    data = io.BytesIO()
    fonts.save(data)
    return data.getvalue()


def true_type():
    fonts = builder(True)
    glyphs = {}
    for name in NAMES:
        pen = TTGlyphPen(glyphs)
        if name == "oacute":
            pen.addComponent("o", (1, 0, 0, 1, 0, 0))
            pen.addComponent("acute", (1, 0, 0, 1, 500, 40))
        else:
            draw(pen, name, False)
        glyphs[name] = pen.glyph()
    fonts.setupGlyf(glyphs)
    return finish(fonts, "Small")


def compact():
    fonts = builder(False)
    strings = {}
    for name in NAMES:
        pen = T2CharStringPen(WIDTHS[name], None)
        draw(pen, "o" if name == "oacute" else name, True)
        strings[name] = pen.getCharString()
    fonts.setupCFF("Small", {"FullName": "Small"}, strings, {})
    return finish(fonts, "Small")


def web(data):
    """The same in the container of the web, with tables deflated."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def fonts():
    """Names and contents."""
    small = true_type()
    yield "small.ttf", small
    yield "small.otf", compact()
    yield "small.woff", web(small)
