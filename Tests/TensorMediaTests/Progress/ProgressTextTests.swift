import MediaCore
import TensorMedia
import Testing

@Suite("What is said about progress")
struct ProgressTextTests {
    private func text(_ done: Int, of total: Int, failures: Int = 0, after seconds: Double = 10) -> ProgressText {
        var meter = ProgressMeter(.init(done: 0, total: total, failures: 0, bytes: 0))
        meter.update(.init(done: done, total: total, failures: failures, bytes: 8_500_000), seconds: seconds)
        return ProgressText(meter)
    }

    @Test("The bar takes no more columns than there are, and keeps what matters most", arguments: 0...200)
    func width(columns: Int) {
        let line = text(1200, of: 10_000, failures: 3).bar(width: columns, hasColors: false)
        #expect(line.count <= columns)
        if columns >= 5 { #expect(line.hasPrefix(" 12 %")) }
        if columns >= 30 { #expect(line.contains("3 failed")) }
        if columns >= 60 { #expect(line.contains("1 min 14 s left") && line.contains("▕")) }
    }

    @Test("The bar is as full as the work") func bar() {
        #expect(text(0, of: 8).bar(width: 99, hasColors: false).contains("▕\(String(repeating: " ", count: 40))▏"))
        #expect(text(8, of: 8).bar(width: 99, hasColors: false).contains("▕\(String(repeating: "█", count: 40))▏"))
        let half = text(4, of: 8).bar(width: 99, hasColors: false)
        #expect(half.contains("▕\(String(repeating: "█", count: 20))\(String(repeating: " ", count: 20))▏"))
        #expect(half.hasPrefix(" 50 % ") && half.hasSuffix("4/8  10 s left  0.4/s  8.5 MB"))
        #expect(text(4, of: 8, failures: 1).bar(width: 99, hasColors: true).contains("\u{1B}[31m1 failed\u{1B}[0m"))
    }

    @Test("A line for logs") func line() {
        #expect(
            text(1200, of: 10_000, failures: 3).line
                == "1200 of 10000 inputs, 12 %, 3 failed, 8.5 MB written, 120/s, 1 min 14 s left")
        #expect(text(8, of: 8).line == "8 of 8 inputs, 100 %, 8.5 MB written, 0.8/s")
    }

    @Test(
        "Times",
        arguments: [
            (0.0, "0 s"), (0.2, "1 s"), (59, "59 s"), (60, "1 min 0 s"), (3599.5, "1 h 0 min"), (7500, "2 h 5 min"),
            (273_600, "3 d 4 h"), (.infinity, "11574 d 1 h"),
        ])
    func times(seconds: Double, text: String) { #expect(ProgressText.duration(seconds) == text) }
}
