import MediaCore

/// What a comparison must reach; what is `nil` is not asked for.
public struct ComparisonThresholds: Sendable, Hashable {
    /// The least PSNR of each pair of pictures, in decibels; identical ones reach any.
    public var leastPSNR: Double?
    /// The least SSIM of each pair of pictures; identical ones reach any.
    public var leastSSIM: Double?
    /// The largest CIEDE2000 difference of two pixels.
    public var largestDeltaE: Double?
    /// The largest difference: of the values for tensors of one shape, else of samples, counted as the format counts.
    public var largestDifference: Double?

    /// Nothing is asked for.
    public init() {}

    /// What is not reached, a sentence each; empty when all is.
    public func failures(of comparison: FileComparison) -> [String] {
        var failures: [String] = []
        if comparison.pictures.isEmpty, leastPSNR != nil || leastSSIM != nil || largestDeltaE != nil {
            failures.append("there are no pictures to measure")
        }
        for (index, pictures) in comparison.pictures.enumerated() {
            let picture = pictures.comparison
            let name = comparison.pictures.count == 1 ? "" : "picture \(index): "
            let psnr = picture.peakSignalToNoise
            if let least = leastPSNR, psnr < least {
                failures.append("\(name)PSNR \(psnr.rounded(to: 2)) dB is below \(least.rounded(to: 4))")
            }
            if let least = leastSSIM, !picture.isIdentical {
                if let ssim = picture.structuralSimilarity {
                    if ssim < least {
                        failures.append("\(name)SSIM \(ssim.rounded(to: 6)) is below \(least.rounded(to: 6))")
                    }
                } else {
                    failures.append(
                        "\(name)SSIM needs 11×11 pixels or more, there are \(picture.width)×\(picture.height)")
                }
            }
            if let most = largestDeltaE, let largest = picture.colorDifference?.maximum, largest > most {
                failures.append("\(name)ΔE \(largest.rounded(to: 4)) is above \(most.rounded(to: 4))")
            }
            if let most = largestDifference, comparison.values == nil, Double(picture.largestDifference) > most {
                failures.append("\(name)the difference \(picture.largestDifference) is above \(most.rounded(to: 6))")
            }
        }
        if let most = largestDifference, let values = comparison.values {
            if values.notFiniteDifferences > 0 {
                failures.append("\(values.notFiniteDifferences) values are not finite in one tensor alone")
            } else if values.largestDifference > most {
                failures.append("the difference \(values.largestDifference.shortest) is above \(most.shortest)")
            }
        }
        return failures
    }
}

extension Double {
    /// The number with so many places, without zeros at the end.
    func rounded(to places: Int) -> String {
        guard isFinite, magnitude < 1e9 else { return shortest }
        let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
        let whole = Int64((magnitude * scale).rounded())
        let unit = Int64(scale)
        var text = String(whole / unit)
        let rest = String(whole % unit)
        if places > 0, whole % unit != 0 {
            text += "." + String(repeating: "0", count: places - rest.count) + rest
            while text.hasSuffix("0") { text.removeLast() }
        }
        return self < 0 && whole != 0 ? "-" + text : text
    }

    /// The shortest text that is the same number, whole numbers without `.0`.
    var shortest: String {
        let text = description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
