// swift-tools-version: 6.3
//
// One target per room of the house; `Sources/TensorMedia/TensorMedia.docc/Architecture.md` draws how they stand on
// each other. Arrows point downwards only, and each library target is a product of its own: a program that wants PNG
// alone builds and links `ImageCoding`, and needs the headers of libpng, libjpeg and libdeflate only.
import PackageDescription

/// Every Swift target: explicit existentials and imports, no warnings.
let common: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Library targets also mark every unsafe expression, so that a review can list them. Test targets cannot: the
/// expansion of `#expect` does not compile under it.
let library: [SwiftSetting] = common + [.strictMemorySafety()]

let warningsAreErrors: [CSetting] = [
    .treatAllWarnings(as: .error)
]

/// The fuzz driver links against the sanitizer's runtime and cannot link in a normal build, so it exists on request only.
let fuzzing = Context.environment["TENSOR_MEDIA_FUZZ"] != nil

let package = Package(
    name: "TensorMedia",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "MediaCore", targets: ["MediaCore"]),
        .library(name: "TensorIO", targets: ["TensorIO"]),
        .library(name: "ImageCoding", targets: ["ImageCoding"]),
        .library(name: "MediaDrawing", targets: ["MediaDrawing"]),
        .library(name: "MediaAnnotations", targets: ["MediaAnnotations"]),
        .library(name: "VideoCoding", targets: ["VideoCoding"]),
        .library(name: "AudioCoding", targets: ["AudioCoding"]),
        .library(name: "TensorMedia", targets: ["TensorMedia"]),
        .executable(name: "tensor-media", targets: ["tensor-media"]),
    ],
    dependencies: [
        // The command line alone: parsing, help, completions.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // MARK: Libraries of the system. pkg-config is the only source of link flags.
        .systemLibrary(
            name: "CPNG", path: "Sources/SystemLibraries/CPNG", pkgConfig: "libpng",
            providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
        .systemLibrary(
            name: "CJPEG", path: "Sources/SystemLibraries/CJPEG", pkgConfig: "libjpeg",
            providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
        .systemLibrary(
            name: "CDeflate", path: "Sources/SystemLibraries/CDeflate", pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),

        // giflib has no pkg-config file.
        .systemLibrary(
            name: "CGIF", path: "Sources/SystemLibraries/CGIF", providers: [.apt(["libgif-dev"]), .brew(["giflib"])]),

        // MARK: C, in rooms by reason.
        .target(name: "CMediaKernels", cSettings: warningsAreErrors),
        .target(name: "CImageBarriers", dependencies: ["CPNG", "CJPEG"], cSettings: warningsAreErrors),
        .target(name: "CDynamicLibrary", cSettings: warningsAreErrors),
        .target(name: "CFreeTypeLoader", dependencies: ["CDynamicLibrary"], cSettings: warningsAreErrors),
        .target(name: "CLibavLoader", dependencies: ["CDynamicLibrary"], cSettings: warningsAreErrors),
        .target(name: "CSoundFileLoader", dependencies: ["CDynamicLibrary"], cSettings: warningsAreErrors),

        // MARK: The house.
        .target(name: "MediaCore", dependencies: ["CMediaKernels"], swiftSettings: library),
        .target(
            name: "TensorIO", dependencies: ["MediaCore", "CMediaKernels", "CDeflate"], swiftSettings: library),
        .target(
            name: "ImageCoding",
            dependencies: ["MediaCore", "TensorIO", "CMediaKernels", "CImageBarriers", "CDeflate"],
            swiftSettings: library),
        .target(
            name: "MediaDrawing",
            dependencies: ["MediaCore", "TensorIO", "ImageCoding", "CMediaKernels", "CFreeTypeLoader"],
            swiftSettings: library),
        .target(
            name: "MediaAnnotations",
            dependencies: ["MediaCore", "TensorIO", "ImageCoding", "MediaDrawing", "CMediaKernels"],
            swiftSettings: library),
        .target(
            name: "VideoCoding",
            dependencies: ["MediaCore", "TensorIO", "ImageCoding", "CMediaKernels", "CGIF", "CLibavLoader"],
            swiftSettings: library),
        .target(
            name: "AudioCoding",
            dependencies: [
                "MediaCore", "TensorIO", "ImageCoding", "MediaDrawing", "CMediaKernels", "CSoundFileLoader",
            ],
            swiftSettings: library),
        .target(
            name: "TensorMedia",
            dependencies: [
                "MediaCore", "TensorIO", "ImageCoding", "MediaDrawing", "MediaAnnotations", "VideoCoding",
                "AudioCoding",
            ],
            swiftSettings: library),
        .executableTarget(
            name: "tensor-media",
            dependencies: ["TensorMedia", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: common),

        // MARK: Tests mirror the targets.
        .target(
            name: "TestSupport", dependencies: ["MediaCore", "TensorIO", "ImageCoding"],
            path: "Tests/TestSupport", swiftSettings: common),
        .testTarget(name: "MediaCoreTests", dependencies: ["MediaCore", "TestSupport"], swiftSettings: common),
        .testTarget(name: "TensorIOTests", dependencies: ["TensorIO", "TestSupport"], swiftSettings: common),
        .testTarget(
            name: "ImageCodingTests", dependencies: ["ImageCoding", "CImageBarriers", "TestSupport"],
            swiftSettings: common),
        .testTarget(name: "MediaDrawingTests", dependencies: ["MediaDrawing", "TestSupport"], swiftSettings: common),
        .testTarget(
            name: "MediaAnnotationsTests", dependencies: ["MediaAnnotations", "TestSupport"], swiftSettings: common),
        .testTarget(
            name: "VideoCodingTests", dependencies: ["VideoCoding", "CLibavLoader", "TestSupport"],
            swiftSettings: common),
        .testTarget(
            name: "AudioCodingTests", dependencies: ["AudioCoding", "MediaDrawing", "TestSupport"],
            swiftSettings: common),
        .testTarget(
            name: "KernelTests",
            dependencies: [
                "MediaCore", "TensorIO", "ImageCoding", "MediaAnnotations", "VideoCoding", "AudioCoding",
                "CMediaKernels", "TestSupport",
            ],
            swiftSettings: common),
        .testTarget(name: "TensorMediaTests", dependencies: ["TensorMedia", "TestSupport"], swiftSettings: common),
        .testTarget(
            name: "CommandLineTests", dependencies: ["tensor-media", "TensorMedia", "TestSupport"],
            swiftSettings: common),
        .testTarget(name: "ConformanceTests", dependencies: ["TensorMedia", "TestSupport"], swiftSettings: common),
    ],
    swiftLanguageModes: [.v6]
)

if fuzzing {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["TensorMedia"], path: "Tests/Fuzz", swiftSettings: common))
}
