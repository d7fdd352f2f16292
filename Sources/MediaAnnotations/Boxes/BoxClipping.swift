/// What cutting boxes at the edges of a picture did.
public struct BoxClipping: Sendable, Hashable {
    /// How many boxes lost a part.
    public internal(set) var cut = 0
    /// How many lay outside altogether and are gone.
    public internal(set) var vanished = 0

    /// Nothing was cut.
    public init() {}
}

extension BoundingBox {
    /// The part of the box that is on a picture; `nil` when none is.
    public func clipped(to size: ImageSize) -> BoundingBox? {
        switch Self.clip(numbers, form, domain, to: size) {
        case .whole: self
        case .none: nil
        case .part(let numbers):
            BoundingBox(
                sound: numbers, form: form, domain: domain, classID: classID, caption: caption, scores: scores,
                color: color)
        }
    }

    /// The parts of boxes that are on a picture, and how many were cut.
    public static func clipped(
        _ boxes: [BoundingBox], to size: ImageSize
    ) -> (boxes: [BoundingBox], clipping: BoxClipping) {
        var clipping = BoxClipping()
        var kept: [BoundingBox] = []
        kept.reserveCapacity(boxes.count)
        for box in boxes {
            guard let part = box.clipped(to: size) else {
                clipping.vanished += 1
                continue
            }
            if part.numbers != box.numbers { clipping.cut += 1 }
            kept.append(part)
        }
        return (kept, clipping)
    }

    enum Clip {
        case whole, none
        case part(BoxRules.Numbers)
    }

    /// Cuts numbers, which need not be those of a sound box, at the picture; without a size, fractions alone are cut.
    ///
    /// Numbers that are no box even so are handed back as they are, for the rules to name what is wrong.
    static func clip(_ numbers: BoxRules.Numbers, _ form: Form, _ domain: Domain, to size: ImageSize?) -> Clip {
        let right: Double
        let lower: Double
        switch domain {
        case .percentage: (right, lower) = (1, 1)
        case .pixel:
            guard let size else { return .whole }
            (right, lower) = (Double(size.width), Double(size.height))
        }
        if form == .middle { guard numbers.2 > 0, numbers.3 > 0 else { return .whole } }
        let edges = form == .minMax ? numbers : BoxRules.edges(middle: numbers)
        guard edges.0 < edges.1, edges.2 < edges.3, [edges.0, edges.1, edges.2, edges.3].allSatisfy(\.isFinite) else {
            return .whole
        }
        if edges.0 >= 0, edges.2 >= 0, edges.1 <= right, edges.3 <= lower { return .whole }
        let cut = (max(edges.0, 0), min(edges.1, right), max(edges.2, 0), min(edges.3, lower))
        guard cut.0 < cut.1, cut.2 < cut.3 else { return .none }
        if form == .minMax { return .part(cut) }
        return .part(((cut.0 + cut.1) / 2, (cut.2 + cut.3) / 2, cut.1 - cut.0, cut.3 - cut.2))
    }
}
