import ArgumentParser
import TensorMedia

/// `tensor-media validate masks`.
struct ValidateMasks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "masks", abstract: "Check segmentation masks: tensors of class ids, PNG files, COCO run lengths.")

    @Argument(help: ArgumentHelp("A mask.", valueName: "file"), completion: .file())
    var files: [String]
    @Option(
        help: ArgumentHelp("The names of classes; ids without one are warned of.", valueName: "file"),
        completion: .file())
    var labels: String?
    @Option(help: ArgumentHelp("The size that masks have to have, as WIDTHxHEIGHT.", valueName: "size"))
    var size: String?
    @OptionGroup var printing: FindingOptions

    func run() throws {
        Interruption.listen()
        let size = try usage { () throws(MediaError) in try imageSize(self.size) }
        let labels = try usage { () throws(MediaError) in try openLabels(self.labels) }
        try report(on: files, printing, "mask") { (file) throws(MediaError) in
            try AnnotationReader().validateMask(file, labels: labels, size: size)
        }
    }
}

/// `tensor-media validate boxes`.
struct ValidateBoxes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boxes", abstract: "Check bounding boxes in JSON, as wandb has them.")

    @Argument(help: ArgumentHelp("A file of boxes.", valueName: "file"), completion: .file())
    var files: [String]
    @Option(
        help: ArgumentHelp("The names of classes; ids without one are warned of.", valueName: "file"),
        completion: .file())
    var labels: String?
    @Option(help: ArgumentHelp("The size of the picture, as WIDTHxHEIGHT.", valueName: "size"))
    var size: String?
    @Flag(help: "Read boxes that do not say so themselves as pixels, not as fractions of the picture.")
    var pixels = false
    @OptionGroup var printing: FindingOptions

    func run() throws {
        Interruption.listen()
        let size = try usage { () throws(MediaError) in try imageSize(self.size) }
        let labels = try usage { () throws(MediaError) in try openLabels(self.labels) }
        var options = BoxReadingOptions()
        options.domain = pixels ? .pixel : .percentage
        options.image = size
        try report(on: files, printing, "file of boxes", "files of boxes") { (file) throws(MediaError) in
            let document = try BoxDocument(path: file, options: options)
            var report = document.report
            report.add(BoxValidation(image: size, labels: labels).report(on: document.groups))
            return report
        }
    }
}

/// Prints the findings of each file and the counts, and ends with the status that they ask for.
private func report(
    on files: [String], _ printing: FindingOptions, _ kind: String, _ kinds: String? = nil,
    _ validate: (String) throws(MediaError) -> ValidationReport
) throws {
    let printer = FindingPrinter(printing)
    var (errors, warnings, unreadable) = (0, 0, 0)
    for file in files {
        if Interruption.flag.isCancelled { throw Interruption.status }
        let found: ValidationReport
        do throws(MediaError) {
            found = try validate(file)
        } catch {
            unreadable += 1
            Console.error(error.inFile(file).onCommandLine.description)
            continue
        }
        errors += found.counts[.error, default: 0]
        warnings += found.counts[.warning, default: 0]
        try printer.show(found, of: file)
    }
    if printing.json {
        try Console.result(
            try JSONWriter.string([
                "summary": [
                    "files": JSONValue(files.count), "unreadable": JSONValue(unreadable), "errors": JSONValue(errors),
                    "warnings": JSONValue(warnings),
                ]
            ]))
    } else {
        let what = files.count == 1 ? "1 \(kind)" : "\(files.count) \(kinds ?? kind + "s")"
        let lost = unreadable > 0 ? ", \(unreadable) of them unreadable" : ""
        try Console.result("\(what)\(lost), \(count(errors, "error")), \(count(warnings, "warning"))")
    }
    if unreadable > 0 { throw ExitStatus.cannotCompare }
    try printer.end(errors: errors, warnings: warnings)
}

/// A size as the command line writes it: `640x480`.
private func imageSize(_ text: String?) throws(MediaError) -> ImageSize? {
    guard let text else { return nil }
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]) else {
        throw MediaError(
            .argumentInvalid, "\"\(text)\" is no size", hint: "write WIDTHxHEIGHT, such as 640x480",
            at: .init(field: "--size"))
    }
    return try ImageSize(width: width, height: height)
}

private func openLabels(_ path: String?) throws(MediaError) -> ClassLabels? {
    guard let path else { return nil }
    return try ClassLabels.open(path)
}
