#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// libFuzzer's own entry point, for programs that keep their `main`.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ argc: UnsafeMutablePointer<CInt>,
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Runs one reader on the inputs that libFuzzer makes: `TENSOR_MEDIA_FUZZ_TARGET` names it.
///
/// The sanitizer's runtime cannot be linked in a normal build, so Package.swift has this target on request only:
/// `make fuzz`.
@main
enum Driver {
    static func main() {
        let name = getenv("TENSOR_MEDIA_FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard FuzzTarget(rawValue: name) != nil else {
            print("set TENSOR_MEDIA_FUZZ_TARGET to one of", FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))
            exit(64)
        }
        var argc = CommandLine.argc
        // libFuzzer wants an array that ends with a null pointer, as the system hands it to `main`.
        var argv = CommandLine.unsafeArgv
        let status = withUnsafeMutablePointer(to: &argv) { pointer in
            pointer.withMemoryRebound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.self, capacity: 1) {
                runFuzzer(&argc, $0) { data, count in
                    let bytes = UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : count)
                    FuzzTarget.chosen.run(bytes.bytes)
                    return 0
                }
            }
        }
        exit(status)
    }
}

extension FuzzTarget {
    /// The target that the environment names. A C callback captures nothing, so it looks here.
    static let chosen = getenv("TENSOR_MEDIA_FUZZ_TARGET").flatMap { FuzzTarget(rawValue: String(cString: $0)) } ?? .npy
}
