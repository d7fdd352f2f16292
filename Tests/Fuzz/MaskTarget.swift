import MediaAnnotations

/// Regions of pictures that a fuzzer makes up: the first bytes are the size, the rest is the region.
struct MaskTarget {
    private let bytes: [UInt8]
    private let width: Int
    private let height: Int

    init(_ bytes: RawSpan) {
        let all = bytes.withUnsafeBytes { [UInt8]($0) }
        width = all.isEmpty ? 0 : Int(all[0])
        height = all.count < 2 ? 0 : Int(all[1])
        self.bytes = Array(all.dropFirst(2))
    }

    /// Text that may be compressed runs, then numbers that may be runs. What is accepted is written as it was read, as
    /// long as no number is longer than it has to be, and has the pixels that it says.
    func runLengths() throws(MediaError) {
        if let text = try? RunLengths(compressed: bytes.span, width: width, height: height) {
            let again = try RunLengths(compressed: text.compressed, width: width, height: height)
            precondition(again == text, "other runs")
            try check(text)
        }
        var counts: [Int] = []
        for byte in bytes.prefix(256) { counts.append(byte < 250 ? Int(byte) : byte == 250 ? .max : Int(byte) - 256) }
        try check(try RunLengths(counts: counts, width: width, height: height))
    }

    private func check(_ runs: RunLengths) throws(MediaError) {
        let mask = try SegmentationMask(runs, class: 1)
        let inside = mask.classes.first { $0.id == 1 }?.pixelCount ?? 0
        precondition(inside == runs.area, "another area")
        precondition(RunLengths(mask, class: 1).area == inside, "other pixels")
    }

    /// Coordinates of eight bytes each: any number there is, or one near the picture.
    func polygon() throws(MediaError) {
        var polygon: [Double] = []
        var place = 0
        while place + 8 <= bytes.count {
            var bits: UInt64 = 0
            for byte in bytes[place..<place + 8] { bits = bits << 8 | UInt64(byte) }
            polygon.append(
                bits & 1 == 0 ? Double(bitPattern: bits) : Double(Int64(bitPattern: bits) >> 40) / 1000)
            place += 8
        }
        let report = MaskPolygon.validate(polygon, imageWidth: width, imageHeight: height)
        precondition(report.findings.allSatisfy { !$0.description.utf8.contains(0x0A) }, "a finding of two lines")
        let runs = try RunLengths(polygon: polygon, width: width, height: height)
        precondition(!report.hasErrors, "a polygon with errors was drawn")
        try check(runs)
    }
}
