// swift-tools-version: 6.3
//
// A package of its own, so that nobody who links the library builds benchmarks. Run it with 'make bench'.
import PackageDescription

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v26)],
    // With a name: without one the dependency would be called as the folder of the checkout is.
    dependencies: [.package(name: "TensorMedia", path: "..")],
    targets: [
        // The peers are called as a C program would call them, not through our own wrappers.
        .systemLibrary(name: "PeerPNG", pkgConfig: "libpng"),
        .systemLibrary(name: "PeerJPEG", pkgConfig: "libjpeg"),
        .systemLibrary(name: "PeerCodec", pkgConfig: "libavcodec"),
        .target(name: "CPeers", dependencies: ["PeerPNG", "PeerJPEG"]),
        .executableTarget(
            name: "encode-benchmarks",
            dependencies: ["CPeers", .product(name: "ImageCoding", package: "TensorMedia")]),
        .executableTarget(
            name: "annotation-benchmarks",
            dependencies: ["CPeers", .product(name: "MediaAnnotations", package: "TensorMedia")]),
        .target(name: "CAllocations"),
        .executableTarget(
            name: "count-allocations",
            dependencies: ["CAllocations", .product(name: "ImageCoding", package: "TensorMedia")]),
        .executableTarget(
            name: "batch-floor",
            dependencies: ["CPeers", .product(name: "ImageCoding", package: "TensorMedia")]),
        .executableTarget(
            name: "gif-benchmarks", dependencies: [.product(name: "VideoCoding", package: "TensorMedia")]),
        .executableTarget(
            name: "yuv-benchmarks",
            dependencies: ["CPeers", .product(name: "VideoCoding", package: "TensorMedia")]),
        .executableTarget(
            name: "bare-codec", dependencies: ["PeerCodec"], linkerSettings: [.linkedLibrary("avutil")]),
        .executableTarget(
            name: "video-benchmarks",
            dependencies: ["CPeers", .product(name: "VideoCoding", package: "TensorMedia")]),
        .executableTarget(
            name: "audio-benchmarks",
            dependencies: [
                "CPeers", .product(name: "AudioCoding", package: "TensorMedia"),
                .product(name: "ImageCoding", package: "TensorMedia"),
            ]),
        .executableTarget(
            name: "box-benchmarks", dependencies: [.product(name: "MediaAnnotations", package: "TensorMedia")]),
    ],
    swiftLanguageModes: [.v6]
)
