import MediaAnnotations
import TestSupport

/// Everything that a walk along a data set gives.
struct WalkedSet {
    var format: DataSetFormat
    var images: [DataSetImage] = []
    var files: [DataSetWalker.FileReport] = []
    var labels: ClassLabels
    var skeletons: [Int: Skeleton]
    var summary = DataSetSummary()

    init(_ path: String, format: DataSetFormat? = nil, options: DataSetOptions = DataSetOptions()) throws {
        let set = try AnnotatedDataSet.open(path, format: format, options: options)
        var walker = set.walk()
        while let step = try walker.next() {
            summary.add(step)
            switch step {
            case .image(let image): images.append(image)
            case .file(let file): files.append(file)
            }
        }
        self.format = set.format
        labels = walker.labels
        skeletons = walker.skeletons
    }

    /// All annotations, in order.
    var annotations: [DataSetAnnotation] { images.flatMap(\.annotations) }

    /// All findings, those of files first.
    var findings: [Finding] { files.flatMap(\.report.findings) + images.flatMap(\.report.findings) }

    /// `code path` of each finding.
    var codes: [String] { findings.map { "\($0.code) \($0.path)" } }
}

extension Rectangle {
    /// Left, upper, right, lower edge.
    var edges: [Double] { [minX, minY, maxX, maxY] }
}

/// The folder of data sets among the fixtures.
func dataSet(_ name: String) -> String { Fixtures.path("annotations/" + name) }
