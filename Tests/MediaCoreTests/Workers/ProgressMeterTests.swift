import MediaCore
import Testing

@Suite("How fast, how long")
struct ProgressMeterTests {
    private func meter(_ looks: [(done: Int, seconds: Double)], total: Int = 1000) -> ProgressMeter {
        var meter = ProgressMeter(.init(done: 0, total: total, failures: 0, bytes: 0))
        for look in looks {
            meter.update(
                .init(done: look.done, total: total, failures: 0, bytes: 100 * look.done), seconds: look.seconds)
        }
        return meter
    }

    @Test("An even run has its rate and the time that the rest takes") func even() throws {
        let meter = meter((1...20).map { (10 * $0, Double($0)) })
        #expect(abs(meter.itemsPerSecond - 10) < 1e-9)
        #expect(abs(meter.bytesPerSecond - 1000) < 1e-6)
        #expect(abs(try #require(meter.secondsLeft) - 80) < 1e-6)
        #expect(meter.fraction == 0.2)
    }

    @Test("A run that became slower says so before long") func slower() throws {
        let fast = (1...10).map { (done: 50 * $0, seconds: Double($0)) }
        let slow = (1...60).map { (done: 500 + $0, seconds: 10 + Double($0)) }
        let rate = meter(fast + slow).itemsPerSecond
        #expect(rate > 1 && rate < 3)
    }

    @Test("Nothing finished: no rate, no time; all finished: no time left") func ends() {
        #expect(meter([]).secondsLeft == nil)
        #expect(meter([(0, 5)]).secondsLeft == nil)
        #expect(meter([(1000, 5)]).secondsLeft == 0)
        #expect(meter([], total: 0).fraction == 0)
        #expect(meter([(5, 2), (9, 1)]).snapshot.done == 5)
    }

    @Test("What was done before is finished and says nothing about speed") func kept() throws {
        let progress = Progress(total: 100)
        for _ in 0..<80 { progress.wasKept() }
        for _ in 0..<5 { progress.finished() }
        var meter = ProgressMeter(.init(done: 0, total: 100, failures: 0, bytes: 0))
        meter.update(progress.snapshot, seconds: 5)
        #expect(meter.itemsPerSecond == 1)
        #expect(meter.secondsLeft == 15)
        #expect(meter.fraction == 0.85)
    }

    @Test("A partly failed item counts as finished and as failed") func failures() {
        let progress = Progress(total: 3)
        progress.finished(bytes: 7, hasFailed: true)
        progress.finished(bytes: 5, hasFailed: false)
        #expect(progress.snapshot == .init(done: 2, total: 3, failures: 1, bytes: 12))
    }
}
