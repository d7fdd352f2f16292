import TensorIO
import TestSupport
import Testing

@Suite("hints name options of the command line") struct CommandHintTests {
    @Test(
        "each hint of the library that speaks of its parameters",
        arguments: [
            (["validate", "boxes", "pixels.json"], "give --pixels for pixel coordinates"),
            (["validate", "boxes", "pixels.json", "--pixels", "--size", "5x5"], "draw with --clip to cut boxes"),
            (["validate", "boxes", "wide.json"], "cut the box at the image, or draw with --clip"),
            (
                ["overlay", "x.npy", "--boxes", "wide.json", "-o", "o.png"],
                "cut the box at the image, or draw with --clip"
            ),
            (["validate", "masks", "x.mask.npy", "--size", "9x9"], "or draw with --resize-masks"),
            (["overlay", "x.npy", "--mask", "small.npy", "-o", "o.png"], "or draw with --resize-masks"),
            (["validate", "masks", "scores.npy"], "for scores of 2 classes save the class with the highest one"),
            (["validate", "masks", "half.npy"], "or save the class with the highest score"),
            (["convert", "x.npy", "-o", "out", "--grid", "2"], "leave --grid out, or give --no-annotations"),
            (["validate", "dataset", "set"], "or name their folder with --pictures"),
            (["validate", "dataset", "empty"], "name the kind with --dataset-format"),
        ])
    func hints(arguments: [String], hint: String) throws {
        let tool = try Tool()
        try tool.write(Tensor([UInt8](repeating: 9, count: 48), shape: [6, 8]), to: "x.npy")
        try tool.write(Tensor([UInt8](repeating: 1, count: 48), shape: [6, 8]), to: "x.mask.npy")
        try tool.write(Tensor([UInt8](repeating: 1, count: 6), shape: [2, 3]), to: "small.npy")
        try tool.write(Tensor([Float](repeating: 0.5, count: 48), shape: [6, 8]), to: "half.npy")
        try tool.write(Tensor([Float](repeating: 0.5, count: 96), shape: [2, 6, 8]), to: "scores.npy")
        try tool.folder.write(
            #"[{"position": {"minX": 1, "maxX": 7, "minY": 1, "maxY": 5}, "class_id": 1}]"#, to: "pixels.json")
        try tool.folder.write(
            #"[{"position": {"minX": 0.5, "maxX": 1.2, "minY": 0.1, "maxY": 0.5}, "class_id": 1}]"#, to: "wide.json")
        try tool.folder.write("0 0.5 0.5 0.5 0.5\n", to: "set/labels/a.txt")
        try tool.folder.makeFolder("empty")
        let outcome = try tool.run(arguments)
        #expect((outcome.text + outcome.errorText).contains(hint), "\(outcome.text)\(outcome.errorText)")
    }
}
