import TensorMedia
import Testing

@Suite("Patterns of file names") struct GlobTests {
    @Test(
        "What fits",
        arguments: [
            ("*.npy", "a.npy"), ("*.npy", "deep/er/a.npy"), ("?.npy", "x.npy"), ("[a-c]*", "b1"), ("[!a-c]*", "d"),
            ("[^a]", "b"), ("a/*.npy", "a/b.npy"), ("a/**/b", "a/b"), ("a/**/b", "a/x/y/b"), ("**/b", "b"),
            ("**", "a/b/c"), ("./a**b", "./a/x/b"), ("*a*b*c", "xaxbxc"), ("", ""), ("[", "["), ("a[", "a["),
            ("[]]", "]"),
            ("*", "x"), ("é?", "éa"), ("a/*/c/*", "a/b/c/d"),
        ])
    func fits(pattern: String, path: String) { #expect(Glob(pattern).matches(path)) }

    @Test(
        "What does not",
        arguments: [
            ("*.npy", "a.npz"), ("a/*.npy", "a/b/c.npy"), ("a/*.npy", "x/a/b.npy"), ("?", "ab"), ("?", ""),
            ("[a-c]", "d"), ("[!a]", "a"), ("a/?b", "a//b"), ("**/b", "ab"), ("a", "A"), ("*a", "ab"),
            ("[a/b]x/", "/x/"),
        ])
    func fitsNot(pattern: String, path: String) { #expect(!Glob(pattern).matches(path)) }

    @Test("Many stars take time in proportion to the lengths, not a power of them") func stars() {
        let pattern = String(repeating: "*a", count: 200) + "b"
        #expect(!Glob(pattern).matches(String(repeating: "a", count: 5000)))
        #expect(!Glob(String(repeating: "**/a", count: 60) + "/b").matches(String(repeating: "a/", count: 400)))
    }
}
