/// The shares of red, green and blue in luma: which colours the numbers of a video stand for.
///
/// Limited range: luma is 16 for black and 235 for white, chroma 16…240 around 128. A player has to be told the matrix, and
/// guesses it by the height otherwise.
public enum YUVMatrix: String, Sendable, Hashable, CaseIterable {
    /// ITU-R BT.601-7, section 2.5: standard definition, and all of VP8.
    case bt601
    /// ITU-R BT.709-6, section 3: high definition.
    case bt709

    /// The share of red in luma.
    var red: Double { self == .bt601 ? 0.299 : 0.2126 }
    /// The share of blue in luma; green has the rest.
    var blue: Double { self == .bt601 ? 0.114 : 0.0722 }
}

/// How many pixels share their chroma.
public enum YUVSubsampling: String, Sendable, Hashable, CaseIterable {
    /// 4:2:0: two columns of two rows have one chroma, the mean of theirs.
    case quarter
    /// 4:4:4: every pixel has its own.
    case none
}
