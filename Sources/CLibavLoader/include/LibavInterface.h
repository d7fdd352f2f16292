// The part of libav's binary interface that is used, under names of our own. Structures are those of FFmpeg 5 on systems of 64 bits.
#ifndef LIBAV_INTERFACE_H
#define LIBAV_INTERFACE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

// MARK: The library's own types

enum {
    TM_AV_UTIL_MAJOR = 57,
    TM_AV_CODEC_MAJOR = 59,
    TM_AV_FORMAT_MAJOR = 59,
    TM_AV_SCALE_MAJOR = 6,
};

enum {
    /// Kinds of streams.
    TM_AV_VIDEO = 0,
    TM_AV_AUDIO = 1,
    /// Codecs.
    TM_AV_H264 = 27,
    TM_AV_HEVC = 173,
    TM_AV_OPUS = 0x1503C,
    /// Formats of pixels.
    TM_AV_YUV420P = 0,
    TM_AV_RGB24 = 2,
    TM_AV_YUV444P = 5,
    TM_AV_RGBA = 26,
    TM_AV_YUVA420P = 33,
    TM_AV_GBRP = 71,
    /// Formats of samples: floats with channels side by side, and each channel for itself.
    TM_AV_FLOAT = 3,
    TM_AV_FLOAT_PLANAR = 8,
    /// Ways of scaling.
    TM_AV_SCALE_BICUBIC = 4,
    TM_AV_SCALE_FULL_CHROMA_OUTPUT = 0x2000,
    TM_AV_SCALE_FULL_CHROMA_INPUT = 0x4000,
    TM_AV_SCALE_ACCURATE = 0x40000,
    TM_AV_SCALE_BIT_EXACT = 0x80000,
};

/// A time that nobody knows.
#define TM_AV_NO_TIME INT64_MIN

typedef struct tm_av_rational {
    int num, den;
} tm_av_rational;

/// Which channels sound has.
typedef struct tm_av_channels {
    int order;
    int nb_channels;
    uint64_t mask;
    void *opaque;
} tm_av_channels;

/// A frame: a picture, or sound.
typedef struct tm_av_frame {
    uint8_t *data[8];
    int linesize[8];
    uint8_t **extended_data;
    int width, height;
    int nb_samples;
    int format;
    int key_frame;
    int pict_type;
    tm_av_rational sample_aspect_ratio;
    int64_t pts, pkt_dts;
    tm_av_rational time_base;
    unsigned char others_1[48];
    int sample_rate;
    unsigned char others_4[104];
    int flags;
    int color_range, color_primaries, color_trc, colorspace;
    unsigned char others_2[8];
    int64_t best_effort_timestamp;
    unsigned char others_3[8];
    int64_t pkt_duration;
    unsigned char others_5[80];
    tm_av_channels ch_layout;
} tm_av_frame;

typedef struct tm_av_packet {
    void *buf;
    int64_t pts, dts;
    uint8_t *data;
    int size;
    int stream_index;
    int flags;
    void *side_data;
    int side_data_elems;
    int64_t duration;
    int64_t pos;
} tm_av_packet;

/// What is known about a stream without decoding it.
typedef struct tm_av_parameters {
    int codec_type;
    int codec_id;
    uint32_t codec_tag;
    uint8_t *extradata;
    int extradata_size;
    int format;
    int64_t bit_rate;
    int bits_per_coded_sample, bits_per_raw_sample;
    int profile, level;
    int width, height;
    tm_av_rational sample_aspect_ratio;
    int field_order;
    int color_range, color_primaries, color_trc, color_space, chroma_location;
    unsigned char others[20];
    int sample_rate;
    int block_align;
    int frame_size;
    int initial_padding, trailing_padding, seek_preroll;
    tm_av_channels ch_layout;
} tm_av_parameters;

/// A stream of a file, up to its parameters.
typedef struct tm_av_stream {
    int index;
    int id;
    void *priv_data;
    tm_av_rational time_base;
    int64_t start_time, duration;
    int64_t nb_frames;
    int disposition;
    int discard;
    tm_av_rational sample_aspect_ratio;
    void *metadata;
    tm_av_rational avg_frame_rate;
    unsigned char others[120];
    tm_av_rational r_frame_rate;
    tm_av_parameters *codecpar;
} tm_av_stream;

/// A kind of file, up to its names.
typedef struct tm_av_input_format {
    const char *name;
    const char *long_name;
} tm_av_input_format;

/// What bytes go through, up to what was given to the functions behind it.
typedef struct tm_av_io_context {
    const void *av_class;
    unsigned char *buffer;
    int buffer_size;
    unsigned char *buf_ptr, *buf_end;
    void *opaque;
} tm_av_io_context;

/// An open file, up to the functions that open and close others for it.
typedef struct tm_av_format {
    const void *av_class;
    const tm_av_input_format *iformat;
    const void *oformat;
    void *priv_data;
    tm_av_io_context *pb;
    int ctx_flags;
    unsigned int nb_streams;
    tm_av_stream **streams;
    char *url;
    int64_t start_time, duration;
    int64_t bit_rate;
    unsigned int packet_size;
    int max_delay;
    int flags;
    unsigned char others_1[76];
    void *metadata;
    unsigned char others_2[192];
    void *opaque;
    unsigned char others_3[40];
    int (*io_open)(struct tm_av_format *file, tm_av_io_context **io, const char *url, int flags, void **options);
    void (*io_close)(struct tm_av_format *file, tm_av_io_context *io);
    unsigned char others_4[24];
    int (*io_close2)(struct tm_av_format *file, tm_av_io_context *io);
} tm_av_format;

/// A codec, up to the formats of pixels that it takes, which -1 ends.
typedef struct tm_av_codec {
    const char *name;
    const char *long_name;
    int type;
    int id;
    int capabilities;
    unsigned char max_lowres;
    const tm_av_rational *supported_framerates;
    const int *pix_fmts;
} tm_av_codec;

/// A filter of packets, up to what it takes and gives.
typedef struct tm_av_filter {
    const void *av_class;
    const void *filter;
    void *priv_data;
    tm_av_parameters *par_in, *par_out;
} tm_av_filter;

// MARK: The table

/// The functions that are used; all are there once `tm_libav_open` has succeeded. Numbers below 0 are errors.
typedef struct tm_libav {
    // libavutil
    unsigned (*util_version)(void);
    int (*strerror)(int error, char *text, size_t size);
    void (*log_set_callback)(void (*callback)(void *object, int level, const char *format, va_list arguments));
    void *(*malloc)(size_t size);
    void (*freep)(void *pointer);
    int (*dict_set)(void **dictionary, const char *key, const char *value, int flags);
    void *(*dict_get)(const void *dictionary, const char *key, const void *previous, int flags);
    void (*dict_free)(void **dictionary);
    int (*opt_set)(void *object, const char *name, const char *value, int flags);
    tm_av_frame *(*frame_alloc)(void);
    void (*frame_free)(tm_av_frame **frame);
    int (*frame_get_buffer)(tm_av_frame *frame, int alignment);
    int (*frame_make_writable)(tm_av_frame *frame);
    const char *(*pixel_format_name)(int format);
    void (*default_channels)(tm_av_channels *channels, int count);
    // libavcodec
    unsigned (*codec_version)(void);
    const tm_av_codec *(*find_encoder)(const char *name);
    const tm_av_codec *(*find_decoder)(int id);
    const tm_av_codec *(*find_decoder_by_name)(const char *name);
    const char *(*codec_name)(int id);
    void *(*codec_alloc)(const tm_av_codec *codec);
    void (*codec_free)(void **context);
    int (*codec_open)(void *context, const tm_av_codec *codec, void **options);
    tm_av_parameters *(*parameters_alloc)(void);
    void (*parameters_free)(tm_av_parameters **parameters);
    int (*parameters_from_context)(tm_av_parameters *parameters, const void *context);
    int (*parameters_to_context)(void *context, const tm_av_parameters *parameters);
    int (*parameters_copy)(tm_av_parameters *to, const tm_av_parameters *from);
    const void *(*find_filter)(const char *name);
    int (*filter_alloc)(const void *kind, tm_av_filter **filter);
    int (*filter_init)(tm_av_filter *filter);
    void (*filter_free)(tm_av_filter **filter);
    int (*send_frame)(void *context, const tm_av_frame *frame);
    int (*receive_packet)(void *context, tm_av_packet *packet);
    int (*send_packet)(void *context, const tm_av_packet *packet);
    int (*receive_frame)(void *context, tm_av_frame *frame);
    tm_av_packet *(*packet_alloc)(void);
    void (*packet_free)(tm_av_packet **packet);
    void (*packet_unref)(tm_av_packet *packet);
    // libavformat
    unsigned (*format_version)(void);
    tm_av_format *(*format_alloc)(void);
    int (*alloc_output)(tm_av_format **file, const void *format, const char *name, const char *url);
    void (*format_free)(tm_av_format *file);
    tm_av_stream *(*new_stream)(tm_av_format *file, const tm_av_codec *codec);
    int (*write_header)(tm_av_format *file, void **options);
    int (*write_frame)(tm_av_format *file, tm_av_packet *packet);
    int (*write_trailer)(tm_av_format *file);
    const void *(*find_input_format)(const char *name);
    int (*open_input)(tm_av_format **file, const char *url, const void *format, void **options);
    int (*find_stream_info)(tm_av_format *file, void **options);
    int (*find_best_stream)(
        tm_av_format *file, int type, int wanted, int related, const tm_av_codec **decoder, int flags);
    int (*read_frame)(tm_av_format *file, tm_av_packet *packet);
    void (*close_input)(tm_av_format **file);
    tm_av_io_context *(*io_alloc)(
        unsigned char *buffer, int size, int writes, void *user, int (*read)(void *user, uint8_t *bytes, int count),
        int (*write)(void *user, uint8_t *bytes, int count), int64_t (*seek)(void *user, int64_t offset, int whence));
    void (*io_free)(tm_av_io_context **io);
    void (*io_flush)(tm_av_io_context *io);
    // libswscale
    unsigned (*scale_version)(void);
    void *(*scale_context)(
        int width, int height, int format, int new_width, int new_height, int new_format, int flags, void *from_filter,
        void *to_filter, const double *parameters);
    void (*scale_free)(void *context);
    int (*scale)(
        void *context, const uint8_t *const from[], const int from_strides[], int row, int rows, uint8_t *const to[],
        const int to_strides[]);
    const int *(*scale_coefficients)(int color_space);
    int (*scale_set_details)(
        void *context, const int from_coefficients[4], int from_is_full, const int to_coefficients[4], int to_is_full,
        int brightness, int contrast, int saturation);
} tm_libav;

#endif
