import Glibc
import MediaCore
import Synchronization
import Testing

@Suite("WorkerPool")
struct WorkerPoolTests {
    /// Sleeps a time that looks random and depends on the index alone.
    private static func dawdle(_ index: Int, upTo microseconds: UInt32) {
        var generator = UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15
        generator ^= generator >> 29
        usleep(UInt32(truncatingIfNeeded: generator) % microseconds)
    }

    @Test("10,000 items with random delays come out in order", arguments: [1, 2, 4, 7])
    func order(threads: Int) throws {
        let pool = WorkerPool(threadCount: threads)
        var seen: [Int] = []
        try pool.runOrdered(
            count: 10_000, inFlight: 16,
            work: { (index) throws(MediaError) -> Int in
                if index % 16 == 0 { Self.dawdle(index, upTo: 200) }
                return index * 3
            },
            consume: { (index, result) throws(MediaError) in
                #expect(result == index * 3)
                seen.append(index)
            })
        #expect(seen == Array(0..<10_000))
    }

    @Test("No more slots than allowed are made, and each is used by one item at a time")
    func slots() throws {
        final class Slot {
            let users = Atomic<Int>(0)
            var item = -1
        }
        let pool = WorkerPool(threadCount: 4)
        var made = 0
        var consumed = 0
        try pool.runOrdered(
            count: 500, inFlight: 5,
            makeSlot: {
                made += 1
                return Slot()
            },
            work: { (index, slot) throws(MediaError) in
                guard slot.users.add(1, ordering: .relaxed).newValue == 1 else {
                    throw MediaError("test.shared", "two items in one slot")
                }
                Self.dawdle(index, upTo: 50)
                slot.item = index
            },
            consume: { (index, slot) throws(MediaError) in
                #expect(slot.item == index)
                slot.users.subtract(1, ordering: .relaxed)
                consumed += 1
            })
        #expect(made == 5)
        #expect(consumed == 500)
    }

    @Test("The first error in order wins, whatever the timing, and stops the rest", arguments: [1, 2, 4])
    func firstError(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        let begun = Atomic<Int>(0)
        for _ in 0..<20 {
            begun.store(0, ordering: .relaxed)
            var consumed: [Int] = []
            let error = #expect(throws: MediaError.self) {
                try pool.runOrdered(
                    count: 10_000, inFlight: 8,
                    work: { (index) throws(MediaError) in
                        begun.add(1, ordering: .relaxed)
                        // The earlier of the two fails later.
                        if index == 20 { usleep(2000) }
                        if index == 20 || index == 22 { throw MediaError("test.item", "item \(index)") }
                    },
                    consume: { (index, _) throws(MediaError) in consumed.append(index) })
            }
            #expect(error?.message == "item 20")
            #expect(consumed == Array(0..<20))
            #expect(begun.load(ordering: .relaxed) <= 28)
        }
    }

    @Test("An error of the consumer ends the run", arguments: [1, 3])
    func consumerError(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        let error = #expect(throws: MediaError.self) {
            try pool.runOrdered(
                count: 100, work: { (index) throws(MediaError) in index },
                consume: { (index, _) throws(MediaError) in
                    if index == 7 { throw MediaError("test.consumer", "full") }
                })
        }
        #expect(error?.code == "test.consumer")
    }

    @Test("A raised flag stops the run between items", arguments: [1, 4])
    func cancellation(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        let flag = CancellationFlag()
        var consumed = 0
        let error = #expect(throws: MediaError.self) {
            try pool.runOrdered(
                count: 1_000_000, cancellation: flag, work: { (index) throws(MediaError) in index },
                consume: { (index, _) throws(MediaError) in
                    consumed += 1
                    if index == 50 { flag.cancel() }
                })
        }
        #expect(error?.code == .cancelled)
        #expect(consumed == 51)
    }

    @Test("Calls inside calls finish, deeper than there are threads", arguments: [1, 2, 3])
    func nesting(threads: Int) throws {
        let pool = WorkerPool(threadCount: threads)
        @Sendable func sum(depth: Int) throws(MediaError) -> Int {
            guard depth > 0 else { return 1 }
            var total = 0
            try pool.runOrdered(
                count: 4, work: { (_) throws(MediaError) -> Int in try sum(depth: depth - 1) },
                consume: { (_, part) throws(MediaError) in total += part })
            return total
        }
        #expect(try sum(depth: 5) == 1024)
    }

    @Test("Callers on many threads share one pool")
    func manyCallers() async throws {
        let pool = WorkerPool(threadCount: 3)
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<50 {
                group.addTask {
                    try await pool.async { (_) throws(MediaError) -> Int in
                        var total = 0
                        try pool.runOrdered(
                            count: 20, work: { (index) throws(MediaError) -> Int in index + caller },
                            consume: { (_, part) throws(MediaError) in total += part })
                        return total
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == 50 * 190 + 20 * 1225)
    }

    @Test("A sequence is asked only while there is a free slot", arguments: [1, 2, 4])
    func sequence(threads: Int) throws {
        let pool = WorkerPool(threadCount: threads)
        var asked = 0
        var consumed = 0
        var made = 0
        try pool.runOrdered(
            next: { () throws(MediaError) -> Int? in
                guard asked < 3000 else { return nil }
                asked += 1
                return asked - 1
            },
            inFlight: 6,
            makeSlot: {
                made += 1
                return 0
            },
            work: { (item, slot) throws(MediaError) in
                if item % 8 == 0 { Self.dawdle(item, upTo: 100) }
                slot = item * 2
            },
            consume: { (item, slot) throws(MediaError) in
                #expect(item == consumed)
                #expect(slot == item * 2)
                #expect(asked - consumed <= 6)
                consumed += 1
            })
        #expect(consumed == 3000)
        #expect(made <= 6)
    }

    @Test("A sequence that fails delivers what came before", arguments: [1, 4])
    func failingSequence(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        var asked = 0
        var consumed: [Int] = []
        let error = #expect(throws: MediaError.self) {
            try pool.runOrdered(
                next: { () throws(MediaError) -> Int? in
                    asked += 1
                    if asked == 11 { throw MediaError("test.source", "no more") }
                    return asked
                },
                makeSlot: { 0 }, work: { (_, _) throws(MediaError) in },
                consume: { (item, _) throws(MediaError) in consumed.append(item) })
        }
        #expect(error?.code == "test.source")
        #expect(consumed == Array(1...10))
    }

    @Test("The bridge keeps the type of an error")
    func asyncError() async {
        let pool = WorkerPool(threadCount: 2)
        do throws(MediaError) {
            try await pool.async { (_) throws(MediaError) in throw MediaError("test.body", "as thrown") }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.code == "test.body")
        }
    }

    @Test("Cancelling the task raises the flag of the running body")
    func asyncCancellation() async {
        let pool = WorkerPool(threadCount: 1)
        let hasBegun = Atomic<Bool>(false)
        let task = Task {
            try await pool.async { (flag) throws(MediaError) in
                hasBegun.store(true, ordering: .releasing)
                while true {
                    try flag.check()
                    usleep(100)
                }
            }
        }
        while !hasBegun.load(ordering: .acquiring) { await Task.yield() }
        task.cancel()
        let result = await task.result
        #expect(throws: MediaError.self) { try result.get() }
    }

    @Test("What the closures hold is released when the run is over")
    func release() throws {
        final class Witness: Sendable {}
        let pool = WorkerPool(threadCount: 3)
        for _ in 0..<200 {
            weak var released: Witness?
            do {
                let witness = Witness()
                released = witness
                try pool.runOrdered(
                    count: 8, work: { (_) throws(MediaError) in withExtendedLifetime(witness) {} },
                    consume: { (_, _) throws(MediaError) in })
            }
            #expect(released == nil)
        }
    }

    @Test("Threads leave with their pool")
    func threadsLeave() async {
        await #expect(processExitsWith: .success) {
            func threadCount() throws -> Int { try FileSystem.names(inFolder: "/proc/self/task").count }
            let before = try threadCount()
            for _ in 0..<100 {
                let pool = WorkerPool(threadCount: 4)
                try pool.runOrdered(
                    count: 16, work: { (_) throws(MediaError) in usleep(50) },
                    consume: { (_, _) throws(MediaError) in })
            }
            var waits = 0
            while try threadCount() > before + 4, waits < 1000 {
                usleep(10_000)
                waits += 1
            }
            exit(try threadCount() <= before + 4 ? 0 : 1)
        }
    }
}
