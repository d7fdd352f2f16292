import Foundation
package import Testing

/// The Python in which NumPy, Pillow, OpenCV and the other programs live that our results are compared with.
///
/// `make test-tools` makes it. `TENSOR_MEDIA_PYTHON` names another one.
package enum PythonTools {
    /// The interpreter: `TENSOR_MEDIA_PYTHON`, else `.tools/bin/python` in the repository; `nil` when there is none.
    package static let interpreter: String? = {
        let named = ProcessInfo.processInfo.environment["TENSOR_MEDIA_PYTHON"]
        let path = named ?? Fixtures.repository + "/.tools/bin/python"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// Whether a missing tool is a failure: with `CI` set nothing may be skipped in silence.
    package static let isRequired = ProcessInfo.processInfo.environment["CI"] != nil

    /// The Python modules that can be imported, of those that tests ask for.
    private static let modules: Set<String> = {
        let names = [
            "numpy", "PIL", "cv2", "safetensors", "ml_dtypes", "wandb", "torch", "skimage", "pycocotools", "fontTools",
            "yaml", "scipy", "soundfile",
        ]
        let script = """
            import importlib.util, sys
            print("\\n".join(name for name in sys.argv[1:] if importlib.util.find_spec(name)))
            """
        guard let found = try? run(script, arguments: names) else { return [] }
        return Set(found.lines.map(String.init))
    }()

    /// Whether Python and all `modules` are there.
    package static func has(_ modules: [String]) -> Bool {
        interpreter != nil && modules.allSatisfy(self.modules.contains)
    }

    /// Runs the text of a script and gives back what it wrote.
    ///
    ///     let sum = try PythonTools.run("import sys; print(sum(sys.stdin.buffer.read()))", input: [1, 2, 3]).text
    ///
    /// - Parameters:
    ///   - script: The program's text; `sys.argv[1:]` holds `arguments`.
    ///   - input: What it reads from `sys.stdin.buffer`.
    ///   - timeout: In seconds.
    /// - Throws: ``ProgramFailure`` with the traceback when the status is not zero, or when there is no Python.
    @discardableResult
    package static func run(
        _ script: String, arguments: [String] = [], input: [UInt8] = [], timeout: Double = 120
    ) throws -> Program.Outcome {
        guard let interpreter else {
            throw ProgramFailure("no Python with the test tools; run 'make test-tools' or set TENSOR_MEDIA_PYTHON")
        }
        var program = Program(interpreter, ["-c", script] + arguments)
        program.standardInput = input
        program.timeout = timeout
        program.environment = ["PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"]
        let outcome = try program.run()
        guard outcome.status == 0 else {
            throw ProgramFailure("the Python script ended with status \(outcome.status)\n\(outcome.errorText)")
        }
        return outcome
    }
}

extension Trait where Self == ConditionTrait {
    /// The test needs Python with these modules. Without them it is skipped with a message, or, with `CI` set, runs and
    /// fails where it calls ``PythonTools/run(_:arguments:input:timeout:)``.
    ///
    ///     @Test("numpy reads what we write", .python("numpy")) func …
    package static func python(_ modules: String...) -> Self {
        .enabled(
            if: PythonTools.isRequired || PythonTools.has(modules),
            "needs Python with \(modules.joined(separator: ", ")): run 'make test-tools'")
    }

    /// The test reads `../shared`, which is not part of the repository; it is skipped where that is absent.
    package static var shared: Self {
        .enabled(if: Fixtures.shared != nil, "needs ../shared or TENSOR_MEDIA_SHARED")
    }
}
