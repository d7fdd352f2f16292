import Foundation
import ImageCoding
import MediaCore
import TestSupport

/// What a script makes of pictures: it finds their arrays in the list `pictures` and leaves an array, or a list of them, in
/// `result`, whose bytes are given back. One run for many pictures: starting Python takes longer than the work.
func pythonPicture(
    _ script: String, _ pictures: [ArrayPixels], arguments: [String] = []
) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    var names: [String] = []
    for (i, picture) in pictures.enumerated() {
        let path = folder.path + "/\(i).raw"
        try Data(try render(picture)).write(to: URL(fileURLWithPath: path))
        names.append(
            "\(path):\(picture.height):\(picture.width):\(picture.format.channels):\(picture.format.bytesPerSample)")
    }
    let head = """
        import sys
        import numpy as np
        from PIL import Image
        pictures = []
        for name in sys.argv[1:\(1 + names.count)]:
            path, h, w, c, b = name.rsplit(":", 4)
            a = np.fromfile(path, dtype=np.uint8 if b == "1" else np.uint16).reshape(int(h), int(w), int(c))
            pictures.append(a[:, :, 0] if c == "1" else a)
        sys.argv[1:\(1 + names.count)] = []

        """
    let tail = """

        for array in result if isinstance(result, list) else [result]:
            sys.stdout.buffer.write(np.ascontiguousarray(array).tobytes())

        """
    return try PythonTools.run(head + script + tail, arguments: names + arguments).output
}
