import MediaCore

/// A frame on its way into the file: indices of an area, and what stands around them.
///
/// Unchecked because of the pointer; one thread makes it, another compresses it.
@safe
final class IndexedFrame: @unchecked Sendable {
    /// What is drawn over the frame before.
    var area = FrameArea(columns: 0..<1, rows: 0..<1)
    /// The index that leaves a pixel as it is.
    var transparent: UInt8?
    /// Whether indices mean `local`; those of the whole clip otherwise.
    var hasLocalColors = false
    /// The colours of this frame alone, as keys.
    var local: [UInt32] = []
    /// How many colours the clip has to have for these indices, that of `transparent` included.
    var neededColors = 0
    /// How long the frame is shown, in hundredths of a second.
    var delay = 0
    /// What becomes of the area afterwards.
    var disposal = Disposal.keep
    /// Whether every pixel is shown as it was.
    var isExact = true
    /// Which indices may stand for each other, where a loss is allowed.
    var nearby: NearbyColors?
    /// Whether the frame is equal to the one before.
    var isUnchanged = false

    /// What a player does with the area of a frame before it draws the next (GIF89a, section 23).
    enum Disposal: UInt8 {
        case keep = 1
        case clear = 2
    }

    /// Room for one index per pixel of a whole frame; the first `area.count` are in use.
    let indices: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    /// Which indices are in use, a byte for each.
    private let used: UnsafeMutablePointer<UInt8>

    init(pixels: Int) {
        capacity = max(pixels, 1)
        unsafe indices = .allocate(capacity: capacity)
        unsafe used = .allocate(capacity: 256)
        unsafe used.initialize(repeating: 0, count: 256)
    }

    deinit {
        unsafe indices.deallocate()
        unsafe used.deallocate()
    }

    /// The indices in use.
    var drawn: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: indices, count: min(area.count, capacity))
    }

    /// Begins a frame that draws `area`.
    func begin(_ area: FrameArea) {
        self.area = area
        transparent = nil
        hasLocalColors = false
        local.removeAll(keepingCapacity: true)
        neededColors = 0
        disposal = .keep
        isExact = true
        nearby = nil
        isUnchanged = false
        forgetUse()
    }

    /// Forgets which indices are in use.
    func forgetUse() { unsafe used.update(repeating: 0, count: 256) }

    /// Notes that an index is in use.
    @inline(__always)
    func use(_ index: UInt8) { unsafe used[Int(index)] = 1 }

    /// Whether an index is in use.
    func uses(_ index: Int) -> Bool { unsafe used[index] != 0 }

    /// The lowest index that is not in use.
    var freeIndex: UInt8? { (0..<256).first { !uses($0) }.map { UInt8($0) } }

    /// One more than the highest index in use.
    var usedEnd: Int { ((0..<256).last(where: uses) ?? -1) + 1 }

    /// Draws one pixel that changes nothing: what is left of a frame equal to the one before.
    func beginUnchanged() {
        begin(FrameArea(columns: 0..<1, rows: 0..<1))
        unsafe indices[0] = 0
        transparent = 0
        neededColors = 1
        isUnchanged = true
    }

    /// Gives a frame that draws nothing a table of its own, where the clip has none.
    func giveOwnTable() {
        hasLocalColors = true
        local = [0]
    }

    /// Puts another index in the place of one.
    func replace(_ old: UInt8, with new: UInt8) {
        guard old != new else { return }
        let count = unsafe drawn.count
        for place in 0..<count where unsafe indices[place] == old { unsafe indices[place] = new }
    }

    /// Gives the frame the colours that its indices mean already.
    func setLocal(_ keys: [UInt32]) {
        hasLocalColors = true
        local = keys
    }

    /// Gives the frame its own colours: those that it uses, in their order among `keys`.
    func makeLocal(of keys: [UInt32]) {
        guard !hasLocalColors else { return }
        var places = [UInt8](repeating: 0, count: 256)
        hasLocalColors = true
        local.removeAll(keepingCapacity: true)
        for index in 0..<256 where uses(index) {
            places[index] = UInt8(local.count)
            local.append(index < keys.count ? keys[index] : 0)
        }
        var clear: UInt8?
        if let transparent, !uses(Int(transparent)) {
            clear = UInt8(local.count)
            places[Int(transparent)] = UInt8(local.count)
            local.append(0)
        }
        let count = unsafe drawn.count
        for place in 0..<count { unsafe indices[place] = places[Int(indices[place])] }
        if clear != nil { transparent = clear }
        neededColors = local.count
    }
}
