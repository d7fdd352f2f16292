/// Two rows of errors, three numbers for a pixel, with a place more at either end.
@safe
final class ErrorRows {
    let first: UnsafeMutablePointer<Int32>
    let second: UnsafeMutablePointer<Int32>
    /// How many numbers a row has.
    let count: Int

    init(width: Int) {
        count = 3 * (width + 2)
        unsafe first = .allocate(capacity: count)
        unsafe second = .allocate(capacity: count)
        unsafe first.initialize(repeating: 0, count: count)
        unsafe second.initialize(repeating: 0, count: count)
    }

    deinit {
        unsafe first.deallocate()
        unsafe second.deallocate()
    }

    /// No errors.
    func clear() {
        unsafe first.update(repeating: 0, count: count)
        unsafe second.update(repeating: 0, count: count)
    }
}

/// How an error is handed on, in 256ths: 7, 3, 5 and 1 sixteenths of the strength.
struct DiffusionWeights {
    let ahead: Int32
    let behind: Int32
    let below: Int32
    let beyond: Int32

    /// - Parameter strength: how much of the error is handed on at all, in 256ths.
    init(strength: Int32) {
        func share(_ sixteenths: Int32) -> Int32 { (sixteenths * strength + 8) >> 4 }
        (ahead, behind, below, beyond) = (share(7), share(3), share(5), share(1))
    }
}
