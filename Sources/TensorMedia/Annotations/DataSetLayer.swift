import ImageCoding
import MediaAnnotations
import MediaCore
import Synchronization

/// Lays what a data set says of a picture over it.
final class DataSetLayer: PictureLayer, Sendable {
    private let image: DataSetImage
    private let labels: ClassLabels
    private let skeletons: [Int: Skeleton]
    private let settings: ConversionSettings
    private let fonts: FontShelf
    private let missing = Mutex<[Finding]>([])

    init(
        _ image: DataSetImage, labels: ClassLabels, skeletons: [Int: Skeleton], settings: ConversionSettings,
        fonts: FontShelf
    ) {
        self.image = image
        self.labels = labels
        self.skeletons = skeletons
        self.settings = settings
        self.fonts = fonts
    }

    /// The size that the annotations are for.
    var size: ImageSize? {
        guard let width = image.width, let height = image.height else { return nil }
        return try? ImageSize(width: width, height: height)
    }

    /// The names that were asked for and are not on the picture, once it was made.
    var missingNames: [Finding] { missing.withLock(\.self) }

    func over(_ picture: any PixelSource, index: Int, of count: Int) throws(MediaError) -> any PixelSource {
        guard count == 1 else {
            throw MediaError(
                .argumentInvalid, "the file holds \(count) pictures, its annotations are for one",
                hint: "name one picture for each")
        }
        let drawing = settings.annotations
        let overlay = try AnnotationOverlay(
            picture, annotations: image, labels: labels, skeletons: skeletons,
            style: try drawing.style(typeface: try fonts.typeface(font: settings.font, limits: settings.limits)),
            filter: drawing.filter, clipsBoxes: drawing.clipsBoxes, limits: settings.limits)
        missing.withLock { $0 = overlay.report.missingNames }
        return overlay
    }
}
