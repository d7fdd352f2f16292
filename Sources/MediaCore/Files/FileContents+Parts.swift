#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension FileContents {
    /// Opens a regular file from which parts are to be read.
    ///
    /// - Throws: as ``open(_:limits:acceptsStreams:)`` for what is no regular file or cannot be opened.
    package static func openForParts(_ path: String) throws(MediaError) -> (FileDescriptor, FileStatus) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw MediaError(
                .pathInvalid, "\"\(path)\" is no path: it is empty or holds a zero byte",
                hint: "give the path of a file")
        }
        do throws(SystemFailure) {
            let file = try FileDescriptor.open(path, flags: O_RDONLY | O_NONBLOCK)
            let status = try file.status()
            guard status.kind == .file else {
                throw SystemFailure(number: status.kind == .folder ? EISDIR : ENXIO)
            }
            return (file, status)
        } catch {
            throw openError(path, error.number)
        }
    }

    /// A part of an open file, read or mapped as a file of that size would be.
    ///
    /// - Parameters:
    ///   - range: which bytes; not negative.
    ///   - file: an open regular file.
    ///   - name: what messages call the part.
    ///   - limits: ``Limits/mappedFileBytes`` decides between reading and mapping.
    ///   - buffers: where the memory of a part that is read comes from.
    /// - Throws: `format.truncated` when the file ends before; `file.unreadable`; `memory.exhausted`.
    package static func part(
        _ range: Range<Int>, of file: FileDescriptor, name: String, limits: Limits, buffers: FileBuffers? = nil
    ) throws(MediaError) -> FileContents {
        if range.count > limits.mappedFileBytes, let mapped = try map(range, of: file, name: name) { return mapped }
        return try FileContents(name: name, byteCount: range.count, buffers: buffers) { (memory) throws(MediaError) in
            do throws(SystemFailure) {
                guard try file.read(at: range.lowerBound, into: &memory) == range.count else {
                    throw SystemFailure(number: 0)
                }
            } catch {
                throw error.number == 0 ? cutShort(name) : readError(name, error.words)
            }
        }
    }

    /// `nil` where the file system has no mappings.
    private static func map(
        _ range: Range<Int>, of file: FileDescriptor, name: String
    ) throws(MediaError) -> FileContents? {
        // A page behind the end of the file would end the process when it is touched.
        guard let size = try? file.status().byteCount, size >= range.upperBound else { throw cutShort(name) }
        let page = max(1, sysconf(Int32(_SC_PAGESIZE)))
        let lead = range.lowerBound % page
        let base = unsafe mmap(
            nil, lead + range.count, PROT_READ, MAP_PRIVATE, file.number, off_t(range.lowerBound - lead))
        if let base = unsafe base, unsafe base != MAP_FAILED {
            return unsafe FileContents(
                mapping: UnsafeRawPointer(base), lead: lead, byteCount: range.count, name: name)
        }
        guard errno == ENODEV || errno == EINVAL else {
            throw MediaError(
                .outOfMemory, "its \(range.count) bytes cannot be mapped: \(SystemFailure(number: errno).words)",
                hint: "raise the limit on address space (ulimit -v)", at: .init(file: name))
        }
        return nil
    }

    private static func cutShort(_ name: String) -> MediaError {
        MediaError(
            .truncated, "the file ends before the part does", hint: "wait until the program that writes it is done",
            at: .init(file: name))
    }
}
