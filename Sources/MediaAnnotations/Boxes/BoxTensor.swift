public import MediaCore
public import TensorIO

/// What the numbers in the rows of a box tensor are.
public struct BoxTensorFormat: Sendable, Hashable {
    /// The first four numbers of a row.
    public enum Corners: String, Sendable, CaseIterable {
        /// Left, upper, right and lower edge: torchvision, most detectors.
        case xyxy
        /// Upper left corner and size: COCO.
        case xywh
        /// Middle and size: YOLO.
        case cxcywh
    }

    /// A number after the first four.
    public enum Column: Sendable, Hashable {
        /// A score of this name.
        case score(String)
        /// The class, a whole number.
        case classID
    }

    /// The first four numbers.
    public var corners: Corners
    /// What they count.
    public var domain: BoundingBox.Domain
    /// The fifth and sixth number, as far as the tensor has them: a score, then the class, unless said otherwise.
    public var columns: [Column]

    /// Creates a format.
    public init(
        _ corners: Corners, domain: BoundingBox.Domain, columns: [Column] = [.score("score"), .classID]
    ) {
        self.corners = corners
        self.domain = domain
        self.columns = columns
    }
}

extension BoundingBox {
    /// The boxes in the rows of a tensor: N×4, N×5 or N×6, of any type of number.
    ///
    /// - Parameters:
    ///   - tensor: A row for each box.
    ///   - format: What the numbers are.
    ///   - path: What findings call the boxes: `boxes[3].position.maxX`.
    /// - Throws: `shape.invalid`, `element-type.invalid`; for rows that are no boxes the first finding, with a report of
    ///   all of them.
    public static func boxes(
        from tensor: Tensor, format: BoxTensorFormat, path: String = "boxes"
    ) throws(MediaError) -> [BoundingBox] {
        guard tensor.rank == 2, (4...6).contains(tensor.shape[1]), format.columns.count >= tensor.shape[1] - 4 else {
            throw MediaError(
                .shapeInvalid,
                "boxes need a tensor of N×4, N×5 or N×6, found \(tensor.shape) and \(format.columns.count) columns",
                hint: "a row is one box: four numbers, then what the columns say", at: .init(field: "\(path).shape"))
        }
        guard tensor.elementType != .bool else {
            throw MediaError(
                .elementTypeInvalid, "boxes cannot be made of bool", hint: "use numbers",
                at: .init(field: "\(path).dtype"))
        }
        let width = tensor.shape[1]
        let values = tensor.values()
        var boxes: [BoundingBox] = []
        boxes.reserveCapacity(tensor.shape[0])
        var report = ValidationReport()
        for row in 0..<tensor.shape[0] {
            let place = "\(path)[\(row)]"
            var scores = BoxScores([])
            var classID: Int?
            for column in 4..<width {
                let value = values[row * width + column]
                switch format.columns[column - 4] {
                case .score(let name): scores.entries.append(.init(name: name, value: value))
                case .classID:
                    classID = Int(exactly: value)
                    guard classID == nil else { continue }
                    report.add(
                        .error(
                            .boxTypeInvalid, "the class \(value) is not a whole number", path: "\(place).class_id",
                            value: "\(value)", hint: "say what the columns are"))
                }
            }
            let (a, b, c, d) = (
                values[row * width], values[row * width + 1], values[row * width + 2], values[row * width + 3]
            )
            do throws(MediaError) {
                boxes.append(
                    try format.corners.box(a, b, c, d, domain: format.domain, classID: classID, scores: scores))
            } catch {
                for var finding in error.report?.findings ?? [] {
                    finding.path = "\(place).\(finding.path)"
                    report.add(finding)
                }
            }
        }
        try report.throwIfInvalid()
        return boxes
    }

    /// A tensor of N×4 with the positions of boxes, float64.
    ///
    /// - Parameters:
    ///   - boxes: The boxes; their forms and domains may differ.
    ///   - format: What the numbers shall be; `columns` is not looked at.
    ///   - size: The picture.
    /// - Throws: as ``converted(to:domain:in:)``.
    public static func tensor(
        of boxes: [BoundingBox], format: BoxTensorFormat, in size: ImageSize
    ) throws(MediaError) -> Tensor {
        var values: [Double] = []
        values.reserveCapacity(boxes.count * 4)
        for box in boxes {
            let form: Form = format.corners == .cxcywh ? .middle : .minMax
            let (a, b, c, d) = try box.converted(to: form, domain: format.domain, in: size).numbers
            switch format.corners {
            case .xyxy: values += [a, c, b, d]
            case .xywh: values += [a, c, b - a, d - c]
            case .cxcywh: values += [a, b, c, d]
            }
        }
        return try Tensor(values, shape: [boxes.count, 4])
    }
}

extension BoxTensorFormat.Corners {
    fileprivate func box(
        _ a: Double, _ b: Double, _ c: Double, _ d: Double, domain: BoundingBox.Domain, classID: Int?,
        scores: BoxScores
    ) throws(MediaError) -> BoundingBox {
        switch self {
        case .xyxy:
            try BoundingBox(
                minX: a, maxX: c, minY: b, maxY: d, domain: domain, classID: classID, scores: scores)
        case .xywh: try .corner(a, b, c, d, domain: domain, classID: classID, scores: scores)
        case .cxcywh:
            try BoundingBox(
                .middle(x: a, y: b, width: c, height: d), domain: domain, classID: classID, scores: scores)
        }
    }
}
