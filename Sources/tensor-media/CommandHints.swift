import TensorMedia

/// What hints of the library mean on the command line: it speaks of parameters, people here have options.
enum CommandHints {
    /// Words in the hints of a kind of failure, and what stands there instead.
    private static let table: [(code: MediaError.Code, words: String, options: String)] = [
        (.boxOutside, "pass domain: .pixel for pixel coordinates", "give --pixels for pixel coordinates"),
        (.boxOutside, "pass clip: true to cut boxes at the image", "draw with --clip to cut boxes at the image"),
        (.boxOutside, "cut the box at the image", "cut the box at the image, or draw with --clip"),
        (.maskSize, "pass resize: .nearest", "draw with --resize-masks"),
        (.maskRank, "use argmaxOf:", "save the class with the highest one"),
        (.maskFractional, "pass scores per class to argmaxOf:", "save the class with the highest score"),
        (
            .argumentInvalid, "leave the grid out, or do not draw annotations",
            "leave --grid out, or give --no-annotations"
        ),
        (.argumentInvalid, "the nearest is", "give --resample"),
        (.dataSetPictureMissing, "name the folder that they are in", "name their folder with --pictures"),
        (.unrecognized, "name the kind (coco, yolo, labelme, voc)", "name the kind with --dataset-format"),
    ]

    /// A hint of the library in the words of the command line; the same hint where there is nothing to translate.
    static func translate(_ hint: String, of code: MediaError.Code) -> String {
        for row in table where row.code == code {
            guard let place = hint.firstRange(of: row.words) else { continue }
            return hint.replacingCharacters(in: place, with: row.options)
        }
        return hint
    }
}

extension String {
    fileprivate func replacingCharacters(in place: Range<String.Index>, with text: String) -> String {
        String(self[..<place.lowerBound]) + text + String(self[place.upperBound...])
    }
}

extension MediaError {
    /// The error with hints that name options.
    var onCommandLine: MediaError {
        var copy = self
        copy.hint = hint.map { CommandHints.translate($0, of: code) }
        return copy
    }
}

extension Finding {
    /// The finding with a hint that names options.
    var onCommandLine: Finding {
        var copy = self
        copy.hint = hint.map { CommandHints.translate($0, of: code) }
        return copy
    }
}
