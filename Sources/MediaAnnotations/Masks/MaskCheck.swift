import MediaCore
import TensorIO

/// The validation of a tensor as a mask, in two steps: its shape, then its numbers.
struct MaskCheck {
    /// What was found so far.
    private(set) var report = ValidationReport()
    /// The numbers, once they were looked at.
    private(set) var numbers: MaskScan
    private let tensor: Tensor
    private let labels: ClassLabels?

    /// How many classes without a name have a finding of their own.
    private static let mostUnlabelled = 32

    /// Looks at the shape alone.
    init(_ tensor: Tensor, labels: ClassLabels?, limits: Limits) {
        self.tensor = tensor
        self.labels = labels
        numbers = MaskScan()
        let shape = tensor.shape
        guard shape.count == 2 else {
            report.add(
                .error(
                    .maskRank, "shape \(describe(shape)) is no mask, which is rows × columns", path: "mask_data",
                    value: describe(shape), hint: Self.rankHint(shape)))
            return
        }
        guard shape[0] > 0, shape[1] > 0 else {
            report.add(
                .error(
                    .maskEmpty, "shape \(describe(shape)) holds no pixel", path: "mask_data", value: describe(shape),
                    hint: "a mask needs a row and a column"))
            return
        }
        // The product does not overflow: the tensor was made with this shape.
        if shape[0] > limits.imageSide || shape[1] > limits.imageSide || tensor.count > limits.imagePixels {
            report.add(
                .error(
                    .limitExceeded,
                    "a mask of \(shape[1])×\(shape[0]) is larger than \(limits.imageSide) per side or "
                        + "\(limits.imagePixels) pixels", path: "mask_data", value: describe(shape),
                    hint: "raise Limits.imageSide and Limits.imagePixels if this is meant"))
        }
    }

    private static func rankHint(_ shape: [Int]) -> String {
        guard shape.count == 3 else { return "pass one number per pixel" }
        if shape[0] == 1 || shape[2] == 1 { return "remove the axis of length 1" }
        return "pass one number per pixel; for scores of \(shape[0]) classes use argmaxOf:"
    }

    /// Whether the numbers of each row stand side by side, in native byte order and at addresses of their type.
    static func isReadableInPlace(_ tensor: Tensor) -> Bool {
        let width = tensor.elementType.byteCount
        guard tensor.hasNativeByteOrder, tensor.shape[1] == 1 || tensor.strides[1] == width,
            tensor.shape[0] == 1 || tensor.strides[0] % width == 0
        else { return false }
        return unsafe tensor.withUnsafeStorage { bytes in
            (Int(bitPattern: bytes.baseAddress) + tensor.offset) % width == 0
        }
    }

    /// Adds a finding when the mask has another size than its picture.
    mutating func compareSize(width: Int?, height: Int?) {
        let shape = tensor.shape
        if let finding = Self.sizeFinding(shape, width: width ?? shape[1], height: height ?? shape[0]) {
            report.add(finding)
        }
    }

    static func sizeFinding(_ shape: [Int], width: Int, height: Int) -> Finding? {
        guard shape != [height, width] else { return nil }
        return .error(
            .maskSize, "the mask has \(shape[1])×\(shape[0]) pixels, the picture \(width)×\(height)", path: "mask_data",
            value: describe(shape), hint: "make the mask for this picture, or pass resize: .nearest")
    }

    /// Looks at all numbers; see ``MaskScan``.
    @unsafe mutating func scan(receive: ((UnsafePointer<UInt16>, Int) -> Void)?) {
        numbers = unsafe MaskScan(tensor, receive: receive)
        add(numbers.notFinite, .maskNotFinite, "not finite", "ids are whole numbers from 0 to \(MaskScan.mostID)")
        add(numbers.negative, .maskNegative, "below 0", "give pixels to be ignored an id of their own, such as 255")
        add(
            numbers.fractional, .maskFractional, "not a whole number",
            "round the numbers, or pass scores per class to argmaxOf:")
        add(numbers.tooLarge, .maskIDRange, "above \(MaskScan.mostID)", "number the classes from 0")
        guard let labels, !report.hasErrors else { return }
        let unlabelled = classes.filter { labels[$0.id] == nil }
        for entry in unlabelled.prefix(Self.mostUnlabelled) {
            report.add(
                .warning(
                    .maskUnlabelled,
                    "class \(entry.id) on \(entry.pixelCount) pixel\(entry.pixelCount == 1 ? "" : "s") has no label",
                    path: "class_labels[\(entry.id)]", value: String(entry.id), hint: "name it, or correct the mask"))
        }
        if unlabelled.count > Self.mostUnlabelled {
            report.add(
                .warning(
                    .maskUnlabelled, "\(unlabelled.count - Self.mostUnlabelled) more classes have no label",
                    path: "class_labels", hint: "check that the numbers are classes"))
        }
    }

    private mutating func add(
        _ offence: Offence, _ code: MediaError.Code, _ what: String, _ hint: String
    ) {
        guard offence.count > 0 else { return }
        let width = max(1, tensor.shape[1])
        let others = offence.count > 1 ? " (and \(offence.count - 1) more like it)" : ""
        report.add(
            .error(
                code, "\(offence.value) is \(what)\(others)",
                path: "mask_data[\(offence.first / width)][\(offence.first % width)]", value: offence.value,
                hint: hint))
    }

    /// The classes that occur, by number.
    var classes: [SegmentationMask.ClassCount] { numbers.classes }
}

extension MediaError.Code {
    /// A tensor that should be a mask does not have rows and columns, or has more.
    public static let maskRank: Self = "mask.rank"
    /// A mask has no pixel.
    public static let maskEmpty: Self = "mask.empty"
    /// A mask has another size than its picture.
    public static let maskSize: Self = "mask.size"
    /// A number in a mask is below 0.
    public static let maskNegative: Self = "mask.negative"
    /// A number in a mask is not whole.
    public static let maskFractional: Self = "mask.fractional"
    /// A number in a mask is NaN or infinite.
    public static let maskNotFinite: Self = "mask.not-finite"
    /// A number in a mask is greater than a class may be.
    public static let maskIDRange: Self = "mask.id-range"
    /// A class occurs that has no label, though labels are given.
    public static let maskUnlabelled: Self = "mask.unlabelled"
}
