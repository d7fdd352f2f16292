public import MediaCore
public import TensorIO

/// A sound: numbers in time, in one or more channels, at a rate.
///
///     let sound = try Sound(tensor, rate: 44_100)
///     let report = try WAVEncoder().encode(sound, to: FileSink(path: "sound.wav"))
///
/// Making one checks the tensor and decides what its axes mean; numbers are read while an encoder asks for them, whatever the
/// strides, and never all at once.
///
/// One axis is one channel. Two axes are samples × channels (`tc`), unless the first is at most 8 long and the second at
/// least 16 times as long: nobody has a sound of so few samples and so many channels, it is channels × samples (`ct`), and
/// ``facts`` say that it was inferred.
///
/// Floats are within −1…1. Integers fill the full range of their type; unsigned ones have their zero in the middle, 128 for
/// `uint8`. `bool` is refused.
///
/// An existing file is a sound too (``init(contentsOf:caption:compatibility:limits:)``): as a media item it is copied byte for
/// byte, and the samples of a WAV file can be read.
public struct Sound: SampleSource {
    /// How many samples a second has, in hertz; at least 1.
    public var rate: Int { source.rate }
    /// How many numbers a sample has, 1 to 1024.
    public var channels: Int { source.channels }
    /// How many samples there are; `nil` when that is known only at the end.
    public var count: Int? { source.count }
    /// What was decided when the sound was made.
    public let facts: SoundFacts
    /// The text under the sound.
    public var caption: String?
    /// The encoder of its file; `nil` writes PCM of 16 bits. An existing file is copied as it is.
    public var encoder: WAVEncoder?

    let source: any SampleSource
    /// The file that is copied, with the ending of its name.
    let file: (contents: FileContents, header: SoundFileHeader, ending: String)?

    /// The sound of a tensor.
    ///
    /// - Parameters:
    ///   - tensor: one or two axes, of any type but `bool`.
    ///   - rate: how many samples a second has, in hertz.
    ///   - options: how the tensor is read.
    ///   - caption: the text under the sound.
    ///   - encoder: the encoder of its file.
    /// - Throws: `argument.invalid` for a rate below 1; `element-type.invalid`; `shape.invalid` for other ranks, for no
    ///   channels or more than 1024, for no samples, and for more channels than samples where nobody stated the layout.
    public init(
        _ tensor: Tensor, rate: Int, options: SoundOptions = SoundOptions(), caption: String? = nil,
        encoder: WAVEncoder? = nil
    ) throws(MediaError) {
        try Self.check(rate: rate)
        try Self.check(tensor.elementType, under: options.compatibility)
        let reading = try SoundLayout.read(options.layout, shape: tensor.shape, compatibility: options.compatibility)
        var facts = SoundFacts()
        facts.layout = reading.layout
        facts.layoutWasInferred = reading.isInferred
        facts.elementType = tensor.elementType
        facts.findings = reading.findings
        self.facts = facts
        self.caption = caption
        self.encoder = encoder
        source = TensorSamples(tensor, layout: reading.layout, rate: rate)
        file = nil
    }

    /// The sound of any source: a mix, a decoded file, one at another rate.
    ///
    /// - Throws: `argument.invalid` for a rate below 1, and for no channels or more than 1024.
    public init(
        _ source: any SampleSource, caption: String? = nil, encoder: WAVEncoder? = nil
    ) throws(MediaError) {
        try Self.check(rate: source.rate)
        guard (1...SoundLayout.mostChannels).contains(source.channels) else {
            throw MediaError(
                .argumentInvalid, "a sound of \(source.channels) channels",
                hint: "a sound has 1 to \(SoundLayout.mostChannels)", at: .init(field: "channels"))
        }
        facts = SoundFacts(of: source)
        self.source = (source as? Sound)?.source ?? source
        self.caption = caption
        self.encoder = encoder
        file = nil
    }

    /// An existing file, whose header was read.
    init(
        copying contents: FileContents, header: SoundFileHeader, ending: String, source: any SampleSource,
        caption: String?
    ) {
        var facts = SoundFacts()
        facts.findings = header.findings
        self.facts = facts
        self.source = source
        self.caption = caption
        file = (contents, header, ending)
    }

    /// How long it lasts, in seconds; `nil` when that is known only at the end.
    public var seconds: Double? { count.map { Double($0) / Double(rate) } }

    /// Writes the samples of `range` into `samples`, channels next to each other.
    ///
    /// Numbers are as they are, louder than 1 and not finite ones too; integers are divided by the greatest magnitude of
    /// their type.
    /// - Throws: `argument.invalid` for a negative lower bound, and when there is too little room.
    public func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        guard range.lowerBound >= 0 else {
            throw MediaError(
                .argumentInvalid, "there is no sample \(range.lowerBound)", hint: "samples count from 0",
                at: .init(field: "range"))
        }
        return try source.fill(range, into: &samples)
    }

    static func check(rate: Int) throws(MediaError) {
        guard rate >= 1 else {
            throw MediaError(
                .argumentInvalid, "a rate of \(rate) samples a second", hint: "give at least 1, such as 44100",
                at: .init(field: "rate"))
        }
    }

    private static func check(_ type: ElementType, under compatibility: Compatibility) throws(MediaError) {
        if compatibility.isWandb {
            guard [.float32, .float64, .int16, .int32].contains(type) else {
                throw MediaError(
                    .elementTypeInvalid, "\(type) is no type of sound under the wandb rules",
                    hint: "they take float32, float64, int16 and int32", at: .init(field: "elementType"))
            }
        }
        guard type != .bool else {
            throw MediaError(
                .elementTypeInvalid, "bool is no type of sound", hint: "give numbers of any other type",
                at: .init(field: "elementType"))
        }
    }
}
