import Foundation
import TestSupport
import Testing

@testable import VideoCoding

@Suite("libav, opened at first use") struct LibavLibraryTests {
    @Test("Versions are those of FFmpeg 5, and the codecs of every kind of file are there") func versions() throws {
        let library = try LibavLibrary.open()
        #expect(library.versions.codec.hasPrefix("59.") && library.versions.format.hasPrefix("59."))
        #expect(library.versions.util.hasPrefix("57.") && library.versions.scale.hasPrefix("6."))
        let program = try Program("/usr/bin/env", ["ffmpeg", "-hide_banner", "-encoders"]).run().text
        for codec in VideoCodec.allCases {
            #expect(library.hasEncoder(codec.encoderName) == program.contains(" \(codec.encoderName) "), "\(codec)")
        }
        #expect(!library.hasEncoder("libnone"))
        #expect(VideoLibraries.all.map(\.name) == ["libavcodec", "libavformat", "libavutil", "libswscale"])
    }

    @Test("A library that is missing is an error that names it and the packages") func missing() throws {
        var names = LibavLibrary.Names.current
        names.format = "libnone.so.59"
        let error = try #require(throws: MediaError.self) { try LibavLibrary(names) }
        #expect(error.code == .libraryMissing)
        #expect(error.message.contains("libnone.so.59"))
        #expect(error.hint?.contains("libavformat59") == true)
    }

    @Test("Another major version is refused before any of its functions is called") func otherVersion() throws {
        let folder = try TemporaryFolder()
        let source = try folder.write("unsigned avutil_version(void) { return 60 << 16 | 3 << 8 | 100; }\n", to: "u.c")
        let built = try Program(
            "/usr/bin/env", ["clang", "-shared", "-fPIC", "-o", folder.path("libother.so"), source]
        ).run()
        try #require(built.status == 0, "\(built.errorText)")
        var names = LibavLibrary.Names.current
        names.util = folder.path("libother.so")
        let error = try #require(throws: MediaError.self) { try LibavLibrary(names) }
        #expect(error.code == .libraryMissing)
        #expect(error.message.contains("libavutil is version 60.3.100, 57 is needed"))
    }

    #if os(Linux)
        @Test("A library without the functions is refused") func incomplete() throws {
            var names = LibavLibrary.Names.current
            names.util = "libm.so.6"
            let error = try #require(throws: MediaError.self) { try LibavLibrary(names) }
            #expect(error.message.contains("avutil_version"))
        }
    #endif
}

/// Our declarations of libav's structures are compared with its headers by a compiler.
@Suite("The binary interface of libav") struct LibavLayoutTests {
    private static let flags: [String]? = {
        let outcome = try? Program(
            "/usr/bin/env", ["pkg-config", "--cflags", "libavformat", "libavcodec", "libswscale"]
        ).run()
        guard let outcome, outcome.status == 0 else { return nil }
        return outcome.text.split(whereSeparator: \.isWhitespace).map(String.init)
    }()

    private static let members: [(ours: String, theirs: String, names: [String])] = [
        (
            "tm_av_frame", "AVFrame",
            [
                "data", "linesize", "extended_data", "width", "height", "format", "key_frame", "pict_type",
                "sample_aspect_ratio", "pts", "pkt_dts", "time_base", "flags", "color_range", "color_primaries",
                "color_trc", "colorspace", "best_effort_timestamp", "pkt_duration", "nb_samples", "sample_rate",
                "ch_layout",
            ]
        ),
        (
            "tm_av_packet", "AVPacket",
            ["buf", "pts", "dts", "data", "size", "stream_index", "flags", "side_data", "duration", "pos"]
        ),
        (
            "tm_av_parameters", "AVCodecParameters",
            [
                "codec_type", "codec_id", "codec_tag", "extradata", "extradata_size", "format", "bit_rate", "profile",
                "level", "width", "height", "sample_aspect_ratio", "field_order", "color_range", "color_primaries",
                "color_trc", "color_space", "chroma_location", "sample_rate", "block_align", "frame_size",
                "initial_padding", "trailing_padding", "seek_preroll", "ch_layout",
            ]
        ),
        (
            "tm_av_stream", "AVStream",
            [
                "index", "id", "time_base", "start_time", "duration", "nb_frames", "disposition", "discard",
                "sample_aspect_ratio", "metadata", "avg_frame_rate", "r_frame_rate", "codecpar",
            ]
        ),
        ("tm_av_channels", "AVChannelLayout", ["order", "nb_channels", "opaque"]),
        ("tm_av_input_format", "AVInputFormat", ["name", "long_name"]),
        ("tm_av_io_context", "AVIOContext", ["buffer", "buffer_size", "buf_ptr", "buf_end", "opaque"]),
        (
            "tm_av_format", "AVFormatContext",
            [
                "iformat", "oformat", "pb", "nb_streams", "streams", "url", "start_time", "duration", "bit_rate",
                "flags", "metadata", "opaque", "io_open", "io_close", "io_close2",
            ]
        ),
        ("tm_av_filter", "AVBSFContext", ["priv_data", "par_in", "par_out"]),
        ("tm_av_codec", "AVCodec", ["name", "long_name", "type", "id", "capabilities", "pix_fmts"]),
    ]

    private static let numbers = [
        ("TM_AV_UTIL_MAJOR", "LIBAVUTIL_VERSION_MAJOR"), ("TM_AV_CODEC_MAJOR", "LIBAVCODEC_VERSION_MAJOR"),
        ("TM_AV_FORMAT_MAJOR", "LIBAVFORMAT_VERSION_MAJOR"), ("TM_AV_SCALE_MAJOR", "LIBSWSCALE_VERSION_MAJOR"),
        ("TM_AV_VIDEO", "AVMEDIA_TYPE_VIDEO"), ("TM_AV_AUDIO", "AVMEDIA_TYPE_AUDIO"),
        ("TM_AV_H264", "AV_CODEC_ID_H264"), ("TM_AV_HEVC", "AV_CODEC_ID_HEVC"), ("TM_AV_OPUS", "AV_CODEC_ID_OPUS"),
        ("TM_AV_YUV420P", "AV_PIX_FMT_YUV420P"), ("TM_AV_RGB24", "AV_PIX_FMT_RGB24"),
        ("TM_AV_YUV444P", "AV_PIX_FMT_YUV444P"), ("TM_AV_RGBA", "AV_PIX_FMT_RGBA"),
        ("TM_AV_YUVA420P", "AV_PIX_FMT_YUVA420P"), ("TM_AV_GBRP", "AV_PIX_FMT_GBRP"),
        ("TM_AV_FLOAT", "AV_SAMPLE_FMT_FLT"), ("TM_AV_FLOAT_PLANAR", "AV_SAMPLE_FMT_FLTP"),
        ("TM_AV_SCALE_BICUBIC", "SWS_BICUBIC"), ("TM_AV_SCALE_FULL_CHROMA_OUTPUT", "SWS_FULL_CHR_H_INT"),
        ("TM_AV_SCALE_FULL_CHROMA_INPUT", "SWS_FULL_CHR_H_INP"), ("TM_AV_SCALE_ACCURATE", "SWS_ACCURATE_RND"),
        ("TM_AV_SCALE_BIT_EXACT", "SWS_BITEXACT"),
    ]

    @Test(
        "Offsets and numbers are those of the headers",
        .enabled(if: PythonTools.isRequired || flags != nil, "needs libavformat-dev: run 'make test-tools'"))
    func layout() throws {
        let flags = try #require(Self.flags)
        var text = """
            #include <libavcodec/avcodec.h>
            #include <libavcodec/bsf.h>
            #include <libavformat/avformat.h>
            #include <libswscale/swscale.h>
            #include "CLibavLoader.h"
            #define SAME(a, b) _Static_assert((a) == (b), #a " and " #b)
            SAME(sizeof(tm_av_packet) <= sizeof(AVPacket), 1);

            """
        for (ours, theirs, names) in Self.members {
            for name in names {
                text += "SAME(offsetof(\(ours), \(name)), offsetof(\(theirs), \(name)));\n"
                text += "SAME(sizeof(((\(ours) *)0)->\(name)), sizeof(((\(theirs) *)0)->\(name)));\n"
            }
        }
        for (ours, theirs) in Self.numbers { text += "SAME((long long)\(ours), (long long)\(theirs));\n" }
        let include = Fixtures.repository + "/Sources/CLibavLoader/include"
        func compile(_ text: String) throws -> Program.Outcome {
            let folder = try TemporaryFolder()
            let path = try folder.write(text, to: "layout.c")
            return try Program(
                "/usr/bin/env",
                ["clang", "-std=c11", "-Werror", "-Wno-deprecated-declarations", "-fsyntax-only", "-I", include] + flags
                    + [path]
            ).run()
        }
        let outcome = try compile(text)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        // The compiler looks at all: a wrong offset does not pass.
        #expect(try compile(text + "SAME(offsetof(tm_av_frame, width), offsetof(AVFrame, height));\n").status != 0)
    }
}
