/// How the bands of a picture are filtered and matched; the same for all of them.
struct PNGStrategy: Sendable, Hashable {
    /// Which filter rows get.
    enum Filtering: Sendable, Hashable {
        /// The same for every row.
        case fixed(PNGFilter)
        /// For each row the one whose bytes are nearest to zero.
        case adaptive
    }

    /// Which filter rows get.
    var filtering: Filtering
    /// Whether codes may come from a sample of a block.
    var maySample: Bool
    /// Whether rows are written without any compression.
    var isStored = false
    /// Whether unfiltered rows are looked up in each other; what is nothing but noise does not repay it.
    var searchesRows = true

    /// Nothing predicted, nothing compressed.
    static let stored = PNGStrategy(filtering: .fixed(.none), maySample: false, isStored: true)

    /// Whether rows are looked up in each other, which unfiltered ones of drawn pictures repay.
    var matchesRows: Bool { filtering == .fixed(.none) && !isStored && searchesRows }

    /// The distances that are tried.
    func matcher(_ layout: PNGLayout) -> PNGMatcher {
        matchesRows ? .rows(stride: layout.stride, step: layout.step) : .runs()
    }
}
