extension PNGEncoder {
    /// libpng's own encoder, at the level and with the filters that most tools use: slower, and what ours is measured
    /// against in size.
    public static var reference: ReferencePNGEncoder { ReferencePNGEncoder() }
}
