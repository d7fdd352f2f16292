/// The scenes of the goldens, drawn with Pillow at eight times the size and made smaller by averaging: a drawing that
/// shares nothing with ours but the numbers of the scene.
enum GoldenScenes {
    /// Finds in `given` the `name` and `path` of a golden, `colors` of the classes and `widths` of texts in pixels, and
    /// leaves in `result` how far the golden is from the drawing:
    ///
    /// - `most`, `mean`: the greatest and the mean difference of a sample where lines, points and chips are drawn and a
    ///   pixel around, text apart;
    /// - `elsewhere`: how many of all other pixels differ at all;
    /// - `texts`: for each text what is wrong with it, empty for nothing.
    static let script =
        drawing + """

            chips, texts, name = [], [], given["name"]

            def chip(text, id, left, top, ink):
                # Above the outer edge of the line, on whole pixels; rounded corners; text three pixels from its ends.
                left, top = math.floor(left - WIDTH / 2), math.floor(top - WIDTH / 2 - 17)
                width = math.ceil(given["widths"][text]) + 6
                chips.append((id, left, top, left + width, top + 17))
                texts.append((text, left + 2, top + 1, left + width - 2, top + 16, colors[id], ink))

            black, white = (0, 0, 0), (255, 255, 255)
            if name == "masks":
                ids = Image.fromarray(np.where(x < 10, 0, np.where(y < 18, 1, 2)).astype(np.uint8))
                least, greatest = (np.asarray(ids.filter(f(5))) for f in (ImageFilter.MinFilter, ImageFilter.MaxFilter))
                ids, edge, table = np.asarray(ids), (least != greatest)[..., None], np.array(colors)
                mixed = (base.astype(int) * 127 + table[ids] * 128 + 127) // 255
                whole = np.where(ids[..., None] == 0, base, np.where(edge, table[ids], mixed))
                scene.paste(Image.fromarray(whole.astype(np.uint8)))
                left = 6
                for id, text in [(1, "Straße"), (2, "μ-car")]:
                    paint(colors[id], lambda d: rounded(d, left, 187, left + 9, 196, 1.5))
                    width = given["widths"][text]
                    texts.append((text, left + 12, 183, math.ceil(left + 14 + width), 200, white, black))
                    left += math.ceil(25 + max(given["widths"]["Straße"], given["widths"]["μ-car"]))
            elif name == "boxes":
                paint(colors[1], frame(24, 72, 144, 171))
                paint(colors[2], frame(135, 25, 225, 95))
                paint(colors[1], dashes(36, 90, 158.4, 162, 5 * WIDTH, 3 * WIDTH))
                chip("Straße 0.87", 1, 24, 72, black)
                chip("μ-car", 2, 135, 25, white)
                chip("class_1", 1, 36, 90, black)
            else:
                c, s = math.cos(0.5), math.sin(0.5)
                ends = [(-40, -20), (40, -20), (40, 20), (-40, 20)]
                turned = [(70 + a * c - b * s, 60 + a * s + b * c) for a, b in ends]
                paint(colors[1], outline(turned))
                paint(colors[2], outline([(140, 20), (220, 50), (160, 100)]))
                head, hip, foot = (50, 120), (100, 140), (150, 160)
                paint(colors[3], lambda d: (segment(d, head, hip), segment(d, hip, foot)))
                paint(colors[3], lambda d: disc(d, head, 1.5 * WIDTH))
                paint(colors[3], lambda d: (disc(d, hip, 1.5 * WIDTH), disc(d, hip, WIDTH, 0)))
                paint(colors[3], lambda d: disc(d, foot, 1.5 * WIDTH))
                chip("class_1", 1, min(a for a, b in turned), min(b for a, b in turned), black)
                chip("class_2", 2, 140, 20, white)
                chip("class_3", 3, 50, 120, white)
            for id, *corners in chips: paint(colors[id], lambda d: rounded(d, *corners, 2))

            ours, theirs = (np.asarray(picture).astype(int) for picture in (golden, scene))
            # An edge that only grazes a pixel may miss all samples of it.
            drawn = np.asarray(touched.filter(ImageFilter.MaxFilter(3))) > 0

            def light(color):
                linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in np.array(color) / 255]
                return np.dot(linear, [0.2126, 0.7152, 0.0722]) + 0.05

            def fault(text, left, top, right, bottom, ground, ink):
                way = np.array(ink) - ground
                region = ours[top:bottom, left:right] - ground
                # Every pixel lies between the two colours, and where there is none of the ink, on the ground.
                share = np.clip((region * way).sum(-1) / (way * way).sum(), 0, 1)
                if np.abs(region - share[..., None] * way).max() > 1: return "a colour that is neither"
                columns = np.nonzero(share.max(0) > 0.5)[0]
                if len(columns) == 0 or share.max() < 0.99: return "no stroke is all ink"
                if np.ptp(columns) < 0.85 * (given["widths"][text] - 1): return "narrower than the text"
                if not 0.1 < (share.sum() / (given["widths"][text] * 8)) < 0.6: return "too little or too much ink"
                contrast = max(light(ground), light(ink)) / min(light(ground), light(ink))
                return "" if contrast >= 4.5 else f"a contrast of {contrast:.2f}"

            lettered = np.zeros_like(drawn)
            for text, left, top, right, bottom, *_ in texts: lettered[top:bottom, left:right] = True
            difference = np.abs(ours - theirs).max(-1)
            result = {
                "most": int(difference[drawn & ~lettered].max()), "mean": float(difference[drawn & ~lettered].mean()),
                "elsewhere": int((difference[~drawn & ~lettered] > 0).sum()), "texts": [fault(*text) for text in texts],
            }
            """

    /// Shapes at eight times the size. Pixel *k* of the large picture lies around k + ½, and Pillow's polygons hold the pixels
    /// that their edges pass: each is larger by half a pixel of the large picture on every side.
    private static let drawing = """
        import math
        from PIL import Image, ImageDraw, ImageFilter
        N, WIDTH = 8, 1.5
        y, x = np.mgrid[:180, :240] // 5
        base = np.stack([x * 5, y * 7, (x + y) * 3], -1).astype(np.uint8)
        colors = [tuple(color) for color in given["colors"]]
        golden = Image.open(given["path"]).convert("RGB")
        scene = Image.new("RGB", golden.size, (255, 255, 255))
        scene.paste(Image.fromarray(base))
        touched = Image.new("L", golden.size)

        def paint(color, draw):
            large = Image.new("L", (N * golden.width, N * golden.height))
            draw(ImageDraw.Draw(large))
            mask = large.reduce(N)
            scene.paste(color, mask=mask)
            touched.paste(255, mask=mask.point(lambda level: 255 if level else 0))

        def polygon(d, points, fill=255):
            d.polygon([(round(N * a - 0.5), round(N * b - 0.5)) for a, b in points], fill=fill)

        def box(d, left, top, right, bottom, fill=255):
            d.rectangle([round(N * left), round(N * top), round(N * right) - 1, round(N * bottom) - 1], fill=fill)

        def rounded(d, left, top, right, bottom, radius):
            d.rounded_rectangle([N * left, N * top, N * right - 1, N * bottom - 1], N * radius, fill=255)

        def disc(d, middle, radius, fill=255):
            a, b = middle
            d.ellipse([N * (a - radius), N * (b - radius), N * (a + radius) - 1, N * (b + radius) - 1], fill=fill)

        def across(a, b):
            way = math.hypot(b[0] - a[0], b[1] - a[1])
            return (b[1] - a[1]) / way, (a[0] - b[0]) / way

        def segment(d, a, b):
            dx, dy = (WIDTH / 2 * part for part in across(a, b))
            polygon(d, [(a[0] + dx, a[1] + dy), (b[0] + dx, b[1] + dy), (b[0] - dx, b[1] - dy), (a[0] - dx, a[1] - dy)])

        def moved(points, by):
            # The edges of a convex polygon, moved outwards, meet in its new corners.
            lines = []
            for a, b in zip(points, points[1:] + points[:1]):
                nx, ny = across(a, b)
                lines.append((nx, ny, nx * a[0] + ny * a[1] + by))
            pairs = zip(lines[-1:] + lines[:-1], lines)
            return [np.linalg.solve([one[:2], two[:2]], [one[2], two[2]]) for one, two in pairs]

        def outline(points):
            return lambda d: (polygon(d, moved(points, WIDTH / 2)), polygon(d, moved(points, -WIDTH / 2), 0))

        def frame(left, top, right, bottom, h=WIDTH / 2):
            return lambda d: (
                box(d, left - h, top - h, right + h, bottom + h), box(d, left + h, top + h, right - h, bottom - h, 0))

        def dashes(left, top, right, bottom, on, off):
            corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
            def draw(d):
                start, h = 0.0, WIDTH / 2
                for side, (a, b) in enumerate(zip(corners, corners[1:])):
                    length = abs(b[0] - a[0]) + abs(b[1] - a[1])
                    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
                    at = -(start % (on + off))
                    while at < length:
                        if at + on > 0:
                            # A dash that goes around a corner has a square there.
                            first = at if at >= 0 else -h if side else 0
                            last = at + on if at + on <= length else length + h if side < 3 else length
                            xs = sorted([a[0] + ux * first, a[0] + ux * last])
                            ys = sorted([a[1] + uy * first, a[1] + uy * last])
                            box(d, xs[0] - abs(uy) * h, ys[0] - abs(ux) * h, xs[1] + abs(uy) * h, ys[1] + abs(ux) * h)
                        at += on + off
                    start += length
            return draw
        """
}
