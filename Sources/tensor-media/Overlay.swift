import ArgumentParser
import TensorMedia

/// `tensor-media overlay`.
struct Overlay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overlay",
        abstract: "Draw masks and boxes on a picture, or what a data set says on all of its pictures.",
        discussion: """
            The picture is a picture file, a tensor, or a member of an archive. Masks are tensors of class ids (.npy, .npz), PNG \
            files of ids, or COCO run lengths in JSON; a tensor of one more axis holds a mask for each picture of a batch. Boxes \
            are JSON as wandb has it: groups of {"box_data": […]}, one group, or a list of boxes. NAME=FILE puts a file into a group.

              tensor-media overlay photo.png --mask truth=t.npy --mask pred=p.npy --labels labels.json -o out.png
              tensor-media overlay photo.png --boxes boxes.json --group pred --class car --score 'acc>=0.5' -o out.png
              tensor-media overlay clip.npy --layout thwc --mask masks.npy --boxes boxes.json -o out.gif

            An output that ends in .gif is a clip of a tensor. It takes a mask for all frames or one for each, and boxes as a JSON \
            list with an entry for each frame, of what a file for one picture holds.

            What does not fit the picture is an error and nothing is written; see 'tensor-media validate' for all findings.

            Without --mask and --boxes, a folder or a file of annotations is a data set: COCO, YOLO (data.yaml, labels), LabelMe, \
            Pascal VOC. Each picture is drawn with its masks, boxes, outlines and keypoints, which are the groups that --group and \
            --hide-group know, and goes into the folder -o, below which folders are kept. Scores have the name score. Findings are \
            printed as by 'tensor-media validate dataset'; what is broken is left out, the rest is drawn, and the status is 1.

              tensor-media overlay coco/annotations/instances_val2017.json -o drawn/ --limit 50
              tensor-media overlay yolo/ -o drawn/ --hide-group masks --class person --outline 2
            """)

    @Argument(help: ArgumentHelp("The picture or tensor; or a data set.", valueName: "image"), completion: .file())
    var image: String
    @Option(help: ArgumentHelp("A mask; can be repeated.", valueName: "[group=]file"), completion: .file())
    var mask: [String] = []
    @Option(help: ArgumentHelp("A file of boxes; can be repeated.", valueName: "[group=]file"), completion: .file())
    var boxes: [String] = []
    @Option(
        help: ArgumentHelp(
            "The names of classes: JSON ({\"0\": \"road\"} or a list) or a line for each.", valueName: "file"),
        completion: .file())
    var labels: String?
    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp(
            "The file to write, or - for standard output; for a data set, the folder.", valueName: "file"),
        completion: .file())
    var output: String

    @OptionGroup(title: "Data sets") var dataSet: DataSetArguments
    @OptionGroup(title: "How to draw") var annotations: AnnotationOptions
    @OptionGroup(title: "How to read a tensor") var reading: ReadingOptions
    @OptionGroup(title: "What to write") var writing: WritingOptions
    @Option(help: ArgumentHelp("Frames per second of a clip; 4 if not given.", valueName: "rate"))
    var fps: String?
    @Flag(name: [.short, .long], help: "Print nothing but failures.")
    var quiet = false

    func validate() throws {
        guard !mask.isEmpty || !boxes.isEmpty else { return try dataSet.validate(self) }
        if let option = dataSet.given.first {
            throw ValidationError("\(option) is for data sets, which have their masks and boxes themselves.")
        }
        if output != "-", ImageFileType(pathOf: output) == nil, ClipFormat(pathOf: output) != .gif {
            throw ValidationError("--output ends in .png, .jpg, .bmp or .gif, or is -.")
        }
    }

    func run() throws {
        Interruption.listen()
        if mask.isEmpty, boxes.isEmpty {
            let job = try usage { () throws(MediaError) in try DataSetJob(self) }
            return try job.run()
        }
        let settings = try usage { () throws(MediaError) in
            var settings = ConversionSettings()
            try reading.apply(to: &settings)
            try writing.apply(to: &settings)
            try annotations.apply(to: &settings.annotations)
            if let fps { try settings.setOption("fps", to: fps) }
            if ClipFormat(pathOf: output) == .gif {
                guard settings.clip.isAsked != false else {
                    throw MediaError(
                        .argumentInvalid, "the kind \(settings.picture.kind.rawValue) does not go with a clip",
                        hint: "leave --as out, or give the output another ending", at: .init(field: "--as"))
                }
                settings.clip.format = .gif
            } else if let type = ImageFileType(pathOf: output) {
                settings.fileType = type
                settings.picture.fileType = type
            }
            return settings
        }
        let rules = try usage { () throws(MediaError) in try reading.readRules() }
        let found = InputFinder(takesPictures: true).find([image])
        guard found.inputs.count <= 1 else {
            throw ValidationError("\(image) is \(found.inputs.count) inputs; name one picture.")
        }
        var report = RunReport(
            .init(output: output, quiet: quiet), try OutputTarget(output), failures: found.failures,
            display: ProgressDisplay(.none, total: 1), pictures: nil)
        if var input = found.inputs.first {
            input.annotations = AnnotationFiles(
                masks: mask.map(AnnotationFiles.File.init(argument:)),
                boxes: boxes.map(AnnotationFiles.File.init(argument:)), labels: labels)
            try report.take(
                Converter(folder: "", settings: settings, rules: rules).convertOne(
                    input, to: output, pool: WorkerPool(), cancellation: Interruption.flag))
        }
        if Interruption.flag.isCancelled { report.end = MediaError(.cancelled, "interrupted") }
        try report.finish(inputs: 1, printsSummary: false)
    }
}
