import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport

/// The real program, run in a folder of its own: paths are relative, so messages can be compared whole.
struct Tool {
    /// Where it runs.
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The program, which the build puts beside the bundle of the tests.
    static let executable: String = {
        for argument in ProcessInfo.processInfo.arguments {
            guard let bundle = argument.range(of: ".xctest") else { continue }
            let folder = URL(fileURLWithPath: String(argument[..<bundle.upperBound])).deletingLastPathComponent()
            return folder.appendingPathComponent("tensor-media").path
        }
        return Fixtures.repository + "/.build/debug/tensor-media"
    }()

    /// Runs `tensor-media` with these arguments.
    func run(
        _ arguments: String..., input: [UInt8] = [], environment: [String: String?] = [:]
    ) throws -> Program.Outcome {
        try run(arguments, input: input, environment: environment)
    }

    /// Runs `tensor-media` with these arguments.
    func run(
        _ arguments: [String], input: [UInt8] = [], environment: [String: String?] = [:]
    ) throws -> Program.Outcome {
        var program = Program(Self.executable, arguments)
        program.standardInput = input
        program.workingFolder = folder.path
        program.environment = environment
        program.timeout = 300
        return try program.run()
    }

    /// Runs a line of shell in which `$tool` is the program.
    func shell(_ line: String) throws -> Program.Outcome {
        var program = Program("/bin/sh", ["-c", line])
        program.workingFolder = folder.path
        program.environment = ["tool": Self.executable]
        program.timeout = 300
        return try program.run()
    }

    // MARK: Inputs

    /// Writes a tensor as NPY.
    @discardableResult
    func write(_ tensor: Tensor, to name: String) throws -> String {
        try folder.write(try Self.npy(tensor), to: name)
    }

    /// The bytes of a tensor as NPY.
    static func npy(_ tensor: Tensor) throws -> [UInt8] {
        let sink = MemorySink()
        try NPYWriter().write(tensor, to: sink)
        return sink.bytes
    }

    /// Writes an NPZ whose members have any names at all, `.npy` included.
    func writeArchive(_ members: [(name: [UInt8], tensor: Tensor)], to name: String) throws {
        try folder.write(try Self.storedArchive(members.map { ($0.name, try Self.npy($0.tensor)) }), to: name)
    }

    /// A gray ramp of `width` × `height` bytes.
    static func ramp(_ width: Int, _ height: Int, first: Int = 0) throws -> Tensor {
        try Tensor((0..<width * height).map { UInt8(truncatingIfNeeded: $0 + first) }, shape: [height, width])
    }

    /// A batch of gray ramps.
    static func batch(_ count: Int) throws -> Tensor {
        try Tensor((0..<count * 15).map { UInt8(truncatingIfNeeded: $0) }, shape: [count, 1, 3, 5])
    }

    /// Copies a file of `Fixtures/`.
    func copyFixture(_ name: String, to target: String) throws {
        try folder.write(try Fixtures.bytes(name), to: target)
    }

    // MARK: Outputs

    /// Decodes a picture that was written.
    func picture(_ name: String) throws -> DecodedImage { try ImageFile.decode(path: folder.path(name)) }

    /// What kind of picture a file holds, by its content.
    func format(of name: String) throws -> ImageHeader.FileFormat? {
        let bytes = try folder.bytes(name)
        return ImageHeader.FileFormat.of(bytes.span.bytes)
    }

    /// All files below a folder, with their bytes.
    func contents(of name: String) throws -> [String: [UInt8]] {
        let all = FileManager.default.enumerator(atPath: folder.path(name))?.compactMap { $0 as? String } ?? []
        var contents: [String: [UInt8]] = [:]
        for file in all {
            var isFolder: ObjCBool = false
            let path = folder.path(name) + "/" + file
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            contents[file] = try readBytes(path)
        }
        return contents
    }

    private static func storedArchive(_ members: [(name: [UInt8], bytes: [UInt8])]) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for (name, bytes) in members {
            let sum = Int(CRC32.of(bytes.span.bytes))
            let common = little(20, 2) + little(0x800, 2) + little(0, 2) + little(0, 4) + little(sum, 4)
            let sizes = little(bytes.count, 4) + little(bytes.count, 4) + little(name.count, 2) + little(0, 2)
            directory += little(0x0201_4B50, 4) + little(20, 2) + common + sizes
            directory += little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(archive.count, 4) + name
            archive += little(0x0403_4B50, 4) + common + sizes + name + bytes
        }
        let end = little(0x0605_4B50, 4) + little(0, 4) + little(members.count, 2) + little(members.count, 2)
        return archive + directory + end + little(directory.count, 4) + little(archive.count, 4) + little(0, 2)
    }
}

extension Program.Outcome {
    /// The lines of standard error.
    var errorLines: [Substring] { errorText.split(separator: "\n") }
}
