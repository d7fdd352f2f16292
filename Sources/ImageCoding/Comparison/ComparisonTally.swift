/// Sums over some rows of two pictures. Added up band by band, from the top: the result is the same for any number of threads.
struct ComparisonTally: Sendable {
    var differingPixels = 0
    /// The sum of the differences of samples and of their squares. Whole numbers, exact up to 2⁵³.
    var sum = 0.0
    var squares = 0.0
    var largest = 0
    var worst: PictureComparison.Pixel?
    /// The sum of SSIM over all windows and samples, and how many they were.
    var similarity = 0.0
    var windows = 0
    var colorSum = 0.0
    var colorLargest = 0.0
    var colorWorst: PictureComparison.Pixel?

    /// Adds the sums of the rows below.
    mutating func add(_ other: ComparisonTally) {
        differingPixels += other.differingPixels
        sum += other.sum
        squares += other.squares
        if other.largest > largest { (largest, worst) = (other.largest, other.worst) }
        similarity += other.similarity
        windows += other.windows
        colorSum += other.colorSum
        if other.colorLargest > colorLargest { (colorLargest, colorWorst) = (other.colorLargest, other.colorWorst) }
    }
}
