/// How two pictures are cut into bands for their comparison.
struct ComparisonPlan: Sendable {
    let pair: PicturePair
    let measuresStructure: Bool
    let measuresColor: Bool
    /// How many rows a band has, the last one fewer.
    let rowsPerBand: Int

    /// Half of a window of SSIM: the rows above and below that a row needs.
    static let reach = 5
    /// About how many bytes of one picture are held at a time.
    private static let bandBytes = 1 << 20

    init(_ pair: PicturePair, _ options: PictureComparison.Options) {
        self.pair = pair
        let window = 2 * Self.reach + 1
        measuresStructure = options.measuresStructure && pair.first.width >= window && pair.first.height >= window
        measuresColor = options.measuresColor
        rowsPerBand = max(16, min(128, Self.bandBytes / max(1, pair.first.bytesPerRow)))
    }

    var bandCount: Int { (pair.first.height + rowsPerBand - 1) / rowsPerBand }

    func rows(ofBand band: Int) -> Range<Int> {
        band * rowsPerBand..<min(pair.first.height, (band + 1) * rowsPerBand)
    }

    /// The rows that must be there to compare `rows`: those and, for windows, their neighbours.
    func neighbourhood(of rows: Range<Int>) -> Range<Int> {
        guard measuresStructure else { return rows }
        return max(0, rows.lowerBound - Self.reach)..<min(pair.first.height, rows.upperBound + Self.reach)
    }
}
