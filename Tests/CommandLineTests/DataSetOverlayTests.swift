import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("overlay of a data set") struct DataSetOverlayTests {
    private let tool: Tool

    init() throws { tool = try Tool() }

    /// Copies a data set of the fixtures.
    private func copy(_ name: String, to folder: String = "set") throws {
        for file in Fixtures.files(in: "annotations/" + name) {
            try tool.copyFixture(file, to: folder + file.dropFirst("annotations/\(name)".count))
        }
    }

    /// Writes a COCO set of pictures with a box and the polygon of its left half.
    private func writeCOCO(_ pictures: [(name: String, width: Int, height: Int)], to folder: String = "set") throws {
        let images = pictures.enumerated().map { index, picture in
            #"{"id": \#(index), "file_name": "\#(picture.name)", "width": \#(picture.width), "height": \#(picture.height)}"#
        }
        let boxes = pictures.indices.map { index in
            #"{"id": \#(index), "image_id": \#(index), "category_id": 1, "bbox": [10, 10, 20, 20], "segmentation": [[10, 10, 20, 10, 20, 30, 10, 30]]}"#
        }
        try tool.folder.write(
            """
            {"images": [\(images.joined(separator: ","))], "annotations": [\(boxes.joined(separator: ","))],
             "categories": [{"id": 1, "name": "cat"}]}
            """, to: folder + "/annotations/all.json")
    }

    private func pixel(_ image: DecodedImage, _ x: Int, _ y: Int) -> [UInt8] {
        let place = (y * image.width + x) * image.format.channels
        return Array(image.pixels[place..<place + image.format.channels])
    }

    @Test(
        "every picture is written at its relative path, the same on any number of threads",
        arguments: [("coco", "images"), ("yolo", "images/train"), ("labelme", ""), ("voc", "JPEGImages")])
    func formats(name: String, folder: String) throws {
        try copy(name)
        let one = try tool.run("overlay", "set", "-o", "one/", "--jobs", "1")
        #expect(one.status == 0, "\(one.errorText)")
        let four = try tool.run("overlay", "set", "-o", "four", "-j", "4")
        let place = folder.isEmpty ? "" : folder + "/"
        #expect(Set(try tool.contents(of: "one").keys) == ["\(place)view0.png", "\(place)view1.png"])
        #expect(try tool.contents(of: "one") == tool.contents(of: "four"))
        #expect(one.lines.count == 3 && one.lines.last?.contains("2 of 2 pictures written to one/") == true)
        #expect(four.text == one.text.replacing("one/", with: "four/").replacing("to four/,", with: "to four,"))
        for view in ["view0.png", "view1.png"] {
            let drawn = try tool.picture("one/\(place)\(view)"), plain = try tool.picture("set/\(place)\(view)")
            #expect(pixel(drawn, 0, 0) == pixel(plain, 0, 0))
            #expect((0..<48).contains { row in (0..<64).contains { pixel(drawn, $0, row) != pixel(plain, $0, row) } })
        }
    }

    @Test("masks are blended as NumPy blends what pycocotools decodes", .python("numpy", "PIL", "pycocotools"))
    func masks() throws {
        try copy("coco")
        let outcome = try tool.run(
            "overlay", "set", "-o", "out", "--group", "masks", "--legend", "none", "--palette", "pascal-voc")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let script = """
            import json, sys
            import numpy as np
            from PIL import Image
            from pycocotools import mask as coco

            folder = sys.argv[1]
            data = json.load(open(folder + "/set/annotations/instances_train.json"))
            for image in data["images"]:
                picture = np.asarray(Image.open(f"{folder}/set/images/{image['file_name']}").convert("RGB")).astype(int)
                classes = np.zeros(picture.shape[:2], int)
                for entry in data["annotations"]:
                    shape = entry.get("segmentation")
                    if entry["image_id"] != image["id"] or not shape:
                        continue
                    height, width = classes.shape
                    if isinstance(shape, list):
                        shape = coco.merge(coco.frPyObjects(shape, height, width))
                    elif isinstance(shape["counts"], list):
                        shape = coco.frPyObjects(shape, height, width)
                    classes[coco.decode(shape) > 0] = entry["category_id"]
                # Pascal's colours: bit i of the class goes to the upper bits of red, green, blue by turns.
                colours = np.array([[sum(((c >> (3 * i + k)) & 1) << (7 - i) for i in range(8)) for k in range(3)] for c in range(256)])
                blended = (picture * (255 - 128) + colours[classes] * 128 + 127) // 255
                wanted = np.where((classes > 0)[..., None], blended, picture)
                found = np.asarray(Image.open(f"{folder}/out/images/{image['file_name']}").convert("RGB")).astype(int)
                assert found.shape == wanted.shape, (found.shape, wanted.shape)
                assert (classes > 0).sum() > 1000
                print(int(abs(found - wanted).max()))
            """
        #expect(try PythonTools.run(script, arguments: [tool.folder.path]).lines == ["0", "0"])
    }

    @Test("boxes of Pascal VOC are frames around their pixels, as Pillow draws them", .python("numpy", "PIL"))
    func boxes() throws {
        try copy("voc")
        let outcome = try tool.run(
            "overlay", "set", "-o", "out", "--no-names", "--stroke", "2", "--palette", "pascal-voc")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let script = """
            import sys
            import xml.etree.ElementTree as xml
            import numpy as np
            from PIL import Image, ImageDraw

            folder = sys.argv[1]
            # Numbers in the order in which the names are met.
            colours = {"red ball": (0, 0, 0), "green ball": (128, 0, 0), "yellow ball": (0, 128, 0)}
            for view in ["view0", "view1"]:
                picture = Image.open(f"{folder}/set/JPEGImages/{view}.png").convert("RGB")
                draw = ImageDraw.Draw(picture)
                for thing in xml.parse(f"{folder}/set/Annotations/{view}.xml").iter("object"):
                    left, top, right, bottom = (int(thing.find("bndbox/" + name).text) for name in ["xmin", "ymin", "xmax", "ymax"])
                    # Pascal counts pixels from 1 and both ends in; a line of 2 pixels stands on the edge.
                    draw.rectangle([left - 2, top - 2, right, bottom], outline=colours[thing.find("name").text], width=2)
                found = np.asarray(Image.open(f"{folder}/out/JPEGImages/{view}.png").convert("RGB")).astype(int)
                print(int(abs(found - np.asarray(picture)).max()))
            """
        #expect(try PythonTools.run(script, arguments: [tool.folder.path]).lines == ["0", "0"])
    }

    @Test("what is chosen counts annotations; what is hidden does not hide what is below it")
    func choice() throws {
        try copy("photos")
        let low = ["overlay", "set", "--legend", "none", "--score", "score>=0.9", "-o"]
        let outcome = try tool.run(low + ["out", "--hide-group", "boxes", "--class", "cup", "--class", "cat"])
        #expect(outcome.status == 0 && outcome.errorText.isEmpty, "\(outcome.errorText)")
        #expect(outcome.text.contains("1 of 3 annotations shown, hidden: 2 by class"))
        #expect(try tool.run(low + ["none", "--group", "truth"]).errorText.contains("there is no group \"truth\""))

        let masks = ["overlay", "set", "--legend", "none", "--group", "masks", "-o"]
        #expect(try tool.run(masks + ["all"]).status == 0)
        #expect(try tool.run(masks + ["saucer", "--hide-class", "cup"]).status == 0)
        #expect(try tool.run(masks + ["bare", "--class", "spoon"]).status == 0)
        let handle = try ["all", "saucer", "bare"].map { pixel(try tool.picture($0 + "/images/coffee.png"), 115, 140) }
        #expect(Set(handle).count == 3, "\(handle)")
    }

    @Test("broken annotations are left out, missing and other pictures are errors, and the rest is drawn")
    func damaged() throws {
        try writeCOCO([
            ("a.png", 60, 40), ("gone.png", 60, 40), ("small.png", 50, 40), ("text.png", 60, 40), ("b.png", 60, 40),
        ])
        for name in ["a.png", "b.png", "small.png"] { try tool.copyFixture("images/rgb.png", to: "set/images/" + name) }
        try tool.folder.write("no picture", to: "set/images/text.png")
        let json = String(decoding: try tool.folder.bytes("set/annotations/all.json"), as: UTF8.self)
        try tool.folder.write(
            json.replacing(
                #""id": 4, "image_id": 4, "category_id": 1, "bbox": [10"#,
                with: #""id": 4, "image_id": 4, "category_id": 1, "bbox": ["x""#),
            to: "set/annotations/all.json")
        let outcome = try tool.run("overlay", "set", "-o", "out")
        #expect(outcome.status == 1)
        #expect(Set(try tool.contents(of: "out").keys) == ["images/a.png", "images/b.png"])
        let findings = outcome.lines.filter { $0.hasPrefix("set/annotations/all.json: ") && !$0.contains("warning: ") }
        #expect(
            findings.map { String($0.split(separator: ": ")[1]) } == [
                "images[1].file_name", "images[2].file_name", "annotations[4].bbox[0]",
            ])
        #expect(outcome.errorText.contains("set/images/text.png"))
        #expect(
            outcome.lines.last
                == "COCO: 2 of 5 pictures written to out, 4 annotations (and 1 refused), 3 errors, 2 warnings, 1 missing, 2 failed"
        )
    }

    @Test("two pictures never go to one path, and a run that is made again does not take what it wrote")
    func names() throws {
        try writeCOCO([("a.png", 60, 40), ("a.jpg", 60, 40)])
        try tool.copyFixture("images/rgb.png", to: "set/images/a.png")
        try tool.copyFixture("images/rgb-420.jpg", to: "set/images/a.jpg")
        let twice = try tool.run("overlay", "set", "-o", "out")
        #expect(twice.status == 1 && twice.errorText.contains("images/a.png is also that of a picture before it"))

        // JPEGImages is looked at before the folder itself, where the pictures are.
        for part in ["Annotations/view0.xml", "JPEGImages/view0.png"] {
            try tool.copyFixture("annotations/voc/" + part, to: "voc/" + part.replacing("JPEGImages/", with: ""))
        }
        let first = try tool.run("overlay", "voc", "-o", "voc/JPEGImages")
        let written = try tool.contents(of: "voc/JPEGImages")
        #expect(first.status == 0 && written.keys.contains("view0.png"))
        let second = try tool.run("overlay", "voc", "-o", "voc/JPEGImages")
        #expect(second.text == first.text)
        #expect(try tool.contents(of: "voc/JPEGImages") == written)
    }

    @Test("no picture of the set is replaced, and no link leads out of the folder")
    func bounds() throws {
        try copy("coco")
        let before = try tool.contents(of: "set")
        for folder in ["set", "set/", "set/images/.."] {
            let outcome = try tool.run("overlay", "set", "-o", folder)
            #expect(outcome.status == 73 && outcome.errorText.contains("among the pictures of the data set"))
        }
        #expect(try tool.run("overlay", "set", "--pictures", "set/images", "-o", "set/images").status == 73)
        try tool.folder.makeFolder("out")
        #expect(try tool.shell("ln -s ../set/images out/images").status == 0)
        let linked = try tool.run("overlay", "set", "-o", "out")
        #expect(linked.status == 1 && linked.errorText.contains("a link in the folder of the outputs leads to"))
        #expect(try tool.contents(of: "set") == before)

        // The folder of the outputs holds the set, one of whose pictures goes where another one is.
        try writeCOCO([("set2/set2/a.png", 60, 40), ("set2/a.png", 60, 40)], to: "set2")
        try tool.copyFixture("images/rgb.png", to: "set2/set2/set2/a.png")
        try tool.copyFixture("images/rgb.png", to: "set2/set2/a.png")
        let above = try tool.run("overlay", "set2", "-o", ".")
        #expect(above.status == 1 && above.errorText.contains("would replace a file of the data set"))
        #expect(try tool.folder.bytes("set2/set2/a.png") == Fixtures.bytes("images/rgb.png"))
    }

    @Test("a picture that is stored turned is drawn as its annotations have it")
    func turned() throws {
        try writeCOCO([("turned.jpg", 60, 40)], to: "stored")
        try writeCOCO([("turned.jpg", 40, 60)], to: "shown")
        for (set, width) in [("stored", 60), ("shown", 40)] {
            try tool.copyFixture("images/exif-turned.jpg", to: set + "/images/turned.jpg")
            let outcome = try tool.run("overlay", set, "-o", "out-" + set, "--legend", "none", "--no-names")
            #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
            #expect(try tool.picture("out-\(set)/images/turned.png").width == width)
        }
    }

    @Test("rows of YOLO as turned boxes have no inside, and names come from a file")
    func rows() throws {
        try tool.copyFixture("images/rgb.png", to: "set/images/a.png")
        try tool.folder.write("7 0.2 0.2 0.8 0.4 0.7 0.8 0.1 0.6\n", to: "set/labels/a.txt")
        try tool.folder.write(#"{"7": "ship"}"#, to: "names.json")
        let options = ["--labels", "names.json", "--class", "ship", "--legend", "none", "--no-names", "-q"]
        #expect(try tool.run(["overlay", "set", "-o", "inside"] + options).status == 0)
        #expect(try tool.run(["overlay", "set", "-o", "turned", "--yolo-rows", "oriented"] + options).status == 0)
        let plain = pixel(try tool.picture("set/images/a.png"), 27, 20)
        #expect(pixel(try tool.picture("inside/images/a.png"), 27, 20) != plain)
        #expect(pixel(try tool.picture("turned/images/a.png"), 27, 20) == plain)
        #expect(try tool.contents(of: "turned") != tool.contents(of: "set"))
    }

    @Test("the first pictures, those with annotations, other kinds of file, none that exists")
    func options() throws {
        try copy("yolo")
        try tool.folder.write("", to: "set/labels/train/view0.txt")
        let names = { (folder: String) in Set(try tool.contents(of: folder).keys.map(\.splitPath.name)) }
        #expect(try tool.run("overlay", "set/data.yaml", "-o", "a", "--limit", "1").status == 0)
        #expect(try names("a") == ["view0.png"])
        #expect(try tool.run("overlay", "set", "-o", "b", "--annotated-only", "--format", "jpg").status == 0)
        #expect(try names("b") == ["view1.jpg"])
        let kept = try tool.run("overlay", "set", "-o", "b", "--format", "yolo", "--no-overwrite")
        #expect(try kept.status == 0 && names("b") == ["view0.png", "view1.jpg", "view1.png"])
        #expect(try tool.run("overlay", "set", "-o", "b", "--no-overwrite").status == 1)
        let pictures = try tool.run(
            "overlay", "set/labels/train/view1.txt", "--pictures", "set/images/train", "-o", "c", "-q")
        #expect(try pictures.status == 0 && pictures.text.isEmpty && names("c") == ["view1.png"])
    }

    @Test(
        "Wrong usage has status 64, what is no data set 65",
        arguments: [
            (["empty", "-o", "out"], 65), (["missing", "-o", "out"], 65), (["set", "-o", "out.png"], 64),
            (["set", "-o", "-"], 64), (["set", "-o", "out", "--dataset-format", "tfrecord"], 64),
            (["set", "-o", "out", "--keep"], 64), (["set", "-o", "out", "--limit", "0"], 64),
            (["set", "-o", "out", "--pictures", "missing"], 65), (["set", "-o", "out", "--colormap", "jet"], 64),
            (["a.png", "-o", "out"], 64), (["a.png", "-o", "out.png", "--boxes", "b.json", "--limit", "3"], 64),
        ] as [([String], Int32)])
    func usage(arguments: [String], status: Int32) throws {
        try tool.folder.makeFolder("empty")
        try copy("coco")
        try tool.copyFixture("images/rgb.png", to: "a.png")
        let outcome = try tool.run(["overlay"] + arguments)
        #expect(outcome.status == status, "\(outcome.text)\(outcome.errorText)")
        #expect(outcome.errorText.contains("rror: "))
    }
}
