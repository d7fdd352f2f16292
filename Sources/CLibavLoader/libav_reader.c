#include "libav_parts.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    // Numbers of libav, from <libavcodec/defs.h>, <libavcodec/packet.h>, <libavutil/pixfmt.h>.
    DISCARD_ALL = 48,
    PACKET_CORRUPT = 2,
    RANGE_FULL = 2,
    MATRIX_UNKNOWN = 2,
};

#define INVALID_DATA TM_AV_ERROR('I', 'N', 'D', 'A')

struct tm_av_reader {
    tm_libav av;
    tm_av_source source;
    int64_t position;
    tm_av_format *file;
    tm_av_io_context *context;
    tm_av_stream *stream;
    void *codec;
    tm_av_packet *packet;
    tm_av_frame *frame;
    int is_vp8;
    int is_drained;
    /// The conversion to RGB, and for what it was made.
    void *scaler;
    int scaled[6];
};

static int read_bytes(void *user, uint8_t *bytes, int count) {
    tm_av_reader *reader = user;
    int taken = reader->source.read(reader->source.user, reader->position, bytes, count);
    if (taken < 0) return -EIO;
    reader->position += taken;
    return taken > 0 ? taken : AV_END;
}

static int64_t seek_bytes(void *user, int64_t offset, int whence) {
    tm_av_reader *reader = user;
    whence &= ~SEEK_FORCED;
    if (whence == SEEK_SIZE) return reader->source.size;
    if (whence == SEEK_CUR) offset += reader->position;
    if (whence == SEEK_END) offset += reader->source.size;
    if (offset < 0) return -EINVAL;
    reader->position = offset;
    return offset;
}

/// Finds out what the headers leave open, for which frames may have to be decoded.
static int find_info(tm_av_reader *reader, const char *most_pixels) {
    const tm_libav *av = &reader->av;
    unsigned count = reader->file->nb_streams;
    void **options = calloc(count ? count : 1, sizeof *options);
    if (!options) return TM_AV_NO_MEMORY;
    int status = 0;
    for (unsigned i = 0; i < count && status >= 0; i++) {
        status = av->dict_set(&options[i], "max_pixels", most_pixels, 0);
    }
    if (status >= 0) status = av->find_stream_info(reader->file, options);
    for (unsigned i = 0; i < count; i++) av->dict_free(&options[i]);
    free(options);
    return status < 0 ? status : TM_AV_DONE;
}

static int open_file(tm_av_reader *reader, const char *format, const char *most_pixels) {
    const tm_libav *av = &reader->av;
    const void *kind = av->find_input_format(format);
    if (!kind) return TM_AV_NONE;
    unsigned char *buffer = av->malloc(BUFFER_BYTES);
    if (!buffer) return TM_AV_NO_MEMORY;
    reader->context = av->io_alloc(buffer, BUFFER_BYTES, 0, reader, read_bytes, NULL, seek_bytes);
    if (!reader->context) {
        av->freep(&buffer);
        return TM_AV_NO_MEMORY;
    }
    reader->file = av->format_alloc();
    if (!reader->file) return TM_AV_NO_MEMORY;
    reader->file->pb = reader->context;
    reader->file->flags |= FLAG_CUSTOM_IO;
    // Nothing that a file names is opened.
    void *options = NULL;
    int status = av->dict_set(&options, "protocol_whitelist", "", 0);
    // When it fails, this frees the file.
    if (status >= 0) status = av->open_input(&reader->file, "", kind, &options);
    av->dict_free(&options);
    return status < 0 ? status : find_info(reader, most_pixels);
}

static int open_codec(tm_av_reader *reader, int has_alpha, const char *most_pixels) {
    const tm_libav *av = &reader->av;
    const tm_av_parameters *parameters = reader->stream->codecpar;
    const tm_av_codec *decoder = NULL;
    // libav's own decoders of VP8 and VP9 leave opacity out.
    const char *name = av->codec_name(parameters->codec_id);
    reader->is_vp8 = strcmp(name, "vp8") == 0;
    if (has_alpha) decoder = av->find_decoder_by_name(reader->is_vp8 ? "libvpx" : "libvpx-vp9");
    if (!decoder) decoder = av->find_decoder(parameters->codec_id);
    if (!decoder) return TM_AV_NONE;
    reader->codec = av->codec_alloc(decoder);
    if (!reader->codec) return TM_AV_NO_MEMORY;
    int status = av->parameters_to_context(reader->codec, parameters);
    if (status >= 0) status = av->opt_set(reader->codec, "max_pixels", most_pixels, 0);
    if (status >= 0) status = av->opt_set(reader->codec, "threads", "1", 0);
    if (status >= 0) status = av->codec_open(reader->codec, decoder, NULL);
    return status < 0 ? status : TM_AV_DONE;
}

/// Whether a stream of WebM says that it has opacity beside its colours.
static int says_alpha(const tm_libav *av, const tm_av_stream *stream) {
    // An entry of a dictionary is a pair of strings.
    const char *const *entry = av->dict_get(stream->metadata, "alpha_mode", NULL, 0);
    return entry && strcmp(entry[1], "1") == 0;
}

static void tell(const tm_av_reader *reader, int has_alpha, tm_av_facts *facts) {
    const tm_libav *av = &reader->av;
    const tm_av_stream *stream = reader->stream;
    const tm_av_parameters *parameters = stream->codecpar;
    const char *pixels = av->pixel_format_name(parameters->format);
    snprintf(facts->container, sizeof facts->container, "%s", reader->file->iformat->name);
    snprintf(facts->codec, sizeof facts->codec, "%s", av->codec_name(parameters->codec_id));
    snprintf(facts->pixels, sizeof facts->pixels, "%s", pixels ? pixels : "");
    facts->width = parameters->width;
    facts->height = parameters->height;
    facts->has_alpha = has_alpha;
    int sound = av->find_best_stream(reader->file, TM_AV_AUDIO, -1, -1, NULL, 0);
    if (sound >= 0) {
        const tm_av_parameters *heard = reader->file->streams[sound]->codecpar;
        snprintf(facts->sound_codec, sizeof facts->sound_codec, "%s", av->codec_name(heard->codec_id));
        facts->sound_rate = heard->sample_rate;
        facts->sound_channels = heard->ch_layout.nb_channels;
    }
    facts->color_primaries = parameters->color_primaries;
    facts->color_transfer = parameters->color_trc;
    facts->color_matrix = parameters->color_space;
    facts->color_range = parameters->color_range;
    facts->frame_count = stream->nb_frames;
    facts->time_base = stream->time_base;
    facts->mean_rate = stream->avg_frame_rate;
    facts->rate = stream->r_frame_rate;
    facts->stream_duration = stream->duration;
    facts->duration = reader->file->duration;
}

int tm_av_reader_open(
    const tm_libav *table, const char *format, const tm_av_source *source, int64_t most_pixels, tm_av_reader **reader,
    tm_av_facts *facts, char *message, size_t message_size) {
    tm_libav_forget();
    *reader = NULL;
    tm_av_reader *made = calloc(1, sizeof *made);
    if (!made) return TM_AV_NO_MEMORY;
    made->av = *table;
    made->source = *source;
    made->packet = table->packet_alloc();
    made->frame = table->frame_alloc();
    char most[32];
    snprintf(most, sizeof most, "%lld", (long long)most_pixels);
    int status = made->packet && made->frame ? open_file(made, format, most) : TM_AV_NO_MEMORY;
    int has_alpha = 0;
    if (!status) {
        int index = table->find_best_stream(made->file, TM_AV_VIDEO, -1, -1, NULL, 0);
        if (index < 0) {
            snprintf(message, message_size, "there is no video in it");
            status = TM_AV_NONE;
        } else {
            made->stream = made->file->streams[index];
            for (unsigned i = 0; i < made->file->nb_streams; i++) {
                if ((int)i != index) made->file->streams[i]->discard = DISCARD_ALL;
            }
            has_alpha = says_alpha(table, made->stream);
            const tm_av_parameters *parameters = made->stream->codecpar;
            if ((int64_t)parameters->width * parameters->height > most_pixels) {
                snprintf(message, message_size, "%d×%d", parameters->width, parameters->height);
                status = TM_AV_TOO_LARGE;
            } else {
                status = open_codec(made, has_alpha, most);
            }
            if (status == TM_AV_NONE) {
                snprintf(
                    message, message_size, "there is no decoder of %s",
                    table->codec_name(made->stream->codecpar->codec_id));
            }
        }
    }
    if (status) {
        if (status < 0) tm_libav_complaint(table, status, message, message_size);
        tm_av_reader_close(made);
        return status;
    }
    tell(made, has_alpha, facts);
    *reader = made;
    return TM_AV_DONE;
}

/// Reads the next packet of the stream.
static int next_packet(tm_av_reader *reader) {
    const tm_libav *av = &reader->av;
    for (;;) {
        av->packet_unref(reader->packet);
        int status = av->read_frame(reader->file, reader->packet);
        if (status == AV_END) return TM_AV_END;
        if (status < 0) return status;
        if (reader->packet->stream_index == reader->stream->index) return TM_AV_DONE;
    }
}

int tm_av_reader_pass(tm_av_reader *reader, int64_t *time, int64_t *duration, int *is_shown) {
    tm_libav_forget();
    int status = next_packet(reader);
    if (status) return status;
    const tm_av_packet *packet = reader->packet;
    // The file ended in the middle of it.
    if (packet->flags & PACKET_CORRUPT) return INVALID_DATA;
    *time = packet->pts != TM_AV_NO_TIME ? packet->pts : packet->dts;
    *duration = packet->duration;
    // VP8 has frames that are only there to be referred to (RFC 6386, section 9.1).
    *is_shown = !(reader->is_vp8 && packet->size > 0 && !(packet->data[0] & 0x10));
    return TM_AV_DONE;
}

int tm_av_reader_decode(tm_av_reader *reader, int *width, int *height) {
    const tm_libav *av = &reader->av;
    tm_libav_forget();
    for (;;) {
        int status = av->receive_frame(reader->codec, reader->frame);
        if (!status) break;
        if (status == AV_END) return TM_AV_END;
        if (status != AV_AGAIN || reader->is_drained) return status < 0 ? status : TM_AV_END;
        status = next_packet(reader);
        if (status < 0) return status;
        if (status == TM_AV_END) reader->is_drained = 1;
        status = av->send_packet(reader->codec, status == TM_AV_END ? NULL : reader->packet);
        if (status < 0) return status;
    }
    *width = reader->frame->width;
    *height = reader->frame->height;
    return TM_AV_DONE;
}

int tm_av_reader_pixels(tm_av_reader *reader, uint8_t *pixels, size_t bytes_per_row, int has_alpha) {
    const tm_libav *av = &reader->av;
    const tm_av_frame *frame = reader->frame;
    tm_libav_forget();
    if (bytes_per_row > INT_MAX || frame->width < 1 || frame->height < 1) return -EINVAL;
    int wanted[6] = {
        frame->width, frame->height, frame->format, has_alpha, frame->colorspace, frame->color_range,
    };
    if (!reader->scaler || memcmp(wanted, reader->scaled, sizeof wanted) != 0) {
        if (reader->scaler) av->scale_free(reader->scaler);
        reader->scaler = av->scale_context(
            frame->width, frame->height, frame->format, frame->width, frame->height,
            has_alpha ? TM_AV_RGBA : TM_AV_RGB24,
            TM_AV_SCALE_BICUBIC | TM_AV_SCALE_FULL_CHROMA_OUTPUT | TM_AV_SCALE_FULL_CHROMA_INPUT | TM_AV_SCALE_ACCURATE
                | TM_AV_SCALE_BIT_EXACT,
            NULL, NULL, NULL);
        if (!reader->scaler) return TM_AV_NO_MEMORY;
        // RGB has no matrix, which is answered by a number below 0 and does no harm.
        const int *matrix = av->scale_coefficients(frame->colorspace ? frame->colorspace : MATRIX_UNKNOWN);
        (void)av->scale_set_details(
            reader->scaler, matrix, frame->color_range == RANGE_FULL, matrix, 1, 0, 1 << 16, 1 << 16);
        memcpy(reader->scaled, wanted, sizeof wanted);
    }
    uint8_t *const to[4] = {pixels};
    const int strides[4] = {(int)bytes_per_row};
    int status =
        av->scale(reader->scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, to, strides);
    return status < 0 ? status : TM_AV_DONE;
}

void tm_av_reader_close(tm_av_reader *reader) {
    if (!reader) return;
    const tm_libav *av = &reader->av;
    if (reader->scaler) av->scale_free(reader->scaler);
    av->codec_free(&reader->codec);
    if (reader->file) av->close_input(&reader->file);
    if (reader->context) {
        // The buffer may be another one than was handed in.
        av->freep(&reader->context->buffer);
        av->io_free(&reader->context);
    }
    av->packet_free(&reader->packet);
    av->frame_free(&reader->frame);
    free(reader);
}
