import ImageCoding
public import MediaCore

extension BenchmarkReport {
    /// Everything for programs, one object: the machine, the method, each contestant with its sums, each picture with what
    /// every contestant did. Seconds are of processor time, memory and sizes in bytes; `null` is what nobody measured.
    public var json: JSONValue {
        [
            "system": SystemReport().json, "python": pythonJSON, "method": methodJSON,
            "sample": [
                "inputs": JSONValue(inputCount), "opened_inputs": JSONValue(openedInputs),
                "found_pictures": JSONValue(foundPictures), "chosen_pictures": JSONValue(chosenPictures),
                "pictures": JSONValue(pictures.count),
            ],
            "contestants": .array(contestants.indices.map(contestantJSON)),
            "pictures": .array(pictures.map(pictureJSON)),
            "notes": .array(notes.map { .string($0) }),
            "failures": .array(failures.map { .string($0.description) }),
        ]
    }

    private var pythonJSON: JSONValue {
        guard let python else { return .null }
        let libraries = python.libraries.map { ($0.name, JSONValue.string($0.version)) }
        return [
            "path": .string(python.path), "version": .string(python.version),
            "libraries": .object(JSONObject(libraries)),
        ]
    }

    private var methodJSON: JSONValue {
        [
            "clock": "processor time of one thread, the best round", "means": "geometric, over pictures",
            "ours_begin_with": "the tensor", "rivals_begin_with": "finished pixels", "threads": 1,
            "rounds": JSONValue(options.rounds), "seconds": .number(options.seconds),
            "jpeg_quality": JSONValue(quality),
        ]
    }

    private func contestantJSON(_ index: Int) -> JSONValue {
        let contestant = contestants[index]
        let summary = summary(index)
        var object = JSONObject([
            ("name", .string(contestant.name)), ("format", .string(contestant.format.rawValue)),
            ("level", contestant.level.map { .string($0.rawValue) } ?? .null), ("rival", .bool(contestant.isRival)),
        ])
        if case .ours(let preset, _) = contestant.encoder { object["preset"] = .string(preset.rawValue) }
        object["pictures"] = JSONValue(summary.pictures)
        object["pixel_bytes"] = JSONValue(summary.pixelBytes)
        object["bytes"] = JSONValue(summary.byteCount)
        object["seconds"] = .number(summary.seconds)
        object["megabytes_per_second"] = Self.number(summary.megabytesPerSecond)
        object["speed_ratio"] = Self.number(summary.speedRatio)
        object["speed_reference"] = name(speedReference(contestant.format))
        object["size_ratio"] = Self.number(summary.sizeRatio)
        object["size_reference"] = name(sizeReference(contestant.format))
        object["peak_memory"] = summary.peakMemory.map { JSONValue($0) } ?? .null
        return .object(object)
    }

    private func name(_ index: Int?) -> JSONValue { index.map { .string(contestants[$0].name) } ?? .null }

    private func pictureJSON(_ picture: Picture) -> JSONValue {
        [
            "name": .string(picture.name), "width": JSONValue(picture.width), "height": JSONValue(picture.height),
            "format": .string(picture.format.description), "pixel_bytes": JSONValue(picture.byteCount),
            "rounds": JSONValue(picture.rounds),
            // In the order of the contestants.
            "entries": .array(
                picture.entries.map { entry in
                    guard let entry else { return .null }
                    return [
                        "bytes": JSONValue(entry.byteCount), "seconds": .number(entry.seconds),
                        "peak_memory": entry.peakMemory.map { JSONValue($0) } ?? .null,
                    ]
                }),
        ]
    }

    private static func number(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .number(value)
    }
}
