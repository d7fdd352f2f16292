import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing
import VideoCoding

@Suite("Tensors become clips")
struct TensorFramesTests {
    /// Lengths for each letter of a layout, all different.
    private func shape(_ layout: ClipLayout, channels: Int = 3) -> [Int] {
        layout.rawValue.map { ["n": 2, "t": 7, "c": channels, "h": 5, "w": 6][$0] ?? 1 }
    }

    @Test("Every layout gives the frames that NumPy's transpose gives, at 1 to 4 channels", .python("numpy"))
    func layouts() throws {
        var tensors: [Tensor] = []
        var ours: [[UInt8]] = []
        var names: [String] = []
        for layout in ClipLayout.allCases {
            for channels in layout.rawValue.contains("c") ? [1, 2, 3, 4] : [1] {
                let tensor = try noise(shape(layout, channels: channels))
                let clip = try TensorFrames(tensor, options: ClipOptions { $0.layout = layout })
                #expect(clip.frameCount == 7)
                #expect(clip.width == (layout.isBatch ? 12 : 6))
                #expect(clip.height == 5)
                #expect(clip.format == [PixelFormat.gray, .grayAlpha, .rgb, .rgba][channels - 1])
                #expect(clip.facts.layout == layout.rawValue)
                #expect(!clip.facts.layoutWasInferred)
                tensors.append(tensor)
                ours.append(try render(clip))
                names.append(layout.rawValue)
            }
        }
        let truth = try numpy(
            """
            for name, a in zip("\(names.joined(separator: " "))".split(), arrays):
                if "c" not in name: name, a = name + "c", a[..., None]
                if "n" not in name: name, a = "n" + name, a[None]
                a = np.transpose(a, [name.index(letter) for letter in "nthwc"])
                results.append(np.concatenate(list(a), axis=2))
            """, tensors)
        #expect(truth.count == ours.count)
        for (index, name) in names.enumerated() {
            #expect(firstDifference(ours[index], truth[index]) == nil, "\(name)")
        }
    }

    @Test("The axes that nobody states are the documented ones, and those of the SDK under its rules")
    func defaults() throws {
        for (shape, layout, wandb) in [
            ([7, 3, 5, 6], ClipLayout.tcwh, ClipLayout.tchw), ([2, 7, 3, 5, 6], .ntcwh, .ntchw),
            ([7, 5, 6], .thw, nil),
        ] as [([Int], ClipLayout, ClipLayout?)] {
            let clip = try TensorFrames(try noise(shape))
            #expect(clip.layout == layout)
            #expect(clip.facts.layoutWasInferred)
            let options = ClipOptions { $0.compatibility = .wandb(.v0_31) }
            guard let wandb else {
                #expect(throws: MediaError.self) { try TensorFrames(try noise(shape), options: options) }
                continue
            }
            #expect(try TensorFrames(try noise(shape), options: options).layout == wandb)
        }
        let clip = try TensorFrames(try noise([7, 3, 5, 6]))
        #expect((clip.width, clip.height) == (5, 6))
        #expect(clip.frameRateIsDefault)
        #expect(clip.timeBase == (try TimeBase(1, 4)))
    }

    @Test("A shape that contradicts its layout is refused, with the layouts that it fits")
    func contradictions() throws {
        for (shape, layout, named) in [
            ([7, 64, 48, 3], nil, "thwc"), ([7, 64, 48, 3], .tchw, "thwc"), ([7, 3, 64, 48], .thwc, "tchw"),
            ([3, 7, 64, 48], nil, "cthw"), ([2, 7, 64, 48, 4], nil, "nthwc"), ([7, 5, 64, 48], nil, "1 to 4"),
            ([7, 0, 64, 48], nil, "1 to 4"), ([64, 48], nil, "frames × rows × columns"),
            ([1, 2, 7, 3, 64, 48], nil, "slice"), ([7, 3, 64, 48], .thw, "every axis"),
        ] as [([Int], ClipLayout?, String)] {
            let error = #expect(throws: MediaError.self, "\(shape)") {
                try TensorFrames(try noise(shape), options: ClipOptions { $0.layout = layout })
            }
            #expect(error?.code == .shapeInvalid)
            #expect(error?.hint?.contains(named) == true, "\(shape): \(error?.description ?? "")")
        }
        for shape in [[0, 3, 4, 5], [7, 3, 0, 5], [7, 3, 4, 0], [0, 7, 3, 4, 5]] {
            let error = #expect(throws: MediaError.self) { try TensorFrames(try noise(shape)) }
            #expect(error?.message.contains("is empty") == true)
        }
    }

    @Test("Channels that could be on another axis are reported, and refused by strict rules")
    func doubts() throws {
        let tensor = try noise([7, 3, 5, 4])
        let clip = try TensorFrames(tensor)
        #expect(clip.facts.findings.map(\.code) == [.layoutAmbiguous])
        let error = #expect(throws: MediaError.self) {
            try TensorFrames(tensor, options: ClipOptions { $0.strictness = .strict })
        }
        #expect(error?.code == .layoutAmbiguous)
        #expect(
            try TensorFrames(
                tensor,
                options: ClipOptions {
                    $0.layout = .tcwh
                    $0.strictness = .strict
                }
            ).facts.findings.isEmpty)
    }

    @Test("Numbers are mapped by one decision for all frames")
    func mapping() throws {
        // The first frame alone would be taken for 0…1.
        let clip = try TensorFrames(try Tensor([0, 0.5, 1, 200, 255, 8] as [Float], shape: [3, 1, 2]))
        #expect(clip.facts.mapping?.name == "byte")
        #expect(try render(clip) == [0, 0, 1, 200, 255, 8])
        let truth = try TensorFrames(try Tensor([false, true, true, true], shape: [2, 1, 2]))
        #expect(truth.format == .gray)
        #expect(try render(truth) == [0, 255, 255, 255])
        let narrow = try TensorFrames(try Tensor([0, 65535] as [UInt16], shape: [2, 1, 1]))
        #expect(try render(narrow) == [0, 255])
        #expect(narrow.facts.findings.map(\.code) == [.valueNarrowed])
        // The SDK casts.
        let cast = try TensorFrames(
            try Tensor([0, 1, 0.5, 255] as [Float], shape: [2, 1, 2, 1]),
            options: ClipOptions { $0.compatibility = .wandb(.v0_19) })
        #expect(try render(cast) == [0, 1, 0, 255])
    }

    @Test("The index of a value that is not finite is one of the tensor, whatever the layout")
    func notFinite() throws {
        var values = [Float](repeating: 0.5, count: 2 * 3 * 4 * 5)
        // tcwh: frame 1, channel 2, column 3, row 1; and an earlier column further down.
        values[60 + 40 + 15 + 1] = .nan
        values[60 + 40 + 5 + 4] = .infinity
        let clip = try TensorFrames(try Tensor(values, shape: [2, 3, 4, 5]))
        var tally = PixelTally()
        _ = try render(try #require(try clip.frame(1)), tally: &tally)
        #expect(tally.notFinite == 2)
        #expect(tally.firstNotFinite == [1, 2, 1, 4])
    }

    @Test("Sizes, colour maps and modes apply to every frame")
    func pipeline() throws {
        let tensor = try noise([3, 8, 12])
        let clip = try TensorFrames(
            tensor,
            options: ClipOptions {
                $0.colorMap = .viridis
                $0.mode = try? PixelMode("rgb")
            })
        let gray = try render(try #require(try TensorFrames(tensor).frame(2)))
        let colors = ColorMap.viridis.palette.colors
        #expect(
            try render(try #require(try clip.frame(2)))
                == gray.flatMap { [colors[Int($0)].red, colors[Int($0)].green, colors[Int($0)].blue] })

        let small = try TensorFrames(tensor).resized(to: .width(6))
        #expect((small.width, small.height) == (6, 4))
        for index in 0..<3 {
            let alone = try ResizedSource(
                try #require(try TensorFrames(tensor).frame(index)), width: 6, height: 4)
            #expect(try render(try #require(try small.frame(index))) == render(alone))
        }
        for mode in ["rgb16", "P"] {
            #expect(throws: MediaError.self) {
                try TensorFrames(tensor, options: ClipOptions { $0.mode = try? PixelMode(mode) })
            }
        }
        #expect(throws: MediaError.self) {
            try TensorFrames(try noise([3, 3, 4, 5]), options: ClipOptions { $0.colorMap = .viridis })
        }
    }

    @Test("A hundred thousand frames cost nothing until they are asked for")
    func long() throws {
        let one = try noise([1, 4, 4])
        let tensor = try Tensor(
            storage: one.storage, elementType: .uint8, shape: [100_000, 4, 4], strides: [0, 4, 1])
        let clip = try TensorFrames(tensor)
        #expect(clip.frameCount == 100_000)
        #expect(try render(try #require(try clip.frame(99_999))) == render(try #require(try clip.frame(0))))
        #expect(try clip.frame(100_000) == nil)
        #expect(throws: MediaError.self) { try clip.frame(-1) }
    }
}
