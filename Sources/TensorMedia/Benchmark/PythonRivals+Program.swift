extension PythonRivals {
    /// The text of the program that the interpreter runs.
    ///
    /// It prepares whatever a library wants (order of channels, objects) before it looks at its clock, keeps what it prepared
    /// for the next round, and never writes to the real standard output but through `answer`.
    static let program = #"""
        import os, sys
        sys.path[:] = [folder for folder in sys.path if folder]
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ[name] = "1"
        import ctypes, gc, io, json, time
        answers, requests = os.fdopen(os.dup(1), "wb"), os.fdopen(os.dup(0), "rb")
        os.dup2(2, 1)
        os.dup2(2, 0)

        def answer(value, data=b""):
            answers.write(json.dumps(value).encode() + b"\n")
            answers.write(data)
            answers.flush()

        class Cannot(Exception):
            pass

        def name_of(model, bits):
            return model if bits == 8 or model == "indexed" else "%d-bit %s" % (bits, model)

        def pillow(picture, data, format, quality):
            from PIL import Image
            model, bits, size = picture["model"], picture["bits"], (picture["width"], picture["height"])
            wide = "I;16" if sys.byteorder == "little" else "I;16B"
            modes = {("gray", 8): "L", ("gray", 16): wide, ("grayAlpha", 8): "LA", ("rgb", 8): "RGB", ("rgba", 8): "RGBA"}
            options = {"quality": quality} if format == "jpeg" else {}
            if model == "gray" and bits == 1:
                image = Image.frombytes("L", size, data.translate(bytes([0] + [255] * 255))).convert("1", dither=0)
            elif model == "indexed":
                image = Image.frombytes("P", size, data)
                image.putpalette(bytes(sample for color in picture["palette"] for sample in color[:3]))
                if any(color[3] < 255 for color in picture["palette"]):
                    options["transparency"] = bytes(color[3] for color in picture["palette"])
            elif (model, bits) in modes:
                image = Image.frombytes(modes[model, bits], size, data)
            else:
                raise Cannot("it does not write " + name_of(model, bits))

            def encode():
                out = io.BytesIO()
                image.save(out, format, **options)
                return out.getbuffer()
            return encode

        def opencv(picture, data, format, quality):
            import cv2, numpy
            model, bits = picture["model"], picture["bits"]
            if model not in ("gray", "rgb", "rgba") or bits not in (1, 8, 16):
                raise Cannot("it does not write " + name_of(model, bits))
            cv2.setNumThreads(1)
            array = numpy.frombuffer(data, numpy.uint16 if bits == 16 else numpy.uint8)
            array = array.reshape(picture["height"], picture["width"], picture["channels"])
            options = []
            if model == "gray":
                array = array[..., 0]
            else:
                array = numpy.ascontiguousarray(array[..., [2, 1, 0, 3][:picture["channels"]]])
            if bits == 1:
                array, options = array * numpy.uint8(255), [cv2.IMWRITE_PNG_BILEVEL, 1]
            if format == "jpeg":
                options = [cv2.IMWRITE_JPEG_QUALITY, quality]

            def encode():
                done, out = cv2.imencode("." + format, array, options)
                if not done:
                    raise Cannot("it failed")
                return memoryview(out).cast("B")
            return encode

        makers = {"Pillow": pillow, "OpenCV": opencv}
        versions, absences = {}, {}
        for name, module in (("Pillow", "PIL"), ("OpenCV", "cv2")):
            try:
                versions[name] = str(__import__(module).__version__)
                if name == "Pillow":
                    from PIL import Image
                else:
                    import numpy
            except Exception as error:
                versions.pop(name, None)
                absences[name] = str(error) or type(error).__name__
        answer({"python": "%d.%d.%d" % sys.version_info[:3], "versions": versions, "absences": absences})

        def status(name):
            with open("/proc/self/status") as lines:
                return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

        def peak(encode):
            gc.collect()
            try:
                ctypes.CDLL(None).malloc_trim(0)
            except Exception:
                pass
            try:
                before = status("VmRSS:")
                with open("/proc/self/clear_refs", "w") as file:
                    file.write("5")
                encode()
                return max(0, status("VmHWM:") - before)
            except (OSError, StopIteration):
                return None

        picture, data, ready = None, b"", {}
        while True:
            line = requests.readline()
            if not line:
                break
            request = json.loads(line)
            if request["do"] == "picture":
                picture, ready = request, {}
                data = requests.read(request["size"])
                answer({})
                continue
            try:
                key = request["with"], request["format"], request["quality"]
                if key not in ready:
                    ready[key] = makers[key[0]](picture, data, key[1], key[2])
                encode = ready[key]
                if request["do"] == "memory":
                    answer({"memory": peak(encode)})
                    continue
                times = request["times"]
                start = time.thread_time()
                for _ in range(times):
                    out = encode()
                seconds = (time.thread_time() - start) / times
                answer({"seconds": seconds, "bytes": len(out)}, out if request["send"] else b"")
                out = None
            except Cannot as error:
                answer({"cannot": str(error)})
            except Exception as error:
                answer({"cannot": "it failed: %s" % (str(error) or type(error).__name__)})
        """#
}
