import ImageCoding
import MediaCore
import TensorIO

/// How the frames of several clips become one frame.
struct ClipTiles: Sendable {
    /// How many clips there are.
    let count: Int
    /// How many rows and columns of clips a frame has.
    let rows: Int, columns: Int
    private let options: ImageGrid.Options
    private let limits: Limits
    /// What fills the cells that have no clip; `nil` where the background does.
    private let blank: (any PixelSource)?

    /// The tiles of `count` clips of `width` × `height` pixels.
    ///
    /// - Throws: `argument.invalid` when a grid has fewer cells than there are clips, and for fewer than one row.
    init(
        _ arrangement: ClipArrangement, count: Int, width: Int, height: Int, limits: Limits
    ) throws(MediaError) {
        self.count = count
        self.limits = limits
        switch arrangement {
        case .tiled:
            // Rows from the number of clips, columns from the next power of two.
            let bits = Int.bitWidth - count.leadingZeroBitCount
            rows = 1 << ((bits - 1) / 2)
            columns = ClipTiles.nextPowerOfTwo(count) / rows
            options = ImageGrid.Options(columns: columns, padding: 0)
            let black = try Tensor([0 as UInt8], shape: [1])
            blank = try Tensor(
                storage: black.storage, elementType: .uint8, shape: [height, width], strides: [0, 0]
            ).picture(
                PictureOptions {
                    $0.layout = .hw; $0.mapping = .byte
                })
        case .grid(let grid, let most):
            let columns = min(count, grid.columns ?? ClipTiles.squareRoot(roundedUp: count))
            let rows = columns > 0 ? (count + columns - 1) / columns : 0
            if let most, rows > most || most < 1 {
                throw MediaError(
                    .argumentInvalid,
                    "\(count) clips need \(rows) rows of \(columns), the grid has \(most)",
                    hint: "allow more rows or columns, or take a slice of the batch", at: .init(field: "grid"))
            }
            (self.rows, self.columns) = (rows, columns)
            options = grid
            blank = nil
        }
    }

    /// How many pixels there are between clips.
    var padding: Int { options.padding }

    /// One frame of every clip, side by side.
    ///
    /// - Throws: what ``/ImageCoding/ImageGrid`` throws.
    func frame(of pictures: [any PixelSource]) throws(MediaError) -> any PixelSource {
        var cells = pictures
        if let blank { cells += [any PixelSource](repeating: blank, count: rows * columns - cells.count) }
        return try cells.count == 1 && options.border == 0
            ? cells[0] : ImageGrid(cells, options: options, limits: limits)
    }

    /// `8 clips in 2 rows of 4`.
    var remark: String { "\(count) clips in \(rows) row\(rows == 1 ? "" : "s") of \(columns)" }

    private static func nextPowerOfTwo(_ count: Int) -> Int {
        var power = 1
        while power < count { power *= 2 }
        return power
    }

    private static func squareRoot(roundedUp count: Int) -> Int {
        var root = 1
        while root * root < count { root += 1 }
        return root
    }
}
