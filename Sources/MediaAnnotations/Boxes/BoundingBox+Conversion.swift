public import MediaCore
public import MediaDrawing

extension BoundingBox {
    /// The same box with other numbers.
    ///
    /// Each number is a sum or difference of two that are there, times or divided by a side of the picture. It is computed
    /// with what every rounding dropped, so it is at most one unit in the last place of the box's largest coordinate away
    /// from the exact one.
    ///
    /// - Parameters:
    ///   - form: The numbers that are wanted; `nil` keeps the form.
    ///   - domain: What they count; `nil` keeps the domain.
    ///   - size: The picture.
    /// - Throws: `box.outside` when a box in pixels is not on the picture and fractions are wanted; `box.empty` when the
    ///   box is so small that its edges fall together.
    public func converted(
        to form: Form? = nil, domain: Domain? = nil, in size: ImageSize
    ) throws(MediaError) -> BoundingBox {
        let form = form ?? self.form
        let domain = domain ?? self.domain
        guard form != self.form || domain != self.domain else { return self }
        let scale = Scale(from: self.domain, to: domain)
        let x = scale.converted(numbers.0, self.form == .minMax ? numbers.1 : numbers.2, self.form, form, size.width)
        let y = scale.converted(
            self.form == .minMax ? numbers.2 : numbers.1, numbers.3, self.form, form, size.height)
        let result = form == .minMax ? (x.0, x.1, y.0, y.1) : (x.0, y.0, x.1, y.1)
        // Rounding moves a box that was just good enough, so the rules are not asked as strictly as when it came in.
        guard BoxRules.areSound(result, form, domain, slack: 1e-9) else {
            var report = ValidationReport()
            BoxRules.findings(result, form, domain, path: "", into: &report)
            try report.throwIfInvalid()
            throw MediaError(
                .boxEmpty, "the box is so small that nothing of it is left in the other numbers",
                hint: "leave the box out", at: .init(field: "position"))
        }
        return BoundingBox(
            sound: result, form: form, domain: domain, classID: classID, caption: caption, scores: scores,
            color: color)
    }

    /// The box on a picture, in pixels.
    public func rectangle(in size: ImageSize) -> Rectangle {
        let (x, y) = (Double(size.width), Double(size.height))
        let (minX, maxX, minY, maxY) = edges
        return switch domain {
        case .pixel: Rectangle(minX: minX, minY: minY, maxX: maxX, maxY: maxY)
        case .percentage: Rectangle(minX: minX * x, minY: minY * y, maxX: maxX * x, maxY: maxY * y)
        }
    }

    /// Left, right, upper and lower edge in the box's own domain.
    var edges: BoxRules.Numbers { form == .minMax ? numbers : BoxRules.edges(middle: numbers) }
}

/// The step from one domain to another: times a side of the picture, divided by it, or neither.
private enum Scale {
    case same, multiply, divide

    init(from: BoundingBox.Domain, to: BoundingBox.Domain) {
        self =
            switch (from, to) {
            case (.percentage, .pixel): .multiply
            case (.pixel, .percentage): .divide
            default: .same
            }
    }

    /// Both numbers of one axis: the edges, or the middle and the size.
    func converted(
        _ a: Double, _ b: Double, _ from: BoundingBox.Form, _ to: BoundingBox.Form, _ side: Int
    ) -> (Double, Double) {
        let side = Double(side)
        return switch (from, to) {
        case (.minMax, .minMax), (.middle, .middle): (scaled(a, 0, side), scaled(b, 0, side))
        // Halving is exact, before or after.
        case (.minMax, .middle): (scaled(a, b, side) / 2, scaled(b, -a, side))
        case (.middle, .minMax): (scaled(a, -b / 2, side), scaled(a, b / 2, side))
        }
    }

    /// `(a + b)` times or by `side`, as if it were rounded once.
    ///
    /// The error of the sum is exact (Knuth's two-sum), and so is that of the product or the remainder of the quotient,
    /// which a fused multiplication gives.
    private func scaled(_ a: Double, _ b: Double, _ side: Double) -> Double {
        let sum = a + b
        let other = sum - a
        let lost = (a - (sum - other)) + (b - other)
        switch self {
        case .same: return sum
        case .multiply:
            let product = sum * side
            return product + ((-product).addingProduct(sum, side) + lost * side)
        case .divide:
            let quotient = sum / side
            return quotient + (sum.addingProduct(-quotient, side) + lost) / side
        }
    }
}
