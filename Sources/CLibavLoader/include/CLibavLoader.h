// libav (libavutil, libavcodec, libavformat, libswscale), opened at first use, as a typed table of functions.
//
// The part of the binary interface that is used is declared in LibavInterface.h, so that nobody needs its headers to build or its
// 120 libraries to start. Structures change between major versions: what is declared is that of FFmpeg 5 (the versions in
// `TM_AV_…_MAJOR`), no other version is opened, and a test compares it with the real headers.
// Codec contexts are not declared at all: they are set by options and read through parameters.
#ifndef C_LIBAV_LOADER_H
#define C_LIBAV_LOADER_H

#include "LibavInterface.h"

#ifdef __cplusplus
extern "C" {
#endif

// MARK: The libraries

/// The names of the four libraries.
typedef struct tm_libav_names {
    const char *util, *codec, *format, *scale;
} tm_libav_names;

enum {
    TM_AV_OPENED = 0,
    /// A library cannot be opened.
    TM_AV_NOT_FOUND = 1,
    /// A library has another major version than the one that is declared here.
    TM_AV_OTHER_VERSION = 2,
    /// A function is missing.
    TM_AV_INCOMPLETE = 3,
};

/// Opens the libraries of these names for as long as the process lives, fills the table, and silences their log: what codecs
/// complain about is kept for `tm_libav_complaint` instead.
///
/// Returns one of the numbers above; when it is not `TM_AV_OPENED`, `message`, at least 1 byte, says why.
int tm_libav_open(const tm_libav_names *names, tm_libav *table, char *message, size_t message_size);

/// Writes what an error number means: the last complaint of libav on this thread when there is one, which it then forgets, else
/// the words that libav has for the number.
void tm_libav_complaint(const tm_libav *table, int error, char *message, size_t message_size);

/// Forgets the complaints of this thread.
void tm_libav_forget(void);

// MARK: Options

typedef struct tm_av_option {
    const char *name;
    const char *value;
} tm_av_option;

/// What barriers answer besides 0: libav's own errors are below 0.
enum {
    TM_AV_DONE = 0,
    /// Nothing more for now: give the encoder another frame.
    TM_AV_AGAIN = 1,
    /// Nothing more ever.
    TM_AV_END = 2,
    /// There is no codec, or no kind of file, of this name.
    TM_AV_NONE = 3,
    /// Nobody took the option whose name is in the message.
    TM_AV_UNUSED_OPTION = 4,
    /// There is no memory.
    TM_AV_NO_MEMORY = 5,
    /// Frames have more pixels than are allowed; the size is in the message.
    TM_AV_TOO_LARGE = 6,
};

// MARK: Encoding

/// An open encoder, of video or of sound.
typedef struct tm_av_encoder tm_av_encoder;

/// Opens an encoder of video with options of libavcodec and of its own; every one of them has to be taken by one of both.
///
/// - `codec`: the name of the encoder, as `libx264`.
/// - `message`: at least 1 byte; says what went wrong.
int tm_av_encoder_open(
    const tm_libav *table, const char *codec, int width, int height, int format, const tm_av_option *options,
    size_t option_count, tm_av_encoder **encoder, char *message, size_t message_size);

/// Opens an encoder of sound likewise; `format` is one of samples. Its frames have room for `tm_av_encoder_samples` of them.
int tm_av_sound_encoder_open(
    const tm_libav *table, const char *codec, int rate, int channels, int format, const tm_av_option *options,
    size_t option_count, tm_av_encoder **encoder, char *message, size_t message_size);

/// How many samples a frame of sound has; the last one may have fewer.
int tm_av_encoder_samples(const tm_av_encoder *encoder);

/// The frame that is to be filled and sent next; its memory is not shared with anybody. A null pointer without memory.
tm_av_frame *tm_av_encoder_frame(tm_av_encoder *encoder);

/// Sends the frame with this time on the encoder's clock, which counts frames, or samples of sound; with a negative one, says
/// that there is no further frame.
int tm_av_encoder_send(tm_av_encoder *encoder, int64_t time);

/// Takes a packet; it is good until the next call. Its times are on the encoder's clock.
int tm_av_encoder_receive(tm_av_encoder *encoder, tm_av_packet **packet);

void tm_av_encoder_close(tm_av_encoder *encoder);

// MARK: Writing files

/// Where a file goes. Both functions answer how many bytes they took or gave, or a number below 0 for a failure.
typedef struct tm_av_io {
    void *user;
    /// Puts bytes at a place, which is the end or before it.
    int (*write)(void *user, int64_t offset, const uint8_t *bytes, int count);
    /// Gets bytes that were written earlier; 0 behind the end.
    int (*read)(void *user, int64_t offset, uint8_t *bytes, int count);
    /// Whether earlier bytes can be replaced and read.
    int is_patchable;
} tm_av_io;

/// A file that is being written.
typedef struct tm_av_muxer tm_av_muxer;

/// What goes into a stream of it.
typedef struct tm_av_track {
    const tm_av_encoder *encoder;
    /// The unit in which the caller would like to count.
    tm_av_rational time_base;
    /// Frames a second, for information; 0/1 for sound.
    tm_av_rational rate;
} tm_av_track;

/// Begins a file; options are those of the kind of file.
int tm_av_muxer_open(
    const tm_libav *table, const char *format, const tm_av_io *io, const tm_av_track *tracks, size_t track_count,
    const tm_av_option *options, size_t option_count, tm_av_muxer **muxer, char *message, size_t message_size);

/// The unit in which the times of packets of a track have to be.
tm_av_rational tm_av_muxer_time_base(const tm_av_muxer *muxer, unsigned track);

/// Writes a packet of a track with these times, and takes it over.
int tm_av_muxer_write(
    tm_av_muxer *muxer, unsigned track, tm_av_packet *packet, int64_t pts, int64_t dts, int64_t duration);

/// Writes the end of the file.
int tm_av_muxer_finish(tm_av_muxer *muxer);

/// Ends the writing, whether it is complete or not.
void tm_av_muxer_close(tm_av_muxer *muxer);

// MARK: Reading files

/// Where the bytes of a file come from.
typedef struct tm_av_source {
    void *user;
    /// Gets bytes from a place; answers how many, 0 behind the end, or a number below 0 for a failure.
    int (*read)(void *user, int64_t offset, uint8_t *bytes, int count);
    /// How many there are.
    int64_t size;
} tm_av_source;

/// What a file says of its stream of video. Names are cut where they are longer.
typedef struct tm_av_facts {
    char container[64];
    char codec[32];
    char pixels[32];
    int width, height;
    /// Whether decoded frames have opacity.
    int has_alpha;
    /// The first stream of sound; without one, its rate is 0.
    char sound_codec[32];
    int sound_rate, sound_channels;
    /// The numbers of ISO/IEC 23091-2; 2 where nothing is said.
    int color_primaries, color_transfer, color_matrix;
    /// 1 for limited, 2 for full, 0 where nothing is said.
    int color_range;
    /// How many frames the container says there are; 0 where it does not say.
    int64_t frame_count;
    /// The unit of times.
    tm_av_rational time_base;
    /// The mean and the likely rate; 0/0 where nobody knows.
    tm_av_rational mean_rate, rate;
    /// How long the video lasts by the account of its own header, in that unit; `TM_AV_NO_TIME` where there is none.
    int64_t stream_duration;
    /// When the file ends by its own account, in millionths of a second; `TM_AV_NO_TIME` where it does not say.
    int64_t duration;
} tm_av_facts;

/// A file that is being read: its best stream of video.
typedef struct tm_av_reader tm_av_reader;

/// Opens a file.
///
/// - `format`: the name of a kind of file (`mov`, `matroska`, `ogg`): nothing is guessed.
/// - `most_pixels`: frames with more are refused.
/// - Answers `TM_AV_NONE` when there is no video in it, or no decoder for it; the message says which.
int tm_av_reader_open(
    const tm_libav *table, const char *format, const tm_av_source *source, int64_t most_pixels, tm_av_reader **reader,
    tm_av_facts *facts, char *message, size_t message_size);

/// Passes over the next packet of the video without decoding it: when its frame is shown and for how long, in the unit of the
/// facts. `is_shown` is 0 for a packet that only helps others.
int tm_av_reader_pass(tm_av_reader *reader, int64_t *time, int64_t *duration, int *is_shown);

/// Decodes the next frame.
int tm_av_reader_decode(tm_av_reader *reader, int *width, int *height);

/// Writes the pixels of the frame that was decoded last as packed RGB, or RGBA when `has_alpha`.
int tm_av_reader_pixels(tm_av_reader *reader, uint8_t *pixels, size_t bytes_per_row, int has_alpha);

void tm_av_reader_close(tm_av_reader *reader);

// MARK: Reading sound

/// What a file says of its sound.
typedef struct tm_av_sound_facts {
    char codec[32];
    int rate, channels;
    /// The unit of times.
    tm_av_rational time_base;
} tm_av_sound_facts;

/// A piece of decoded sound.
typedef struct tm_av_sound_frame {
    int count, rate, channels;
    /// When it begins, in units of the stream; `TM_AV_NO_TIME` where nobody knows.
    int64_t time;
} tm_av_sound_frame;

/// A file that is being read: its best stream of sound.
typedef struct tm_av_sound tm_av_sound;

/// Opens a file of a kind by libav's name. Answers `TM_AV_NONE` where there is no sound in it that can be decoded.
int tm_av_sound_open(
    const tm_libav *table, const char *format, const tm_av_source *source, tm_av_sound **sound, tm_av_sound_facts *facts,
    char *message, size_t message_size);

/// Decodes the next piece; `TM_AV_END` behind the last.
int tm_av_sound_decode(tm_av_sound *sound, tm_av_sound_frame *frame);

/// Writes the samples of that piece, channels next to each other: `count` × `channels` numbers.
int tm_av_sound_samples(const tm_av_sound *sound, float *samples);

void tm_av_sound_close(tm_av_sound *sound);

#ifdef __cplusplus
}
#endif
#endif
