#include "libav_parts.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    // Numbers of libav, from <libavcodec/defs.h>.
    DISCARD_ALL = 48,
};

static int read_bytes(void *user, uint8_t *bytes, int count) {
    tm_av_input *input = user;
    int taken = input->source.read(input->source.user, input->position, bytes, count);
    if (taken < 0) return -EIO;
    input->position += taken;
    return taken > 0 ? taken : AV_END;
}

static int64_t seek_bytes(void *user, int64_t offset, int whence) {
    tm_av_input *input = user;
    whence &= ~SEEK_FORCED;
    if (whence == SEEK_SIZE) return input->source.size;
    if (whence == SEEK_CUR) offset += input->position;
    if (whence == SEEK_END) offset += input->source.size;
    if (offset < 0) return -EINVAL;
    input->position = offset;
    return offset;
}

/// Finds out what the headers leave open, for which frames may have to be decoded.
static int find_info(tm_av_input *input, const char *most_pixels) {
    const tm_libav *av = &input->av;
    unsigned count = input->file->nb_streams;
    void **options = calloc(count ? count : 1, sizeof *options);
    if (!options) return TM_AV_NO_MEMORY;
    int status = 0;
    for (unsigned i = 0; i < count && status >= 0; i++) {
        status = av->dict_set(&options[i], "max_pixels", most_pixels, 0);
    }
    if (status >= 0) status = av->find_stream_info(input->file, options);
    for (unsigned i = 0; i < count; i++) av->dict_free(&options[i]);
    free(options);
    return status < 0 ? status : TM_AV_DONE;
}

static int open_file(tm_av_input *input, const char *format, const char *most_pixels) {
    const tm_libav *av = &input->av;
    const void *kind = av->find_input_format(format);
    if (!kind) return TM_AV_NONE;
    unsigned char *buffer = av->malloc(BUFFER_BYTES);
    if (!buffer) return TM_AV_NO_MEMORY;
    input->context = av->io_alloc(buffer, BUFFER_BYTES, 0, input, read_bytes, NULL, seek_bytes);
    if (!input->context) {
        av->freep(&buffer);
        return TM_AV_NO_MEMORY;
    }
    input->file = av->format_alloc();
    if (!input->file) return TM_AV_NO_MEMORY;
    input->file->pb = input->context;
    input->file->flags |= FLAG_CUSTOM_IO;
    // Nothing that a file names is opened.
    void *options = NULL;
    int status = av->dict_set(&options, "protocol_whitelist", "", 0);
    // When it fails, this frees the file.
    if (status >= 0) status = av->open_input(&input->file, "", kind, &options);
    av->dict_free(&options);
    return status < 0 ? status : find_info(input, most_pixels);
}

int tm_av_input_open(
    tm_av_input *input, const tm_libav *table, const char *format, const tm_av_source *source, const char *most_pixels) {
    input->av = *table;
    input->source = *source;
    input->packet = table->packet_alloc();
    input->frame = table->frame_alloc();
    return input->packet && input->frame ? open_file(input, format, most_pixels) : TM_AV_NO_MEMORY;
}

int tm_av_input_choose(tm_av_input *input, int type) {
    int index = input->av.find_best_stream(input->file, type, -1, -1, NULL, 0);
    if (index < 0) return TM_AV_NONE;
    input->stream = input->file->streams[index];
    for (unsigned i = 0; i < input->file->nb_streams; i++) {
        if ((int)i != index) input->file->streams[i]->discard = DISCARD_ALL;
    }
    return TM_AV_DONE;
}

int tm_av_input_next(tm_av_input *input) {
    const tm_libav *av = &input->av;
    for (;;) {
        av->packet_unref(input->packet);
        int status = av->read_frame(input->file, input->packet);
        if (status == AV_END) return TM_AV_END;
        if (status < 0) return status;
        if (input->packet->stream_index == input->stream->index) return TM_AV_DONE;
    }
}

int tm_av_input_decode(tm_av_input *input) {
    const tm_libav *av = &input->av;
    for (;;) {
        int status = av->receive_frame(input->codec, input->frame);
        if (!status) return TM_AV_DONE;
        if (status == AV_END) return TM_AV_END;
        if (status != AV_AGAIN || input->is_drained) return status < 0 ? status : TM_AV_END;
        status = tm_av_input_next(input);
        if (status < 0) return status;
        if (status == TM_AV_END) input->is_drained = 1;
        status = av->send_packet(input->codec, status == TM_AV_END ? NULL : input->packet);
        if (status < 0) return status;
    }
}

void tm_av_input_close(tm_av_input *input) {
    const tm_libav *av = &input->av;
    av->codec_free(&input->codec);
    if (input->file) av->close_input(&input->file);
    if (input->context) {
        // The buffer may be another one than was handed in.
        av->freep(&input->context->buffer);
        av->io_free(&input->context);
    }
    av->packet_free(&input->packet);
    av->frame_free(&input->frame);
}
