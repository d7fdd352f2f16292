import Foundation
import MediaCore
import TestSupport
import Testing

@Suite("MediaKey")
struct MediaKeyTests {
    /// What the wandb SDK 0.31.0 made of these keys, at step 0.
    private static let recorded: [(key: String, path: String)] = [
        ("a\\b", "a\\b_0_"), ("a/./b", "a/_/b_0_"), ("../up", "__/up_0_"), ("v1.2", "v1.2_0_"), ("a//b", "a/b_0_"),
        ("", "_0_"), ("/abs", "abs_0_"), ("a\nb", "a\nb_0_"), ("../..", "__/___0_"), ("..", "___0_"),
        ("100%", "100%_0_"),
        ("train/val/x", "train/val/x_0_"), (" lead", " lead_0_"), ("a/", "a/_0_"), ("__y", "__y_0_"), ("キー", "キー_0_"),
        ("q\"<>|", "q\"<>|_0_"),
    ]

    private static func path(_ key: MediaKey, step: MediaStep) -> String {
        (key.folders + ["\(key.stem)_\(step)_"]).joined(separator: "/")
    }

    @Test("Keys become the paths that the wandb SDK makes", arguments: recorded)
    func wandb(key: String, path: String) throws {
        #expect(Self.path(try MediaKey(key, compatibility: .wandb(.v0_31)), step: .step(0)) == path)
    }

    @Test("Keys become the paths of all recorded cases", .enabled(if: Fixtures.shared != nil, "needs ../shared"))
    func corpus() throws {
        let corpus = try #require(Fixtures.shared) + "/oracle"
        let cases = try FileSystem.names(inFolder: corpus).filter { $0.hasPrefix("key--") }
        #expect(cases.count >= 20)
        for name in cases {
            let bytes = try readBytes("\(corpus)/\(name)/case.json")
            let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            let files = (json["expect"] as? [String: Any])?["files"] as? [[String: Any]]
            let expected = try #require(files?.first?["path"] as? String)
            let log = try #require(json["log"] as? [String: Any])
            let key = try #require(log["key"] as? String)
            let number = try #require(log["step"] as? Int)
            let step: MediaStep = expected.contains("_summary_") ? .summary : .step(number)
            let path = Self.path(try MediaKey(key, compatibility: .wandb(.v0_31)), step: step)
            #expect("media/images/\(path){{sha20:0}}.png" == expected, "\(name)")
        }
    }

    @Test(
        "Portable names escape what some system forbids, and nothing else",
        arguments: [
            ("train/val/x", "train/val/x"), ("100%", "100%"), ("キー", "キー"), (" lead", " lead"), ("v1.2", "v1.2"),
            ("a:b*c?", "a%3Ab%2Ac%3F"), ("a\nb", "a%0Ab"), ("a\\b", "a%5Cb"), ("../up", "%2E%2E/up"), (".", "%2E"),
            ("a/./b", "a/%2E/b"), ("/abs", "%2Fabs"), ("a//b", "a/%2Fb"), ("%41", "%2541"), ("%4g", "%4g"),
            ("con/x", "%63on/x"), ("con.a", "%63on.a"), ("con", "con"), ("console/x", "console/x"), ("a./b", "a%2E/b"),
            ("LPT1/x", "%4CPT1/x"), ("a\u{85}b", "a%C2%85b"), ("", ""), ("a/", "a/"), ("\0", "%00"),
            ("a%~/b", "a%25~/b"),
        ])
    func portable(key: String, path: String) throws {
        let made = try MediaKey(key, compatibility: .standard)
        #expect((made.folders + [made.stem]).joined(separator: "/") == path)
        #expect(made.key == key)
    }

    @Test("Long names go on in further folders")
    func long() throws {
        let key = String(repeating: "ü:", count: 300) + "/x"
        let made = try MediaKey(key, compatibility: .standard)
        #expect(made.folders.count > 2)
        #expect((made.folders + [made.stem]).allSatisfy { $0.utf8.count <= MediaKey.longestName })
        #expect(made.key == key)
        #expect(throws: MediaError.self) {
            try MediaKey(String(repeating: "k", count: 4000), compatibility: .standard)
        }
        #expect(throws: MediaError.self) { try MediaKey("a\0b", compatibility: .wandb(.v0_31)) }
    }

    @Test("Any key comes back from its portable names, and different keys have different names")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 3)
        let alphabet = Array("%%%///..~~ aA4fFcon1:\\\n*ü\0E5".unicodeScalars)
        var keys: [[String]: String] = [:]
        for _ in 0..<20_000 {
            var key = String.UnicodeScalarView()
            let length = generator.chance(0.02) ? 400 : generator.below(9)
            for _ in 0..<length { key.append(generator.pick(alphabet)) }
            let made = try MediaKey(String(key), compatibility: .standard)
            try #require(made.key == String(key), "\(String(key).debugDescription)")
            let names = made.folders + [made.stem]
            try #require(keys.updateValue(String(key), forKey: names).map { $0 == String(key) } ?? true)
            for folder in made.folders {
                #expect(folder != "." && folder != ".." && !folder.isEmpty && !folder.hasSuffix(" "))
            }
        }
    }
}
