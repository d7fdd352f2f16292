import CPeers
import Foundation
import ImageCoding
import MediaCore
import TensorIO

/// `batch-floor memory PRESET COUNT FILE...`: converts and encodes tensors that lie in memory, COUNT in all.
/// `batch-floor files COUNT IN OUT REFERENCE`: opens, reads, creates, writes and renames the same bytes as a conversion
/// of IN, whose outputs are in REFERENCE.
///
/// `batch-floor run PROGRAM ARGUMENT...`: runs a program, and prints its CPU seconds and its most resident memory in
/// kilobytes. (A program started by Python begins with the memory of Python in that number.)
///
/// Prints the CPU seconds, user and system: what `tensor-media convert` cannot go below.
@main
enum Main {
    static func main() {
        do {
            var arguments = CommandLine.arguments.dropFirst()
            switch arguments.popFirst() {
            case "memory":
                guard let preset = arguments.popFirst().flatMap(EncodingPreset.init(rawValue:)),
                    let count = arguments.popFirst().flatMap({ Int($0) }), !arguments.isEmpty
                else { throw Failure() }
                print(try memory(preset, count, Array(arguments)))
            case "files":
                guard arguments.count == 4, let count = arguments.popFirst().flatMap({ Int($0) }) else {
                    throw Failure()
                }
                let folders = Array(arguments)
                print(try files(count, folders[0], folders[1], folders[2]))
            case "run":
                guard let program = arguments.first else { throw Failure() }
                var arguments = arguments.map { strdup($0) } + [nil]
                var child: pid_t = 0
                var (status, usage): (Int32, rusage) = (0, rusage())
                guard posix_spawn(&child, program, nil, nil, &arguments, environ) == 0,
                    wait4(child, &status, 0, &usage) == child, status == 0
                else { throw Failure(description: "\(program) failed") }
                let times = [usage.ru_utime, usage.ru_stime]
                let seconds = times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
                print(seconds, usage.ru_maxrss)
            default: throw Failure()
            }
        } catch {
            FileHandle.standardError.write(Data("batch-floor: \(error)\n".utf8))
            exit(1)
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var description =
            "usage: batch-floor memory PRESET COUNT FILE... | files COUNT IN OUT REFERENCE | run PROGRAM ARGUMENT..."
    }

    private static func memory(_ preset: EncodingPreset, _ count: Int, _ paths: [String]) throws -> Double {
        let tensors = try paths.map { try NPYReader().read(path: $0).tensor }
        let encoder = PNGEncoder(preset: preset)
        let sink = MemorySink()
        let before = peer_process_seconds()
        for index in 0..<count {
            sink.removeAll()
            try encoder.encode(tensors[index % tensors.count].picture(), to: sink)
        }
        return peer_process_seconds() - before
    }

    /// Outputs are read before the clock starts, each distinct one once; inputs are links to few files.
    private static func files(_ count: Int, _ inputs: String, _ outputs: String, _ reference: String) throws -> Double {
        let manager = FileManager.default
        let names = (manager.enumerator(atPath: inputs)?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(".npy") }.sorted().prefix(count)
        var known: [Data: Data] = [:]
        var files: [(input: String, temporary: String, output: String, bytes: Data)] = []
        for name in names {
            let stem = String(name.dropLast(4))
            let read = try Data(contentsOf: URL(fileURLWithPath: reference + "/" + stem + ".png"))
            let bytes = known[read] ?? read
            known[bytes] = bytes
            let folder = (outputs + "/" + stem as NSString).deletingLastPathComponent
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let temporary = folder + "/." + (stem as NSString).lastPathComponent + ".part"
            files.append((inputs + "/" + name, temporary, outputs + "/" + stem + ".png", bytes))
        }
        guard files.count == count else { throw Failure(description: "\(files.count) inputs instead of \(count)") }
        let before = peer_process_seconds()
        for file in files {
            let status = file.bytes.withUnsafeBytes { bytes in
                peer_copy(file.input, file.temporary, file.output, bytes.baseAddress, bytes.count)
            }
            guard status == 0 else { throw Failure(description: "\(file.input): \(String(cString: strerror(errno)))") }
        }
        return peer_process_seconds() - before
    }
}
