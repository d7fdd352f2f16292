/// What is inside a path that crosses itself or has several pieces.
public enum FillRule: String, Sendable, CaseIterable {
    /// Whatever the path winds around: pieces that overlap are one area, a hole is a piece in the other direction.
    case nonZero
    /// What a way from outside reaches by crossing an odd number of lines: where two pieces overlap is a hole.
    case evenOdd
}
