import MediaCore

extension BoxReader {
    /// What is known of a box while its members are read, in whatever order they come.
    private struct Draft {
        var edges = BoxRules.Numbers(0, 0, 0, 0)
        var middle = BoxRules.Numbers(0, 0, 0, 0)
        /// Which members of the position are there.
        var given = BoxMember.PositionBits()
        var domain: BoundingBox.Domain
        var classID: Int?
        var caption: String?
        var hasPosition = false
        var isSound = true
    }

    /// Reads one box; `nil` when it breaks a rule, which the report says, or was cut away.
    mutating func box(
        _ json: inout JSONPullReader, _ list: String, _ index: Int
    ) throws(MediaError) -> BoundingBox? {
        guard json.isAtObject else {
            try wrongKind(&json, "a box", path: "\(list)[\(index)]", hint: "give an object with a position")
            return nil
        }
        var draft = Draft(domain: options.domain)
        if !scores.isEmpty { scores.removeAll(keepingCapacity: true) }
        try json.beginObject()
        while let member = try json.nextMember(of: names.ofBox) {
            switch BoxMember(rawValue: member) {
            case .position: try position(&json, &draft, list, index)
            case .classID: try classID(&json, &draft, list, index)
            case .caption:
                if json.isAtString {
                    draft.caption = try json.string()
                } else {
                    draft.isSound = false
                    try wrongKind(&json, "text", path: "\(list)[\(index)].box_caption", hint: "put it in quotes")
                }
            case .scores: try scores(&json, &draft, list, index)
            case .domain: try domain(&json, &draft, list, index)
            case nil: try json.skip()
            }
        }
        return finish(draft, list, index)
    }

    private mutating func finish(_ draft: Draft, _ list: String, _ index: Int) -> BoundingBox? {
        let form: BoundingBox.Form
        if draft.given.isSuperset(of: .edges) {
            form = .minMax
            if draft.given.isSuperset(of: .size) {
                report.add(
                    .warning,
                    .warning(
                        .boxPositionRepeated, "the position has edges and a middle; the edges hold",
                        path: "\(list)[\(index)].position", hint: "give one of them"))
            }
        } else if draft.given.isSuperset(of: .size) {
            form = .middle
        } else {
            if draft.isSound { positionMissing(draft, list, index) }
            return nil
        }
        guard draft.isSound else { return nil }
        var numbers = form == .minMax ? draft.edges : draft.middle
        if options.clips {
            switch BoundingBox.clip(numbers, form, draft.domain, to: options.image) {
            case .whole: break
            case .none:
                clipping.vanished += 1
                return nil
            case .part(let part):
                clipping.cut += 1
                numbers = part
            }
        }
        let scores = BoxScores(scores.isEmpty ? [] : Array(scores))
        guard BoxRules.areSound(numbers, form, draft.domain), scores.areFinite else {
            let path = "\(list)[\(index)]"
            BoxRules.findings(numbers, form, draft.domain, path: path, into: &report)
            scores.findings(path: path, into: &report)
            return nil
        }
        return BoundingBox(
            sound: numbers, form: form, domain: draft.domain, classID: draft.classID, caption: draft.caption,
            scores: scores, color: nil)
    }

    private mutating func positionMissing(_ draft: Draft, _ list: String, _ index: Int) {
        let found = BoxMember.InPosition.allCases.filter { draft.given.contains($0.bit) }.map { "\($0)" }
        let what: String
        if !draft.hasPosition {
            what = "the box has no position"
        } else if found.isEmpty {
            what = "the position has no numbers"
        } else {
            what = "the position has only " + found.joined(separator: ", ")
        }
        report.add(
            .error,
            .error(
                .boxPositionMissing, what, path: "\(list)[\(index)].position",
                hint: "give minX, maxX, minY and maxY, or middle, width and height"))
    }

    // MARK: Members

    private mutating func position(
        _ json: inout JSONPullReader, _ draft: inout Draft, _ list: String, _ index: Int
    ) throws(MediaError) {
        draft.hasPosition = true
        guard json.isAtObject else {
            draft.isSound = false
            try wrongKind(&json, "an object", path: "\(list)[\(index)].position")
            return
        }
        try json.beginObject()
        while let member = try json.nextMember(of: names.ofPosition) {
            guard let member = BoxMember.InPosition(rawValue: member) else {
                try json.skip()
                continue
            }
            if member == .middle {
                try middle(&json, &draft, list, index)
                continue
            }
            guard let value = try json.numberIfAny()?.double else {
                draft.isSound = false
                try wrongKind(&json, "a number", path: "\(list)[\(index)].position.\(member)")
                continue
            }
            switch member {
            case .minX: draft.edges.0 = value
            case .maxX: draft.edges.1 = value
            case .minY: draft.edges.2 = value
            case .maxY: draft.edges.3 = value
            case .width: draft.middle.2 = value
            case .height: draft.middle.3 = value
            case .middle: break
            }
            draft.given.insert(member.bit)
        }
    }

    private mutating func middle(
        _ json: inout JSONPullReader, _ draft: inout Draft, _ list: String, _ index: Int
    ) throws(MediaError) {
        let expected = "a list of two numbers, x and y"
        let path = { "\(list)[\(index)].position.middle" }
        guard json.isAtArray else {
            draft.isSound = false
            try wrongKind(&json, expected, path: path())
            return
        }
        var count = 0
        var numbers = 0
        try json.beginArray()
        while try json.nextElement() {
            if count < 2, let value = try json.numberIfAny()?.double {
                if count == 0 { draft.middle.0 = value } else { draft.middle.1 = value }
                numbers += 1
            } else {
                try json.skip()
            }
            count += 1
        }
        guard count == 2, numbers == 2 else {
            draft.isSound = false
            report.add(
                .error,
                .error(
                    .boxTypeInvalid, "found a list of \(count) with \(numbers) numbers, expected \(expected)",
                    path: path())
            )
            return
        }
        draft.given.insert(BoxMember.InPosition.middle.bit)
    }

    private mutating func classID(
        _ json: inout JSONPullReader, _ draft: inout Draft, _ list: String, _ index: Int
    ) throws(MediaError) {
        switch try json.numberIfAny() {
        case .integer(let value)?: draft.classID = Int(value)
        case nil:
            draft.isSound = false
            try wrongKind(&json, "an integer", path: "\(list)[\(index)].class_id")
        case .double(let value)?:
            draft.isSound = false
            report.add(
                .error,
                .error(
                    .boxTypeInvalid, "found \(value), expected an integer", path: "\(list)[\(index)].class_id",
                    value: "\(value)",
                    hint: "write classes without a point"))
        }
    }

    private mutating func scores(
        _ json: inout JSONPullReader, _ draft: inout Draft, _ list: String, _ index: Int
    ) throws(MediaError) {
        guard json.isAtObject else {
            draft.isSound = false
            try wrongKind(
                &json, "an object", path: "\(list)[\(index)].scores", hint: "give each score a name: {\"acc\": 0.9}")
            return
        }
        try json.beginObject()
        while let name = try json.nextName() {
            let text = scoreName(name, json)
            guard let value = try json.numberIfAny()?.double else {
                draft.isSound = false
                try wrongKind(&json, "a number", path: "\(list)[\(index)].scores\(text.asSubscript)")
                continue
            }
            scores.append(.init(name: text, value: value))
        }
    }

    /// The text of a score's name. Most boxes of a file have the same few, so they are made once.
    private mutating func scoreName(_ name: JSONName, _ json: borrowing JSONPullReader) -> String {
        for known in scoreNames where known.name == name { return known.text }
        let text = json.nameText
        if scoreNames.count < 16, name.isWhole { scoreNames.append((name, text)) }
        return text
    }

    private mutating func domain(
        _ json: inout JSONPullReader, _ draft: inout Draft, _ list: String, _ index: Int
    ) throws(MediaError) {
        let path = { "\(list)[\(index)].domain" }
        guard json.isAtString else {
            draft.isSound = false
            try wrongKind(&json, "\"pixel\" or \"percentage\"", path: path())
            return
        }
        let text = try json.string()
        guard let domain = BoundingBox.Domain(rawValue: text) else {
            draft.isSound = false
            report.add(
                .error,
                .error(
                    .boxDomainUnknown, "found \(JSONValue(text).summary), expected \"pixel\" or \"percentage\"",
                    path: path(), value: JSONValue(text).summary, hint: "leave it out for fractions of the image"))
            return
        }
        draft.domain = domain
    }
}
