import MediaCore

/// Walks through what a pickle built and gives every tensor in it a name.
struct TorchCollector {
    private let machine: PickleMachine
    private let limits: Limits
    /// The tensors, in the order of the file.
    private(set) var tensors: [(name: String, tensor: PickleMachine.TensorDescription)] = []
    /// Numbers and texts between the tensors: an epoch, a learning rate.
    private(set) var texts: [TensorFile.Text] = []
    private var names: Set<String> = []
    private var visits = 0
    private var nameByteCount = 0

    init(machine: PickleMachine, limits: Limits) {
        self.machine = machine
        self.limits = limits
    }

    /// Visits a value and everything in it. The same list may stand in several places, and even in itself: the number
    /// of visits and the depth are limited.
    mutating func visit(_ value: PickleValue, path: String, depth: Int) throws(MediaError) {
        visits += 1
        nameByteCount += path.utf8.count
        guard visits <= limits.members, depth <= limits.nestingDepth, nameByteCount <= limits.headerBytes / 4 else {
            throw MediaError(
                .limitExceeded,
                "the values are nested deeper than \(limits.nestingDepth) or are more than \(limits.members)",
                hint: "save the tensors in one dictionary", at: .init(field: "data.pkl"))
        }
        switch value {
        case .tensor(let place): tensors.append((unique(path), machine.tensors[place]))
        case .tuple(let place), .list(let place):
            for (index, element) in machine.sequences[place].enumerated() {
                try visit(element, path: join(path, String(index)), depth: depth + 1)
            }
        case .dictionary(let place):
            for (key, element) in machine.dictionaries[place] {
                try visit(element, path: join(path, name(key)), depth: depth + 1)
            }
        case .string(let place): texts.append(.init(name: path, value: machine.strings[place]))
        case .integer(let number): texts.append(.init(name: path, value: String(number)))
        case .number(let number): texts.append(.init(name: path, value: String(number)))
        case .bool(let flag): texts.append(.init(name: path, value: String(flag)))
        case .none, .opaque, .global, .storage: break
        }
    }

    private func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : path + "." + name }

    private func name(_ key: PickleValue) -> String {
        switch key {
        case .string(let place): machine.strings[place]
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .bool(let flag): flag ? "True" : "False"
        default: "?"
        }
    }

    /// `{"a.b": x, "a": {"b": y}}` holds two tensors of one path: the second becomes `a.b~2`.
    private mutating func unique(_ path: String) -> String {
        var name = path
        var number = 2
        while !names.insert(name).inserted {
            name = "\(path)~\(number)"
            number += 1
        }
        return name
    }
}
