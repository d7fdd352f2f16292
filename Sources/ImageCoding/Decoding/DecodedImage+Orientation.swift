public import MediaCore

extension DecodedImage {
    /// The picture turned as its metadata says, or itself when it is upright or was turned already.
    public func oriented() throws(MediaError) -> DecodedImage {
        guard !metadata.orientationWasApplied, metadata.orientation != .up else { return self }
        var result = try turned(as: metadata.orientation)
        result.metadata.orientationWasApplied = true
        return result
    }

    /// The picture whose stored rows and columns lie as `orientation` says.
    func turned(as orientation: ImageOrientation) throws(MediaError) -> DecodedImage {
        let newWidth = orientation.swapsAxes ? height : width
        let newHeight = orientation.swapsAxes ? width : height
        let target = try PixelStorage(byteCount: storage.byteCount)
        // Where the new picture's pixel (0, 0) is in the old one, and how far its neighbours are.
        let size = format.bytesPerPixel
        let across = size, down = width * size
        let right = (width - 1) * across, bottom = (height - 1) * down
        let (start, perColumn, perRow) =
            switch orientation {
            case .up: (0, across, down)
            case .upMirrored: (right, -across, down)
            case .down: (right + bottom, -across, -down)
            case .downMirrored: (bottom, across, -down)
            case .leftMirrored: (0, down, across)
            case .right: (bottom, -down, across)
            case .rightMirrored: (right + bottom, -down, -across)
            case .left: (right, down, -across)
            }
        for y in 0..<newHeight {
            unsafe Self.copyPixels(
                from: storage.base + start + y * perRow, stride: perColumn,
                to: target.base + y * newWidth * size, count: newWidth, size: size)
        }
        return DecodedImage(
            width: newWidth, height: newHeight, format: format, palette: palette, storage: target,
            fileFormat: fileFormat, metadata: metadata, findings: findings)
    }

    /// Copies `count` pixels of `size` bytes, `stride` bytes apart, side by side.
    private static func copyPixels(
        from source: UnsafeMutableRawPointer, stride: Int, to target: UnsafeMutableRawPointer, count: Int, size: Int
    ) {
        switch size {
        case 1:
            for i in 0..<count {
                unsafe target.storeBytes(
                    of: source.load(fromByteOffset: i &* stride, as: UInt8.self), toByteOffset: i, as: UInt8.self)
            }
        case 2:
            for i in 0..<count {
                unsafe target.storeBytes(
                    of: source.loadUnaligned(fromByteOffset: i &* stride, as: UInt16.self), toByteOffset: i &* 2,
                    as: UInt16.self)
            }
        case 4:
            for i in 0..<count {
                unsafe target.storeBytes(
                    of: source.loadUnaligned(fromByteOffset: i &* stride, as: UInt32.self), toByteOffset: i &* 4,
                    as: UInt32.self)
            }
        case 8:
            for i in 0..<count {
                unsafe target.storeBytes(
                    of: source.loadUnaligned(fromByteOffset: i &* stride, as: UInt64.self), toByteOffset: i &* 8,
                    as: UInt64.self)
            }
        default:
            for i in 0..<count {
                for k in 0..<size {
                    unsafe target.storeBytes(
                        of: source.load(fromByteOffset: i &* stride &+ k, as: UInt8.self), toByteOffset: i &* size &+ k,
                        as: UInt8.self)
                }
            }
        }
    }
}
