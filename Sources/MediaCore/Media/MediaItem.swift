/// Anything that can be logged as media: it writes its files into a folder and says what stands in the history.
public protocol MediaItem: Sendable {
    /// Writes the files of this object, sidecars included.
    ///
    /// - Parameters:
    ///   - folder: The folder of the run's files.
    ///   - key: The key under which the object is logged.
    ///   - step: The place in the history.
    ///   - compatibility: Whose names, value rules and history format.
    /// - Returns: the files and the value for the history.
    /// - Throws: what encoding or writing throws; files that are whole by then may stay behind, half a file never.
    func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility
    ) throws(MediaError) -> MediaRecord
}

/// A media item whose lists have a history value of their own: many pictures under one key.
///
/// An array of such items is a ``MediaItem`` itself.
public protocol MediaListElement: MediaItem {
    /// Writes the files of all `items` and makes the one value that stands for the list.
    static func write(
        _ items: [Self], to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility
    ) throws(MediaError) -> MediaRecord
}

extension Array: MediaItem where Element: MediaListElement {
    /// Writes the files of all elements and makes the one value that stands for the list.
    public func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility
    ) throws(MediaError) -> MediaRecord {
        try Element.write(self, to: folder, key: key, step: step, compatibility: compatibility)
    }
}
