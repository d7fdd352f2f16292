import MediaAnnotations

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads and validates a file of boxes, once for each line on standard input, and answers with seconds of CPU time.
///
///     box-benchmarks FILE        then lines `boxes`, `validate`, `tree`
///
/// `Benchmarks/boxes.py` asks, in rounds with orjson.
@main
enum Main {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            print("box-benchmarks FILE")
            exit(64)
        }
        // Read, not mapped: no round pays for the first look at a page.
        var limits = Limits()
        limits.mappedFileBytes = .max
        let contents = try FileContents.open(CommandLine.arguments[1], limits: limits)
        let labels = try ClassLabels((0..<80).map { ImageClass(id: $0, name: "class \($0)") })
        let validation = BoxValidation(image: try ImageSize(width: 1920, height: 1080), labels: labels)
        let document = try BoxDocument(contents)
        while let line = readLine() {
            let start = seconds()
            switch line {
            case "boxes": check(try BoxDocument(contents).report, boxes: 1)
            case "tree": try contents.withBytes { bytes in _ = try JSONReader.parse(bytes) }
            case "validate": check(validation.report(on: document.groups), boxes: document.groups.entries.count)
            default: exit(64)
            }
            print(seconds() - start)
            fflush(nil)
        }
    }

    private static func check(_ report: ValidationReport, boxes: Int) {
        guard !report.hasErrors, boxes > 0 else {
            print(report.findings.first?.description ?? "no boxes")
            exit(1)
        }
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
