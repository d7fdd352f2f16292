import MediaCore
import Testing

@testable import TensorMedia

@Suite("Titles as text")
struct TitleListTests {
    @Test("Commas divide titles, places are filled, a comma of a title is escaped")
    func texts() throws {
        #expect(try TitleList("a,b\\,c, d").texts(count: 3, name: "n", member: nil) == ["a", "b,c", " d"])
        #expect(try TitleList("{name}/{member} {index}").texts(count: 2, name: "n", member: "m") == ["n/m 0", "n/m 1"])
        #expect(try TitleList("{index},{name}").texts(count: 2, name: "n", member: nil) == ["0", "n"])
        #expect(try TitleList("a\\,b").description != TitleList("a,b").description)
        #expect(try TitleList("").texts(count: 1, name: "n", member: nil) == [""])
        #expect(throws: MediaError.self) { try TitleList("a").texts(count: 2, name: "n", member: nil) }
        #expect(throws: MediaError.self) { try TitleList("a,b,").texts(count: 2, name: "n", member: nil) }
        #expect(throws: MediaError.self) { try TitleList("{time}") }
    }
}
