public import MediaCore
import TensorIO

extension Sound {
    /// The same sound at another rate, with its facts, caption and encoder; see ``ResampledSound``.
    ///
    /// At its own rate it is what it was. An existing file is not copied any more, and only the samples of a WAV file can be read.
    ///
    /// - Parameter rate: how many samples a second it shall have, in hertz.
    /// - Throws: as ``ResampledSound/init(_:rate:)``.
    public func resampled(to rate: Int) throws(MediaError) -> Sound {
        guard rate != self.rate else { return self }
        return try Sound(ResampledSound(self, rate: rate), caption: caption, encoder: encoder)
    }
}

extension SoundFacts {
    /// What was decided about a source when it was made.
    init(of source: any SampleSource) {
        if let sound = source as? Sound {
            self = sound.facts
        } else if let resampled = source as? ResampledSound {
            self.init(of: resampled.source)
            if !resampled.isUnchanged, originalRate == nil { originalRate = resampled.source.rate }
        } else {
            self.init()
        }
    }
}

extension SampleSource {
    /// What is behind wrappers that change nothing: it may hand out numbers of its own type.
    var unwrapped: any SampleSource {
        if let sound = self as? Sound { return sound.source.unwrapped }
        if let resampled = self as? ResampledSound, resampled.isUnchanged { return resampled.source.unwrapped }
        return self
    }
}
