import MediaCore

/// What a pickle's program works with. Everything that can nest lies in the machine's table and is named by its place
/// there, so that no value is deep.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(Int)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(Int)
    case storage(Int)
    case tensor(Int)
    /// Something that is allowed and of no interest: a device, a data type, a flag.
    case opaque
}

/// Runs the program of a pickle as far as it builds tensors out of plain data, and nothing else.
///
/// A pickle is a program for a stack machine that may call any function of Python by name. This one knows the opcodes
/// that `torch.save` needs for tensors, lists, tuples and dictionaries; "calls" only the names in ``TorchGlobal``, which
/// are cases of a switch here; and stops at anything else. Opcodes: `pickletools` of the Python library.
struct PickleMachine {
    /// A piece of memory of a tensor: the name of its file in the archive.
    struct Storage {
        let key: String
        let type: TorchType?
        let count: Int
    }

    /// A tensor that was described.
    struct TensorDescription {
        let storage: Storage
        let type: TorchType
        let offset: Int
        let shape: [Int]
        let strides: [Int]
    }

    private(set) var strings: [String] = []
    private(set) var sequences: [[PickleValue]] = []
    private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    private(set) var tensors: [TensorDescription] = []
    var globals: [TorchGlobal] = []
    var storages: [Storage] = []

    private let program: [UInt8]
    private var position = 0
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [PickleValue?] = []
    private var valueCount = 0
    private let limits: Limits

    private init(_ program: [UInt8], limits: Limits) {
        self.program = program
        self.limits = limits
    }

    /// Runs `program` to its end.
    ///
    /// - Returns: the machine, whose tables the result refers to, and the result.
    /// - Throws: `format.malformed`, `format.truncated`, `format.unsupported`, `limit.exceeded`.
    static func run(
        _ program: [UInt8], limits: Limits
    ) throws(MediaError) -> (machine: PickleMachine, result: PickleValue) {
        var machine = PickleMachine(program, limits: limits)
        do throws(MediaError) {
            while true {
                let opcode = try machine.take()
                if opcode == UInt8(ascii: ".") { return (machine, try machine.pop()) }
                try machine.execute(opcode)
            }
        } catch {
            var error = error
            if error.location.offset == nil { error.location.offset = machine.position }
            throw error
        }
    }

    // MARK: Opcodes

    private mutating func execute(_ opcode: UInt8) throws(MediaError) {
        switch opcode {
        case 0x80: _ = try take()  // PROTO
        case 0x95: _ = try integer(bytes: 8)  // FRAME
        case UInt8(ascii: "N"): try push(.none)
        case 0x88: try push(.bool(true))
        case 0x89: try push(.bool(false))
        case UInt8(ascii: "J"): try push(.integer(Int(Int32(truncatingIfNeeded: try integer(bytes: 4)))))
        case UInt8(ascii: "K"): try push(.integer(try integer(bytes: 1)))
        case UInt8(ascii: "M"): try push(.integer(try integer(bytes: 2)))
        case 0x8A: try push(.integer(try longInteger()))
        case UInt8(ascii: "G"): try push(.number(Double(bitPattern: try bigEndian())))
        case UInt8(ascii: "X"): try pushString(count: try integer(bytes: 4))
        case 0x8C: try pushString(count: try integer(bytes: 1))
        case 0x8D: try pushString(count: try integer(bytes: 8))
        case UInt8(ascii: "("): try mark()
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): _ = try popToMark()
        case UInt8(ascii: ")"): try pushTuple([])
        case 0x85: try pushTuple([try pop()])
        case 0x86: try pushTuple(try pop(2))
        case 0x87: try pushTuple(try pop(3))
        case UInt8(ascii: "t"): try pushTuple(try popToMark())
        case UInt8(ascii: "]"): try pushList([])
        case UInt8(ascii: "l"): try pushList(try popToMark())
        case UInt8(ascii: "a"): try append([try pop()])
        case UInt8(ascii: "e"): try append(try popToMark())
        case UInt8(ascii: "}"): try pushDictionary()
        case UInt8(ascii: "s"): try setItems(try pop(2))
        case UInt8(ascii: "u"): try setItems(try popToMark())
        case UInt8(ascii: "q"): try store(at: try integer(bytes: 1))
        case UInt8(ascii: "r"): try store(at: try integer(bytes: 4))
        case 0x94: try store(at: memo.count)  // MEMOIZE
        case UInt8(ascii: "h"): try recall(try integer(bytes: 1))
        case UInt8(ascii: "j"): try recall(try integer(bytes: 4))
        case UInt8(ascii: "c"): try pushGlobal(module: try line(), name: try line())
        case 0x93: try pushStackGlobal()
        case UInt8(ascii: "Q"): try pushStorage(try pop())
        case UInt8(ascii: "R"): try reduce()
        case UInt8(ascii: "b"): try build()
        default:
            throw MediaError(
                .unsupported,
                "the pickle has the opcode 0x\(String(opcode, radix: 16)), which plain tensors do not need",
                hint: TorchReader.hint, at: .init(field: "data.pkl", offset: position - 1))
        }
    }

    // MARK: Reading the program

    private func truncated() -> MediaError {
        MediaError(
            .truncated, "the pickle ends before it stops", hint: "write the file again", at: .init(field: "data.pkl"))
    }

    func malformed(_ message: String) -> MediaError {
        MediaError(.malformed, message, hint: TorchReader.hint, at: .init(field: "data.pkl"))
    }

    private mutating func take() throws(MediaError) -> UInt8 {
        guard position < program.count else { throw truncated() }
        position += 1
        return program[position - 1]
    }

    private mutating func take(_ count: Int) throws(MediaError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= program.count - position else { throw truncated() }
        position += count
        return program[(position - count)..<position]
    }

    private mutating func integer(bytes count: Int) throws(MediaError) -> Int {
        var value: UInt64 = 0
        for (place, byte) in try take(count).enumerated() { value |= UInt64(byte) << UInt64(8 * place) }
        guard let result = Int(exactly: value) else { throw malformed("a length does not fit 63 bits") }
        return result
    }

    private mutating func bigEndian() throws(MediaError) -> UInt64 {
        try take(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// LONG1: up to 255 bytes, two's complement. What does not fit 64 bits is no size of a tensor.
    private mutating func longInteger() throws(MediaError) -> Int {
        let bytes = try take(Int(try take()))
        guard bytes.count <= 8 else { throw malformed("an integer does not fit 64 bits") }
        var value: Int64 = bytes.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
        for byte in bytes.reversed() { value = value << 8 | Int64(byte) }
        return Int(truncatingIfNeeded: value)
    }

    private mutating func line() throws(MediaError) -> String {
        guard let end = program[position...].prefix(1024).firstIndex(of: UInt8(ascii: "\n")) else { throw truncated() }
        let text = String(decoding: program[position..<end], as: UTF8.self)
        position = end + 1
        return text
    }

    // MARK: The stack

    private mutating func count(_ number: Int = 1) throws(MediaError) {
        valueCount += number
        guard valueCount <= limits.members else {
            throw MediaError(
                .limitExceeded, "the pickle makes more than \(limits.members) values",
                hint: "raise Limits.members if that is true", at: .init(field: "data.pkl"))
        }
    }

    mutating func push(_ value: PickleValue) throws(MediaError) {
        try count()
        stack.append(value)
    }

    mutating func pop() throws(MediaError) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
            throw malformed("the pickle takes more values than it made")
        }
        return value
    }

    private mutating func pop(_ number: Int) throws(MediaError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= number else {
            throw malformed("the pickle takes more values than it made")
        }
        defer { stack.removeLast(number) }
        return Array(stack.suffix(number))
    }

    private mutating func mark() throws(MediaError) {
        try count()
        marks.append(stack.count)
    }

    private mutating func popToMark() throws(MediaError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw malformed("the pickle has no mark where it needs one") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private mutating func store(at place: Int) throws(MediaError) {
        guard let value = stack.last else { throw malformed("the pickle keeps a value that is not there") }
        guard place < limits.members else {
            throw MediaError(
                .limitExceeded, "the pickle keeps a value at place \(place), the limit is \(limits.members)",
                hint: "raise Limits.members if that is true", at: .init(field: "data.pkl"))
        }
        if place >= memo.count { memo += repeatElement(nil, count: place - memo.count + 1) }
        memo[place] = value
    }

    private mutating func recall(_ place: Int) throws(MediaError) {
        guard memo.indices.contains(place), let value = memo[place] else {
            throw malformed("the pickle asks for a value that it did not keep")
        }
        try push(value)
    }

    // MARK: Containers

    private mutating func pushString(count: Int) throws(MediaError) {
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw malformed("a text is not UTF-8")
        }
        strings.append(text)
        try push(.string(strings.count - 1))
    }

    mutating func pushTuple(_ elements: [PickleValue]) throws(MediaError) {
        try count(elements.count)
        sequences.append(elements)
        try push(.tuple(sequences.count - 1))
    }

    private mutating func pushList(_ elements: [PickleValue]) throws(MediaError) {
        try count(elements.count)
        sequences.append(elements)
        try push(.list(sequences.count - 1))
    }

    mutating func pushDictionary() throws(MediaError) {
        dictionaries.append([])
        try push(.dictionary(dictionaries.count - 1))
    }

    mutating func pushTensor(_ tensor: TensorDescription) throws(MediaError) {
        tensors.append(tensor)
        try push(.tensor(tensors.count - 1))
    }

    private mutating func append(_ elements: [PickleValue]) throws(MediaError) {
        guard case .list(let place)? = stack.last else { throw malformed("the pickle appends to what is no list") }
        try count(elements.count)
        sequences[place] += elements
    }

    private mutating func setItems(_ elements: [PickleValue]) throws(MediaError) {
        guard case .dictionary(let place)? = stack.last else {
            throw malformed("the pickle sets items of what is no dictionary")
        }
        guard elements.count % 2 == 0 else { throw malformed("the pickle sets a key without a value") }
        try count(elements.count)
        for index in stride(from: 0, to: elements.count, by: 2) {
            dictionaries[place].append((elements[index], elements[index + 1]))
        }
    }

    private mutating func pushStackGlobal() throws(MediaError) {
        guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
            throw malformed("the name of a global is no text")
        }
        try pushGlobal(module: strings[module], name: strings[name])
    }

    /// BUILD sets attributes: `OrderedDict` has some of a module's, which say nothing about its tensors.
    private mutating func build() throws(MediaError) {
        _ = try pop()
        switch stack.last {
        case .dictionary?, .tensor?: return
        default: throw malformed("the pickle sets attributes of an object that is no dictionary")
        }
    }
}
