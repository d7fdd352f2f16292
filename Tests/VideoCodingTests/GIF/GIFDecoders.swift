import Foundation
import TestSupport
import VideoCoding

/// Three programs that read GIF files and are not ours: Pillow, giflib and ffmpeg.
enum GIFDecoders {
    /// Decodes all files `*.gif` of a folder with all three, and compares their pixels with each other, and with those in `*.rgb`
    /// where that file is there. Prints a line for each that differs.
    ///
    /// giflib gives the indices of each image; laying them over each other, by disposal and transparent index, is done here.
    static let comparison = #"""
        import ctypes, glob, os, subprocess, sys
        import numpy as np
        from PIL import Image, GifImagePlugin
        GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_ALWAYS

        class Color(ctypes.Structure):
            _fields_ = [("r", ctypes.c_ubyte), ("g", ctypes.c_ubyte), ("b", ctypes.c_ubyte)]
        class Map(ctypes.Structure):
            _fields_ = [("count", ctypes.c_int), ("bits", ctypes.c_int), ("sorted", ctypes.c_bool), ("colors", ctypes.POINTER(Color))]
        class Desc(ctypes.Structure):
            _fields_ = [("left", ctypes.c_int), ("top", ctypes.c_int), ("width", ctypes.c_int), ("height", ctypes.c_int), ("interlace", ctypes.c_bool), ("map", ctypes.POINTER(Map))]
        class Saved(ctypes.Structure):
            _fields_ = [("desc", Desc), ("bits", ctypes.POINTER(ctypes.c_ubyte)), ("ext", ctypes.c_int), ("exts", ctypes.c_void_p)]
        class File(ctypes.Structure):
            _fields_ = [("width", ctypes.c_int), ("height", ctypes.c_int), ("res", ctypes.c_int), ("background", ctypes.c_int), ("aspect", ctypes.c_ubyte), ("map", ctypes.POINTER(Map)), ("count", ctypes.c_int), ("image", Desc), ("images", ctypes.POINTER(Saved))]
        class Control(ctypes.Structure):
            _fields_ = [("disposal", ctypes.c_int), ("input", ctypes.c_bool), ("delay", ctypes.c_int), ("clear", ctypes.c_int)]
        lib = ctypes.CDLL("libgif.so.7")
        lib.DGifOpenFileName.restype = ctypes.POINTER(File)
        lib.DGifSlurp.argtypes = [ctypes.POINTER(File)]
        lib.DGifCloseFile.argtypes = [ctypes.POINTER(File), ctypes.c_void_p]
        lib.DGifSavedExtensionToGCB.argtypes = [ctypes.POINTER(File), ctypes.c_int, ctypes.POINTER(Control)]

        def giflib(path):
            f = lib.DGifOpenFileName(path.encode(), None)
            assert f, "giflib cannot open"
            assert lib.DGifSlurp(f) == 1, "giflib cannot read"
            g = f.contents
            screen = np.zeros((g.height, g.width, 4), np.uint8)
            frames, delays = [], []
            for i in range(g.count):
                s, c = g.images[i], Control()
                assert lib.DGifSavedExtensionToGCB(f, i, ctypes.byref(c)) == 1
                d = s.desc
                m = d.map.contents if d.map else g.map.contents
                colors = np.array([(m.colors[k].r, m.colors[k].g, m.colors[k].b, 255) for k in range(m.count)], np.uint8)
                bits = np.ctypeslib.as_array(s.bits, (d.height, d.width))
                area = screen[d.top:d.top + d.height, d.left:d.left + d.width]
                drawn = bits != c.clear if c.clear >= 0 else np.ones(bits.shape, bool)
                assert bits[drawn].max(initial=0) < m.count, "an index without a colour"
                area[drawn] = colors[bits[drawn]]
                frames.append(screen.copy())
                delays.append(c.delay)
                if c.disposal == 2: area[:] = 0
            lib.DGifCloseFile(f, None)
            return np.stack(frames), delays

        def pillow(path):
            im = Image.open(path)
            frames, delays = [], []
            for i in range(im.n_frames):
                im.seek(i)
                frames.append(np.asarray(im.convert("RGBA")))
                delays.append(round(im.info.get("duration", 0) / 10))
            return np.stack(frames), delays

        def ffmpeg(path, shape):
            run = subprocess.run(["ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgba", "-fps_mode", "passthrough", "-"], capture_output=True)
            assert run.returncode == 0 and not run.stderr, run.stderr.decode()
            return np.frombuffer(run.stdout, np.uint8).reshape(-1, *shape)

        for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.gif"))):
            name = os.path.basename(path)
            try:
                a, delays = giflib(path)
                visible = a[..., 3:] == 255
                b, delays2 = pillow(path)
                c = ffmpeg(path, a.shape[1:])
                if delays != delays2: print(name, "delays", delays, delays2)
                for other, who in ((b, "Pillow"), (c, "ffmpeg")):
                    if other.shape != a.shape: print(name, who, other.shape, "giflib", a.shape)
                    elif (a * visible != other * visible).any() or (a[..., 3] != other[..., 3]).any(): print(name, who, "and giflib differ")
                truth = path[:-4] + ".rgb"
                if os.path.exists(truth):
                    t = np.fromfile(truth, np.uint8)
                    if t.size != a.size // 4 * 3 or (t.reshape(*a.shape[:3], 3) != a[..., :3]).any(): print(name, "differs from the clip")
            except Exception as error:
                print(name, type(error).__name__, error)
        """#

    /// The folder's differences, a line for each.
    static func differences(in folder: TemporaryFolder) throws -> [Substring] {
        try PythonTools.run(comparison, arguments: [folder.path], timeout: 600).lines
    }
}
