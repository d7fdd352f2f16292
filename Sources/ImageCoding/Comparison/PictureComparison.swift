public import MediaCore

/// How far two pictures of one size are apart.
///
///     let comparison = try PictureComparison(before, after)
///     print(comparison.peakSignalToNoise, comparison.structuralSimilarity ?? 1, comparison.worst)
///
/// Both are brought to the format that holds both: colour if either has colour, opacity if either has it, 16 bits if either
/// has them; ``conversions`` says what was done. Indices count as their colours. All samples count alike, opacity too,
/// except for the colour difference.
///
/// Rows are read in bands and forgotten. A thread holds about 1 MiB of each picture, or 26 rows where that is more, and for
/// SSIM 48 rows of float32. The numbers do not depend on the number of threads.
public struct PictureComparison: Sendable {
    /// What is measured, and on how many threads.
    public struct Options: Sendable {
        /// Whether ``PictureComparison/structuralSimilarity`` is measured.
        public var measuresStructure = true
        /// Whether ``PictureComparison/colorDifference`` is measured.
        public var measuresColor = true
        /// Threads to work on; `nil` works on the caller's alone.
        public var pool: WorkerPool?
        /// Looked at between bands.
        public var cancellation: CancellationFlag?

        /// Everything is measured.
        public init(pool: WorkerPool? = nil, cancellation: CancellationFlag? = nil) {
            self.pool = pool
            self.cancellation = cancellation
        }
    }

    /// A pixel of both pictures.
    public struct Pixel: Sendable, Hashable {
        /// The place: columns and rows from the top left, from 0.
        public var x: Int, y: Int
        /// Its samples in the first picture and in the second, in the format of the comparison.
        public var first: [Int], second: [Int]
    }

    /// How different the colours are for the eye: CIEDE2000 (CIE 142-2001) between the colours in CIELAB under D65.
    ///
    /// Samples are read as sRGB. Pictures with opacity are laid over black and over white; the larger difference counts.
    public struct ColorDifference: Sendable, Hashable {
        /// The mean over all pixels. About 1 is just noticeable.
        public var mean: Double
        /// The largest.
        public var maximum: Double
        /// Where the largest is first found; `nil` where all are 0.
        public var worst: Pixel?
    }

    /// How many pixels a row has.
    public let width: Int
    /// How many rows there are.
    public let height: Int
    /// In which format the pictures were compared.
    public let format: PixelFormat
    /// What was converted to compare them, such as `the first from gray to rgb`; empty for pictures of one format.
    public let conversions: [String]
    /// How many pixels are not the same.
    public let differingPixels: Int
    /// The largest difference of two samples, 0…``PixelFormat/maximum``.
    public let largestDifference: Int
    /// The mean of the differences of all samples, without their signs.
    public let meanDifference: Double
    /// The mean of the squares of the differences of all samples.
    public let meanSquaredError: Double
    /// The first pixel, in reading order, with the largest difference; `nil` when the pictures are identical.
    public let worst: Pixel?
    /// SSIM of Wang, Bovik, Sheikh, Simoncelli (2004): Gaussian windows of 11×11 and σ 1.5, K₁ 0.01, K₂ 0.03, covariances
    /// of the population, the mean over all windows inside the picture and over all samples of a pixel; 1 for equal pictures.
    ///
    /// `nil` where it was not asked for, and for pictures in which no window fits.
    public let structuralSimilarity: Double?
    /// How different the colours are; `nil` where it was not asked for.
    public let colorDifference: ColorDifference?

    /// Whether all pixels are the same.
    public var isIdentical: Bool { differingPixels == 0 }

    /// PSNR in decibels: 10·log₁₀(maximum² / mean squared error); infinite for identical pictures.
    public var peakSignalToNoise: Double {
        guard meanSquaredError > 0 else { return .infinity }
        let peak = Double(format.maximum)
        return 10 * RepeatableMath.log(peak * peak / meanSquaredError) / 2.302585092994046
    }

    /// Compares two pictures.
    ///
    /// - Throws: `argument.invalid` for pictures of different sizes; what a source throws; `work.cancelled`.
    public init(
        _ first: any PixelSource, _ second: any PixelSource, options: Options = Options()
    ) throws(MediaError) {
        let pair = try PicturePair(first, second)
        let plan = ComparisonPlan(pair, options)
        var total = ComparisonTally()
        let pool = options.pool ?? WorkerPool(threadCount: 1)
        try pool.runOrdered(
            count: plan.bandCount, cancellation: options.cancellation,
            makeSlot: { ComparisonScratch(plan) },
            work: { (band, scratch: inout ComparisonScratch) throws(MediaError) in
                try scratch.compare(plan.rows(ofBand: band), plan)
            },
            consume: { (_, scratch: inout ComparisonScratch) in total.add(scratch.tally) })
        self.init(pair, plan, total)
    }

    private init(_ pair: PicturePair, _ plan: ComparisonPlan, _ total: ComparisonTally) {
        width = pair.first.width
        height = pair.first.height
        format = pair.format
        conversions = pair.conversions
        differingPixels = total.differingPixels
        largestDifference = total.largest
        let pixels = Double(width) * Double(height)
        let samples = pixels * Double(format.channels)
        meanDifference = total.sum / samples
        meanSquaredError = total.squares / samples
        worst = total.worst
        structuralSimilarity = total.windows > 0 ? total.similarity / Double(total.windows) : nil
        colorDifference =
            plan.measuresColor
            ? ColorDifference(
                mean: total.colorSum / pixels, maximum: total.colorLargest, worst: total.colorWorst) : nil
    }
}
