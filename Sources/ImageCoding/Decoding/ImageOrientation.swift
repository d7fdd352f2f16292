/// How the rows and columns of a stored picture lie in the picture that is meant: the values of EXIF's tag 0x0112.
public enum ImageOrientation: Int, Sendable, Hashable, CaseIterable {
    /// Row 0 is the top, column 0 the left: as it is.
    case up = 1
    /// Row 0 is the top, column 0 the right: mirrored.
    case upMirrored = 2
    /// Row 0 is the bottom, column 0 the right: upside down.
    case down = 3
    /// Row 0 is the bottom, column 0 the left: mirrored upside down.
    case downMirrored = 4
    /// Row 0 is the left, column 0 the top: transposed.
    case leftMirrored = 5
    /// Row 0 is the right, column 0 the top: to be turned clockwise.
    case right = 6
    /// Row 0 is the right, column 0 the bottom: transposed along the other diagonal.
    case rightMirrored = 7
    /// Row 0 is the left, column 0 the bottom: to be turned counter-clockwise.
    case left = 8

    /// Whether stored rows are columns of the picture, so that width and height change places.
    public var swapsAxes: Bool { rawValue >= 5 }
}
