// What the files of this room share.
#ifndef LIBAV_PARTS_H
#define LIBAV_PARTS_H

#include "CLibavLoader.h"

#include <errno.h>

struct tm_av_encoder {
    tm_libav av;
    void *context;
    tm_av_frame *frame;
    tm_av_packet *packet;
};

/// Puts options into a dictionary of libav.
int tm_av_dictionary(
    const tm_libav *av, const tm_av_option *options, size_t count, void **dictionary, char *message, size_t size);

/// Names the first option that is still in the dictionary, so that nobody took it, and frees it.
int tm_av_unused(
    const tm_libav *av, const tm_av_option *options, size_t count, void **dictionary, char *message, size_t size);

#endif
