public import ImageCoding
public import MediaCore

/// An encoder with its options, as one line of a benchmark.
public struct BenchmarkContestant: Sendable, Hashable {
    /// Whose encoder it is.
    public enum Encoder: Sendable, Hashable {
        /// Ours, with a preset, at a level of processor instructions; it begins with the tensor.
        case ours(EncodingPreset, CPULevel)
        /// libpng at a level of zlib; like all that follow, it begins with finished pixels.
        case libpng(level: Int)
        /// libjpeg-turbo with its standard tables.
        case libjpeg
        /// Pillow with its defaults.
        case pillow
        /// OpenCV with its defaults.
        case openCV
    }

    /// The kind of file.
    public var format: BenchmarkOptions.Format
    /// Whose encoder it is.
    public var encoder: Encoder

    /// `ours fastest`, `libpng 6`, `Pillow`.
    public var name: String {
        switch encoder {
        case .ours(let preset, _): "ours \(preset.rawValue)"
        case .libpng(let level): "libpng \(level)"
        case .libjpeg: "libjpeg-turbo"
        case .pillow: PythonRivals.Library.pillow.rawValue
        case .openCV: PythonRivals.Library.openCV.rawValue
        }
    }

    /// The level of instructions it is held to; `nil` for rivals, which choose for themselves.
    public var level: CPULevel? { if case .ours(_, let level) = encoder { level } else { nil } }

    /// Whether it is somebody else's.
    public var isRival: Bool { level == nil }

    /// The library of the interpreter that it stands for.
    var python: PythonRivals.Library? {
        switch encoder {
        case .pillow: .pillow
        case .openCV: .openCV
        case .ours, .libpng, .libjpeg: nil
        }
    }

    /// All that the options ask for and the machine has, in the order of the table.
    static func all(_ options: BenchmarkOptions, python: Set<PythonRivals.Library>) -> [BenchmarkContestant] {
        options.formats.flatMap { format in
            var encoders = options.presets.flatMap { preset in options.levels.map { Encoder.ours(preset, $0) } }
            if options.measuresRivals {
                encoders += format == .png ? [.libpng(level: 1), .libpng(level: 6)] : [.libjpeg]
                if python.contains(.pillow) { encoders.append(.pillow) }
                if python.contains(.openCV) { encoders.append(.openCV) }
            }
            return encoders.map { BenchmarkContestant(format: format, encoder: $0) }
        }
    }
}
