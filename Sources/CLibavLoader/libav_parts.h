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

/// Puts options into a dictionary of libav.
int tm_av_dictionary(
    const tm_libav *av, const tm_av_option *options, size_t count, void **dictionary, char *message, size_t size);

/// Names the first option that is still in the dictionary, so that nobody took it, and frees it.
int tm_av_unused(
    const tm_libav *av, const tm_av_option *options, size_t count, void **dictionary, char *message, size_t size);

#endif
