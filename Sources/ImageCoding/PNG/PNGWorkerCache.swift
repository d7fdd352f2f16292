import MediaCore
import Synchronization

/// Workers that wait for the next picture, so that their memory is asked for once.
final class PNGWorkerCache: Sendable {
    private struct State {
        var workers: [PNGBandWorker] = []
        var headers: [PNGChunkBytes] = []
        var compressors: [PNGCompressor] = []
        var memories: [PNGWholeMemory] = []
        var colors: [PNGColorTable] = []
    }

    private let state = Mutex(State())

    /// More workers than this are not kept.
    private static let mostKept = 64

    /// A worker that nobody else has.
    func take() -> PNGBandWorker { state.withLock { $0.workers.popLast() } ?? PNGBandWorker() }

    /// Takes a worker back.
    func give(_ worker: PNGBandWorker) {
        worker.trim()
        state.withLock { if $0.workers.count < Self.mostKept { $0.workers.append(worker) } }
    }

    /// A compressor of this level.
    func takeCompressor(level: Int32) throws(MediaError) -> PNGCompressor {
        let kept = state.withLock { state -> PNGCompressor? in
            guard let index = state.compressors.lastIndex(where: { $0.level == level }) else { return nil }
            return state.compressors.remove(at: index)
        }
        return if let kept { kept } else { try PNGCompressor(level: level) }
    }

    /// Takes a compressor back.
    func give(_ compressor: PNGCompressor) {
        state.withLock { if $0.compressors.count < Self.mostKept { $0.compressors.append(compressor) } }
    }

    /// Memory for a picture that is compressed as a whole.
    func takeMemory() -> PNGWholeMemory { state.withLock { $0.memories.popLast() } ?? PNGWholeMemory() }

    /// Takes that memory back, without what only large pictures need.
    func give(_ memory: PNGWholeMemory) {
        memory.filtered.trim(to: 1 << 20)
        memory.output.trim(to: 1 << 20)
        state.withLock { if $0.memories.count < Self.mostKept { $0.memories.append(memory) } }
    }

    /// An empty set of colours.
    func takeColors() -> PNGColorTable { state.withLock { $0.colors.popLast() } ?? PNGColorTable() }

    /// Takes a set back. What was made of it may share its memory until it ends, and is not changed by its next use.
    func give(_ colors: PNGColorTable) {
        state.withLock { if $0.colors.count < Self.mostKept { $0.colors.append(colors) } }
    }

    /// Memory for the chunks in front of the pixels.
    func takeHeader() -> PNGChunkBytes { state.withLock { $0.headers.popLast() } ?? PNGChunkBytes() }

    /// Takes that memory back.
    func give(_ header: PNGChunkBytes) {
        guard header.bytes.capacity <= 1 << 16 else { return }
        state.withLock { if $0.headers.count < Self.mostKept { $0.headers.append(header) } }
    }
}

/// A worker on loan: it goes back when its holder is done, whatever happens.
struct PNGWorkerLoan: ~Copyable {
    let worker: PNGBandWorker
    private let cache: PNGWorkerCache

    init(_ cache: PNGWorkerCache) {
        self.cache = cache
        worker = cache.take()
    }

    deinit { cache.give(worker) }
}
