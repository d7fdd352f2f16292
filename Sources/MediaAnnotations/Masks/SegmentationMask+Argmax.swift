public import MediaCore
public import TensorIO

extension SegmentationMask {
    /// Where the classes are in a tensor of scores.
    public enum ClassAxis: String, Sendable, Hashable {
        /// Classes × rows × columns, as networks give them.
        case first
        /// Rows × columns × classes.
        case last
    }

    /// A mask from scores per class, such as logits, probabilities or a one-hot encoding: each pixel is of the class with
    /// the greatest score, of equal ones the lowest.
    ///
    /// A NaN is never the greatest. How many there are is a warning; a pixel where every class is NaN has no class, which is
    /// an error.
    ///
    /// - Parameters:
    ///   - scores: rank 3, any element type. Tensors with `.first` axis and packed rows are read where they are.
    ///   - classAxis: which axis the classes are.
    ///   - labels: the names of classes; `nil` makes `class_<id>` for those that occur.
    ///   - requiresOneHot: whether each pixel must have one score of 1 and otherwise scores of 0.
    ///   - limits: how large a mask may be.
    /// - Throws: `mask.rank`, `mask.empty`, `limit.exceeded`, `mask.id-range` for more than 65,536 classes;
    ///   `mask.unclassified` for pixels without a number; `mask.one-hot`.
    public init(
        argmaxOf scores: Tensor, classAxis: ClassAxis = .first, labels: ClassLabels? = nil,
        requiresOneHot: Bool = false, limits: Limits = .default
    ) throws(MediaError) {
        let argmax = try MaskArgmax(scores, classAxis: classAxis, limits: limits)
        var report = ValidationReport()
        if requiresOneHot, let finding = argmax.oneHotFinding() { report.add(finding) }
        try report.throwIfInvalid()
        let found =
            argmax.classes <= 256
            ? try argmax.run(UInt8.self, report: &report) : try argmax.run(UInt16.self, report: &report)
        try report.throwIfInvalid()
        let mask = try SegmentationMask(found, labels: labels, limits: limits)
        self.init(mask.tensor, mask.classes, labels: labels, findings: report.findings + mask.findings)
    }
}

extension MediaError.Code {
    /// Every score of a pixel is NaN.
    public static let maskUnclassified: Self = "mask.unclassified"
    /// Some scores are NaN.
    public static let maskScoresNotFinite: Self = "mask.scores-not-finite"
    /// A pixel of a one-hot encoding has no class, or more than one.
    public static let maskOneHot: Self = "mask.one-hot"
}
