import Foundation
import MediaAnnotations

/// Pictures and masks that are made, so that everybody measures the same.
enum MadePictures {
    /// Smooth colours with a little noise, as photographs have it.
    static func photo(_ width: Int, _ height: Int) -> [UInt8] {
        var state: UInt64 = 1
        var bytes: [UInt8] = []
        bytes.reserveCapacity(width * height * 3)
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    let wave = sin(Double(x) / Double(90 + 40 * channel)) + cos(Double(y) / Double(70 + 30 * channel))
                    bytes.append(UInt8(128 + 50 * wave + Double(state >> 62)))
                }
            }
        }
        return bytes
    }

    /// Regions around random places, each pixel of the nearest; the first is background.
    static func regions<ID: FixedWidthInteger>(_ width: Int, _ height: Int, count: Int) -> [ID] {
        let places = (0..<count).map { index in
            ((index &* 7919 &+ 13) % width, (index &* 104_729 &+ 77) % height)
        }
        return (0..<width * height).map { pixel in
            let (x, y) = (pixel % width, pixel / width)
            var (best, least) = (0, Int.max)
            for (index, place) in places.enumerated() {
                let distance = (place.0 - x) * (place.0 - x) + (place.1 - y) * (place.1 - y)
                if distance < least { (best, least) = (index, distance) }
            }
            return ID(truncatingIfNeeded: best)
        }
    }

    /// A class for each pixel at random.
    static func noise(_ width: Int, _ height: Int, classes: Int) -> [UInt8] {
        var state: UInt64 = 7
        return (0..<width * height).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8((state >> 33) % UInt64(classes))
        }
    }

    /// Colours of classes.
    static let colors = (0..<21).map { (id: Int) -> Palette.Color in
        Palette.Color(red: UInt8(id * 61 % 256), green: UInt8(id * 97 % 256), blue: UInt8(id * 151 % 256))
    }
}
