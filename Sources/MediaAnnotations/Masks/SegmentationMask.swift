public import MediaCore
public import TensorIO

/// The class of every pixel of a picture: a number from 0 to 65,535, with names for the classes.
///
///     let mask = try SegmentationMask(tensor, labels: labels)
///     let overlay = try MaskOverlay(picture, mask: mask, colors: colors)
///
/// A mask cannot hold anything but ids: what else a tensor may hold is found when a mask is made of it, all of it at once.
/// Tensors of `uint8`, `bool`, and of `uint16` with an id above 255, are looked at where they are, as long as the numbers of
/// a row stand side by side in the processor's byte order; others are copied once, to 8 bits where all ids fit.
public struct SegmentationMask: Sendable {
    /// A class that occurs, and on how many pixels.
    public struct ClassCount: Sendable, Hashable {
        /// The number of the class.
        public let id: Int
        /// How many pixels are of it.
        public let pixelCount: Int
    }

    /// How many pixels a row has; at least 1.
    public let width: Int
    /// How many rows there are; at least 1.
    public let height: Int
    /// The ids, of shape (height, width) and type `uint8` or `uint16`; the numbers of a row stand side by side.
    public let tensor: Tensor
    /// The classes that occur, by number.
    public let classes: [ClassCount]
    /// The names that were given, or `class_<id>` for each class that occurs.
    public let labels: ClassLabels
    /// Whether no names were given.
    public let hasDefaultLabels: Bool
    /// What was noticed and is no error: ids without a name.
    public let findings: [Finding]

    /// A mask of the numbers of a tensor.
    ///
    /// - Parameters:
    ///   - tensor: rows × columns of any integer type or `bool`; of a float type when every number is an integer.
    ///   - labels: the names of classes; `nil` makes `class_<id>` for those that occur.
    ///   - limits: how large a mask may be: ``MediaCore/Limits/imageSide`` and ``MediaCore/Limits/imagePixels``.
    /// - Throws: what ``validate(_:labels:imageWidth:imageHeight:limits:)`` finds, with its report.
    public init(_ tensor: Tensor, labels: ClassLabels? = nil, limits: Limits = .default) throws(MediaError) {
        var check = MaskCheck(tensor, labels: labels, limits: limits)
        var ids: [UInt16] = []
        let isByteType = tensor.elementType == .uint8 || tensor.elementType == .bool
        if !check.report.hasErrors {
            if !isByteType { ids.reserveCapacity(tensor.count) }
            unsafe check.scan { block, count in
                unsafe ids.append(contentsOf: UnsafeBufferPointer(start: block, count: count))
            }
        }
        try check.report.throwIfInvalid()
        let isPacked = MaskCheck.isReadableInPlace(tensor)
        let own: Tensor
        if isByteType, !check.numbers.hasOddBools {
            own =
                isPacked
                ? try tensor.asBytes() : try Tensor(tensor.packedBytes(), shape: tensor.shape)
        } else if tensor.elementType == .bool {
            own = try Tensor(tensor.packedBytes().map { $0 == 0 ? 0 : 1 as UInt8 }, shape: tensor.shape)
        } else if check.numbers.greatest < 256 {
            own = try Tensor(ids.map { UInt8(truncatingIfNeeded: $0) }, shape: tensor.shape)
        } else if tensor.elementType == .uint16, isPacked {
            own = tensor
        } else {
            own = try Tensor(ids, shape: tensor.shape)
        }
        self.init(own, check.classes, labels: labels, findings: check.report.findings)
    }

    /// A mask of ids that are known to be right. `tensor` is of rank 2, not empty, and as ``tensor`` says.
    init(_ tensor: Tensor, _ classes: [ClassCount], labels: ClassLabels?, findings: [Finding] = []) {
        self.tensor = tensor
        height = tensor.shape[0]
        width = tensor.shape[1]
        self.classes = classes
        self.labels = labels ?? .defaults(for: classes.map(\.id))
        hasDefaultLabels = labels == nil
        self.findings = findings
    }

    /// The greatest id that occurs.
    public var greatestID: Int { classes.last?.id ?? 0 }

    /// Everything that is wrong with a tensor as a mask, or odd.
    ///
    /// Of each kind of wrong numbers there is one finding, with the place and value of the first and how many there are.
    /// Errors: `mask.rank`, `mask.empty`, `mask.size`, `limit.exceeded`; `mask.negative`, `mask.fractional`,
    /// `mask.not-finite`, `mask.id-range` with paths such as `mask_data[3][7]`. Warning: `mask.unlabelled`, for each class
    /// that occurs without a name where names are given.
    ///
    /// - Parameters:
    ///   - tensor: the numbers.
    ///   - labels: the names of classes.
    ///   - imageWidth: the width of the picture that the mask is for; `nil` compares nothing.
    ///   - imageHeight: its height.
    ///   - limits: how large a mask may be.
    public static func validate(
        _ tensor: Tensor, labels: ClassLabels? = nil, imageWidth: Int? = nil, imageHeight: Int? = nil,
        limits: Limits = .default
    ) -> ValidationReport {
        var check = MaskCheck(tensor, labels: labels, limits: limits)
        if !check.report.hasErrors {
            check.compareSize(width: imageWidth, height: imageHeight)
            unsafe check.scan(receive: nil)
        }
        return check.report
    }

    /// Checks that the mask has the size of a picture.
    ///
    /// - Throws: `mask.size`, which names both sizes.
    public func checkSize(width: Int, height: Int) throws(MediaError) {
        guard let finding = MaskCheck.sizeFinding(tensor.shape, width: width, height: height) else { return }
        var report = ValidationReport()
        report.add(finding)
        try report.throwIfInvalid()
    }
}

extension Tensor {
    /// The same bytes, as numbers of 8 bits.
    fileprivate func asBytes() throws(MediaError) -> Tensor {
        elementType == .uint8
            ? self : try Tensor(storage: storage, elementType: .uint8, shape: shape, strides: strides, offset: offset)
    }
}
