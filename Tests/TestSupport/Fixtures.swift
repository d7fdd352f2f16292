import Foundation

/// Where the test data is.
package enum Fixtures {
    /// The root of the repository.
    package static let repository: String = {
        // Tests/TestSupport/Fixtures.swift
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// The path of a file or folder in `Fixtures/`: `Fixtures.path("tensors/astronaut-chw-f32.npy")`.
    package static func path(_ relative: String = "") -> String {
        relative.isEmpty ? repository + "/Fixtures" : repository + "/Fixtures/" + relative
    }

    /// The bytes of a file in `Fixtures/`.
    package static func bytes(_ relative: String) throws -> [UInt8] { try readBytes(path(relative)) }

    /// The paths of the files below a folder of `Fixtures/` that end in one of `extensions`, relative to `Fixtures/`,
    /// sorted; all files when no extension is given.
    package static func files(in folder: String, extensions: String...) -> [String] {
        let all = FileManager.default.enumerator(atPath: path(folder))?.compactMap { $0 as? String } ?? []
        return all.filter { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path(folder + "/" + name), isDirectory: &isFolder)
            return !isFolder.boolValue && (extensions.isEmpty || extensions.contains { name.hasSuffix("." + $0) })
        }.sorted().map { folder + "/" + $0 }
    }

    /// The larger corpus beside the repository: `TENSOR_MEDIA_SHARED`, else `../shared`; `nil` where it is absent.
    package static let shared: String? = {
        let named = ProcessInfo.processInfo.environment["TENSOR_MEDIA_SHARED"]
        let path = named ?? repository + "/../shared"
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return nil
        }
        return URL(fileURLWithPath: path).standardizedFileURL.path
    }()
}
