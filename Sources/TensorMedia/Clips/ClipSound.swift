import AudioCoding
import ImageCoding
import MediaCore
import TensorIO
import VideoCoding

extension ConversionSettings {
    /// The sound that was asked for, opened; `nil` where nobody did.
    ///
    /// - Throws: `argument.invalid` for tensors without a rate, and for another rate than that of the file; what opening the
    ///   file throws.
    func askedSound() throws(MediaError) -> (any SampleSource)? {
        guard let path = clip.video.audio, path != VideoSettings.noAudio else {
            for (name, rate) in [("rate", sound.rate), ("resample", sound.resampledRate)] {
                guard let rate else { continue }
                throw MediaError(
                    .argumentInvalid, "\(rate) samples a second of no sound", hint: "name its file: audio",
                    at: .init(field: name))
            }
            return nil
        }
        let contents = try FileContents.open(path, limits: limits)
        guard SoundFile.isReadable(contents) else { return try resampled(tensorSound(contents)) }
        let file = try samples(of: contents)
        if let rate = sound.rate, rate != file.rate {
            throw MediaError(
                .argumentInvalid, "\(rate) samples a second, the file has \(file.rate)", hint: "leave the rate out",
                at: .init(file: path, field: "rate"))
        }
        return try resampled(Sound(file))
    }

    /// The samples of a file of sound, or of one that has some.
    ///
    /// - Throws: what reading it throws.
    func samples(of contents: FileContents) throws(MediaError) -> any SampleSource {
        switch contents.withBytes(SoundFileKind.of) {
        // Our own reader knows when a WAV was cut short; what it does not read, such as A-law, is decoded by libav as others are.
        case .wav:
            do throws(MediaError) {
                return try WAVFile(contents, limits: limits)
            } catch {
                guard error.code == .unsupported else { throw error }
                return try SoundFile(contents)
            }
        case .flac:
            let source = try SoundFile(contents)
            guard let claimed = try SoundFileHeader.read(contents, limits: limits).count else { return source }
            return WholeSound(source: source, claimed: claimed, name: contents.name)
        case .ogg, .mp3, .aiff, .mp4, nil: return try SoundFile(contents)
        }
    }

    private func tensorSound(_ contents: FileContents) throws(MediaError) -> Sound {
        var options = TensorFile.Options()
        options.limits = limits
        let file = try TensorFile.open(contents, options: options)
        let name = contents.name
        guard file.entries.count == 1 else {
            throw MediaError(
                .argumentInvalid, "\(file.entries.count) tensors where one sound is wanted",
                hint: "write the sound as .npy", at: .init(file: name, field: "audio"))
        }
        guard let rate = sound.rate else {
            throw MediaError(
                .argumentInvalid, "a tensor does not say how many samples a second has",
                hint: "give the rate, such as 48000", at: .init(file: name, field: "rate"))
        }
        do throws(MediaError) {
            return try Sound(try file.tensor(at: 0), rate: rate)
        } catch {
            throw error.inFile(name)
        }
    }

    /// The sound that an existing video has beside its frames, where it is kept.
    func ownSound(of decoder: any ClipDecoder, _ contents: FileContents) throws(MediaError) -> (any SampleSource)? {
        guard clip.writtenFormats.contains(where: \.isVideo), clip.video.audio == nil,
            let file = (decoder as? VideoDecoder)?.file,
            file.sound != nil
        else { return nil }
        let sound = try SoundFile(contents)
        return SoundPart(sound, from: file.start - sound.start)
    }
}

extension SampleSource {
    /// The part of a sound that goes with the part of the frames that is kept.
    func part(of frames: any FrameSource) -> any SampleSource {
        guard let cut = frames as? CutFrames else { return self }
        let unit = cut.timeBase.seconds
        let length = cut.isCutShort ? cut.frameCount.map { Double(cut.time(ofFrame: $0)) * unit } : nil
        return SoundPart(self, from: Double(cut.base.time(ofFrame: cut.firstFrame)) * unit, lasting: length)
    }
}
