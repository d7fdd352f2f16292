// What the files of this room share.
#ifndef LIBAV_PARTS_H
#define LIBAV_PARTS_H

#include "CLibavLoader.h"

#include <errno.h>

// libav's numbers of errors are four letters, from <libavutil/error.h>.
#define TM_AV_ERROR(a, b, c, d) (-(int)((a) | (b) << 8 | (c) << 16 | (unsigned)(d) << 24))
// Not now, and never again.
#define AV_AGAIN (-EAGAIN)
#define AV_END TM_AV_ERROR('E', 'O', 'F', ' ')

enum {
    /// What libav reads or writes at a time.
    BUFFER_BYTES = 64 << 10,
    // Flags of libav, from <libavformat/avformat.h> and <libavformat/avio.h>.
    FLAG_CUSTOM_IO = 0x80,
    SEEK_SIZE = 0x10000,
    SEEK_FORCED = 0x20000,
};

struct tm_av_encoder {
    tm_libav av;
    void *context;
    tm_av_frame *frame;
    tm_av_packet *packet;
    /// How many samples a frame of sound has.
    int samples;
};

/// A file that is being read: one of its streams, and the decoder of it.
typedef struct {
    tm_libav av;
    tm_av_source source;
    int64_t position;
    tm_av_format *file;
    tm_av_io_context *context;
    tm_av_stream *stream;
    /// The caller's, open or not.
    void *codec;
    tm_av_packet *packet;
    tm_av_frame *frame;
    int is_drained;
} tm_av_input;

/// Opens a file into what was zero before. It is to be closed, whatever this answers.
int tm_av_input_open(
    tm_av_input *input, const tm_libav *table, const char *format, const tm_av_source *source, const char *most_pixels);

/// Chooses the best stream of a kind, of which alone packets are read; `TM_AV_NONE` where there is none.
int tm_av_input_choose(tm_av_input *input, int type);

/// Reads the next packet of the stream.
int tm_av_input_next(tm_av_input *input);

/// Decodes the next frame of the stream.
int tm_av_input_decode(tm_av_input *input);

void tm_av_input_close(tm_av_input *input);

/// Puts options into a dictionary of libav.
int tm_av_dictionary(
    const tm_libav *av, const tm_av_option *options, size_t count, void **dictionary, char *message, size_t size);

/// Names the first option that is still in the dictionary, so that nobody took it, and frees it.
int tm_av_unused(
    const tm_libav *av, const tm_av_option *options, size_t count, void **dictionary, char *message, size_t size);

/// Lets the headers of an H.264 encoder say a rate, which may be another than that of its clock: programs take the lengths of
/// frames from there, whatever the file says. Returns `TM_AV_DONE` or an error of libav.
int tm_av_tell_rate(const tm_libav *av, tm_av_parameters *parameters, tm_av_rational rate);

#endif
