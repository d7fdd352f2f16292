/// Places that break one rule: how many there are, and the first.
struct Offence {
    /// How many places there are.
    var count = 0
    /// The first place, counted in C order.
    var first = 0
    /// What stands at the first place, as text.
    var value = ""

    /// Counts a place; places come in order.
    mutating func add(at place: Int, _ value: @autoclosure () -> String) {
        if count == 0 { (first, self.value) = (place, value()) }
        count += 1
    }
}
