public import ImageCoding
public import MediaCore
import TensorIO

/// Compares what is in two files: pictures with pictures, tensors with tensors of the same name, a tensor with a picture.
public struct FileComparer: Sendable {
    /// How tensors are read as pictures where no rule says otherwise.
    public var settings: ConversionSettings
    /// What rules say.
    public var rules: ConversionRules
    /// What is measured of pictures, and on how many threads.
    public var options: PictureComparison.Options

    /// Creates a comparer.
    public init(
        settings: ConversionSettings = ConversionSettings(), rules: ConversionRules = ConversionRules(),
        options: PictureComparison.Options = PictureComparison.Options()
    ) {
        self.settings = settings
        self.rules = rules
        self.options = options
    }

    /// What a file turned out to be.
    private enum Content {
        case picture(any PixelSource)
        case tensors(TensorFile)
    }

    /// Compares two inputs, and hands over one pair after the other.
    ///
    /// Where each has one tensor or picture, those are a pair; else tensors of the same name are. One that the other file
    /// does not have is a failure, and the others are compared.
    ///
    /// - Throws: what reading throws; `argument.invalid` for pictures of different sizes, a picture and several tensors, and
    ///   tensors of different shapes that are no pictures either; what `report` throws.
    public func compare(
        _ first: ConversionInput, _ second: ConversionInput,
        report: (Result<FileComparison, MediaError>) throws(MediaError) -> Void
    ) throws(MediaError) {
        var notes: [String] = []
        let contents = (try open(first, &notes), try open(second, &notes))
        var comparison = FileComparison(first.name, second.name)
        comparison.notes = notes
        let pictures: (any PixelSource, any PixelSource)
        switch contents {
        case (.picture(let one), .picture(let two)): pictures = (one, two)
        case (.picture(let one), .tensors(let file)):
            pictures = (one, try picture(try single(file, second), second))
        case (.tensors(let file), .picture(let two)): pictures = (try picture(try single(file, first), first), two)
        case (.tensors(let one), .tensors(let two)): return try compare(one, first, two, second, notes, report)
        }
        do throws(MediaError) {
            comparison.pictures = [try pair(pictures.0, pictures.1)]
        } catch {
            throw error.inFile("\(first.name) and \(second.name)")
        }
        try report(.success(comparison))
    }

    private func compare(
        _ one: TensorFile, _ first: ConversionInput, _ two: TensorFile, _ second: ConversionInput, _ notes: [String],
        _ report: (Result<FileComparison, MediaError>) throws(MediaError) -> Void
    ) throws(MediaError) {
        let names = (members(one, first), members(two, second))
        for (file, input) in [(one, first), (two, second)] where input.member == nil {
            for refusal in file.refusals {
                try report(.failure(refusal.error.inFile(input.name(ofMember: refusal.name))))
            }
        }
        if names.0.count == 1, names.1.count == 1 {
            var comparison = FileComparison(first.name, second.name)
            comparison.notes = notes
            do throws(MediaError) {
                try compare(
                    try one.tensor(named: names.0[0]), names.0[0], first, try two.tensor(named: names.1[0]), names.1[0],
                    second, &comparison)
            } catch {
                throw error.inFile("\(first.name) and \(second.name)")
            }
            return try report(.success(comparison))
        }
        if names.0.isEmpty, names.1.isEmpty, one.refusals.isEmpty, two.refusals.isEmpty {
            throw MediaError(
                .argumentInvalid, "there is no tensor in either", at: .init(file: "\(first.name) and \(second.name)"))
        }
        let common = Set(names.0).intersection(names.1)
        for (name, input, other) in names.0.map({ ($0, first, second) }) + names.1.map({ ($0, second, first) })
        where !common.contains(name) {
            let error = MediaError(
                .argumentInvalid, "\(other.name) has no tensor of this name",
                at: .init(file: input.name(ofMember: name)))
            try report(.failure(error))
        }
        for name in names.0 where common.contains(name) {
            try options.cancellation?.check()
            var comparison = FileComparison(first.name(ofMember: name), second.name(ofMember: name))
            comparison.notes = notes
            let result: Result<FileComparison, MediaError>
            do throws(MediaError) {
                try compare(
                    try one.tensor(named: name), name, first, try two.tensor(named: name), name, second, &comparison)
                result = .success(comparison)
            } catch {
                guard error.code != .cancelled else { throw error }
                result = .failure(error.inFile(first.name(ofMember: name)))
            }
            try report(result)
        }
    }

    // MARK: One pair

    private func compare(
        _ one: Tensor, _ firstName: String, _ first: ConversionInput, _ two: Tensor, _ secondName: String,
        _ second: ConversionInput, _ comparison: inout FileComparison
    ) throws(MediaError) {
        if one.elementType != two.elementType {
            comparison.notes.append("the first is \(one.elementType), the second \(two.elementType)")
        }
        if one.shape == two.shape {
            comparison.values = try TensorComparison(one, two)
        } else {
            comparison.notes.append("the first has shape \(describe(one.shape)), the second \(describe(two.shape))")
        }
        do throws(MediaError) {
            let options = (
                try rules.apply(to: settings, input: first, member: firstName).picture,
                try rules.apply(to: settings, input: second, member: secondName).picture
            )
            let pictures = try one.pictures(options.0)
            let others = try follow(pictures.first?.facts.mapping, one, two, options.1, &comparison.notes)
            guard pictures.count == others.count else {
                throw MediaError(.argumentInvalid, "\(pictures.count) pictures cannot be compared with \(others.count)")
            }
            for (a, b) in zip(pictures, others) { comparison.pictures.append(try pair(a, b)) }
        } catch {
            // The values are compared; that they are no pictures is no failure then.
            guard comparison.values != nil, error.code != .cancelled else { throw error }
            comparison.pictures = []
            comparison.notes.append("not compared as pictures: \(error)")
        }
    }

    /// The second tensor's pictures, under the value mapping of the first where the numbers are of one kind: two tensors that
    /// were each stretched to their own range cannot be compared.
    private func follow(
        _ mapping: AppliedMapping?, _ one: Tensor, _ two: Tensor, _ options: PictureOptions, _ notes: inout [String]
    ) throws(MediaError) -> [any PixelSource] {
        let pictures = try two.pictures(options)
        guard let mapping, let other = pictures.first?.facts.mapping, options.kind == .image,
            mapping.low < mapping.high,
            (mapping.low, mapping.high) != (other.low, other.high),
            one.elementType == two.elementType || one.elementType.isFloat && two.elementType.isFloat
        else { return pictures }
        var following = options
        following.mapping = .range(mapping.low, mapping.high)
        let followed = try two.pictures(following)
        notes.append("the second is read by the values of the first, \(mapping), not by its own, \(other)")
        return followed
    }

    private func pair(_ one: any PixelSource, _ two: any PixelSource) throws(MediaError) -> FileComparison.Pictures {
        FileComparison.Pictures(first: one, second: two, comparison: try PictureComparison(one, two, options: options))
    }

    // MARK: Reading

    private func open(_ input: ConversionInput, _ notes: inout [String]) throws(MediaError) -> Content {
        do throws(MediaError) {
            let settings = try rules.apply(to: settings, input: input, member: nil)
            let contents = try input.read(settings.limits, options.cancellation)
            let isPicture = contents.withBytes { ImageHeader.FileFormat.of($0) } != nil
            guard settings.raw == nil, input.member == nil, isPicture else {
                let file = try input.open(contents, settings)
                notes += file.findings.map { "\(input.name): \($0)" }
                return .tensors(file)
            }
            var findings: [Finding] = []
            let picture = try PictureInput.pixels(contents, settings, &findings)
            notes += findings.map { "\(input.name): \($0)" }
            return .picture(picture)
        } catch {
            throw error.inFile(input.name)
        }
    }

    /// The names of the tensors that an input stands for.
    private func members(_ file: TensorFile, _ input: ConversionInput) -> [String] {
        input.member.map { [$0] } ?? file.entries.map(\.name)
    }

    private func single(_ file: TensorFile, _ input: ConversionInput) throws(MediaError) -> Tensor {
        let names = members(file, input)
        if names.isEmpty, let refusal = file.refusals.first {
            throw refusal.error.inFile(input.name(ofMember: refusal.name))
        }
        guard names.count == 1 else {
            throw MediaError(
                .argumentInvalid, "\(names.count) tensors cannot be compared with one picture",
                hint: "name one, as in \(input.name(ofMember: names.first ?? "name"))", at: .init(file: input.name))
        }
        do throws(MediaError) {
            return try file.tensor(named: names[0])
        } catch {
            throw error.inFile(input.name)
        }
    }

    private func picture(_ tensor: Tensor, _ input: ConversionInput) throws(MediaError) -> any PixelSource {
        do throws(MediaError) {
            return try tensor.picture(
                try rules.apply(to: settings, input: input, member: input.member).picture)
        } catch {
            throw error.inFile(input.name)
        }
    }
}

extension ElementType {
    fileprivate var isFloat: Bool { [.float16, .bfloat16, .float32, .float64].contains(self) }
}
