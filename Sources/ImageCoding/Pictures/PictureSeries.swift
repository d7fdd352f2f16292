package import MediaCore
package import TensorIO

/// Pictures that are cut from one tensor along its other axes, under one decision about its values, each made when it is
/// asked for: a hundred thousand frames take no more room than one.
package struct PictureSeries: Sendable {
    /// How the numbers of a series become samples of 8 bits.
    package struct Options: Sendable {
        /// How numbers become samples.
        package var mapping: ValueMapping
        /// Colours for one channel; `nil` leaves it gray.
        package var colorMap: ColorMap?
        /// Whether guesses and losses are refused.
        package var strictness: Strictness

        /// Creates options.
        package init(mapping: ValueMapping = .automatic, colorMap: ColorMap? = nil, strictness: Strictness = .report) {
            self.mapping = mapping
            self.colorMap = colorMap
            self.strictness = strictness
        }
    }

    /// What was decided about all pictures.
    package let facts: PixelFacts

    private let tensor: Tensor
    private let axes: PictureAxes
    private let decision: MappingDecision
    private let layout: String
    private let colorMap: ColorMap?

    /// The pictures of `tensor`.
    ///
    /// - Parameters:
    ///   - tensor: the tensor; all of it decides about the mapping.
    ///   - axes: which axes a picture spans; the others count pictures. All are inside the rank.
    ///   - layout: the name of the layout, for the facts.
    ///   - findings: what was noticed about the layout; under strictness the first is an error.
    ///   - options: how numbers become samples.
    ///   - range: the values that decide about the mapping, when the tensor is one of several; its own when `nil`.
    /// - Throws: `shape.invalid` without pixels or for a number of channels that is no picture; `argument.invalid` for a
    ///   mapping without width and for a colour map of several channels; under strictness as ``TensorIO/Tensor/pictures(_:)``.
    package init(
        _ tensor: Tensor, axes: PictureAxes, layout: String, findings: [Finding] = [], options: Options = Options(),
        over range: TensorRange? = nil
    ) throws(MediaError) {
        var decision = try MappingDecision(tensor, mapping: options.mapping, bits: 8, isTorch: false, over: range)
        decision.findings.insert(contentsOf: findings, at: 0)
        if options.strictness == .strict { try tensor.refuseGuessesAndLosses(decision, options.mapping) }
        self.tensor = tensor
        self.axes = axes
        self.decision = decision
        self.layout = layout
        colorMap = options.colorMap
        var facts = PixelFacts()
        facts.layout = layout
        facts.mapping = decision.applied
        facts.findings = decision.findings
        self.facts = facts
        if colorMap != nil, let axis = axes.channel, tensor.shape[axis] != 1 {
            throw MediaError(
                .argumentInvalid,
                "a colour map is for one channel, shape \(describe(tensor.shape)) has \(tensor.shape[axis])",
                hint: "leave the colour map out, or select a channel", at: .init(field: "colorMap"))
        }
    }

    /// The picture at a place.
    ///
    /// - Parameter place: an index of all axes, 0 on those of the picture.
    /// - Throws: `argument.invalid` for a place outside the tensor; `shape.invalid` as ``init(_:axes:layout:findings:options:over:)``.
    package func picture(at place: [Int]) throws(MediaError) -> any PixelSource {
        guard place.count == tensor.rank, zip(place, tensor.shape).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
            throw MediaError(
                .argumentInvalid, "there is no picture at \(describe(place)) of shape \(describe(tensor.shape))",
                at: .init(field: "frame"))
        }
        let pixels = try TensorPixels(tensor, axes: axes, at: place, decision: decision, layout: layout)
        guard let colorMap else { return pixels }
        return try ColorMappedSource(pixels, map: colorMap)
    }
}
