#include "libav_parts.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    // Numbers of libav, from <libavcodec/defs.h>, <libavcodec/packet.h>, <libavutil/pixfmt.h>.
    PACKET_CORRUPT = 2,
    RANGE_FULL = 2,
    MATRIX_UNKNOWN = 2,
};

#define INVALID_DATA TM_AV_ERROR('I', 'N', 'D', 'A')

struct tm_av_reader {
    tm_av_input input;
    int is_vp8;
    /// The conversion to RGB, and for what it was made.
    void *scaler;
    int scaled[6];
};

static int open_codec(tm_av_reader *reader, int has_alpha, const char *most_pixels) {
    const tm_libav *av = &reader->input.av;
    const tm_av_parameters *parameters = reader->input.stream->codecpar;
    const tm_av_codec *decoder = NULL;
    // libav's own decoders of VP8 and VP9 leave opacity out.
    const char *name = av->codec_name(parameters->codec_id);
    reader->is_vp8 = strcmp(name, "vp8") == 0;
    if (has_alpha) decoder = av->find_decoder_by_name(reader->is_vp8 ? "libvpx" : "libvpx-vp9");
    if (!decoder) decoder = av->find_decoder(parameters->codec_id);
    if (!decoder) return TM_AV_NONE;
    void *codec = reader->input.codec = av->codec_alloc(decoder);
    if (!codec) return TM_AV_NO_MEMORY;
    int status = av->parameters_to_context(codec, parameters);
    if (status >= 0) status = av->opt_set(codec, "max_pixels", most_pixels, 0);
    if (status >= 0) status = av->opt_set(codec, "threads", "1", 0);
    if (status >= 0) status = av->codec_open(codec, decoder, NULL);
    return status < 0 ? status : TM_AV_DONE;
}

/// Whether a stream of WebM says that it has opacity beside its colours.
static int says_alpha(const tm_libav *av, const tm_av_stream *stream) {
    // An entry of a dictionary is a pair of strings.
    const char *const *entry = av->dict_get(stream->metadata, "alpha_mode", NULL, 0);
    return entry && strcmp(entry[1], "1") == 0;
}

static void tell(const tm_av_reader *reader, int has_alpha, tm_av_facts *facts) {
    const tm_libav *av = &reader->input.av;
    tm_av_format *file = reader->input.file;
    const tm_av_stream *stream = reader->input.stream;
    const tm_av_parameters *parameters = stream->codecpar;
    const char *pixels = av->pixel_format_name(parameters->format);
    snprintf(facts->container, sizeof facts->container, "%s", file->iformat->name);
    snprintf(facts->codec, sizeof facts->codec, "%s", av->codec_name(parameters->codec_id));
    snprintf(facts->pixels, sizeof facts->pixels, "%s", pixels ? pixels : "");
    facts->width = parameters->width;
    facts->height = parameters->height;
    facts->has_alpha = has_alpha;
    int sound = av->find_best_stream(file, TM_AV_AUDIO, -1, -1, NULL, 0);
    if (sound >= 0) {
        const tm_av_parameters *heard = file->streams[sound]->codecpar;
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
    facts->duration = file->duration;
}

int tm_av_reader_open(
    const tm_libav *table, const char *format, const tm_av_source *source, int64_t most_pixels, tm_av_reader **reader,
    tm_av_facts *facts, char *message, size_t message_size) {
    tm_libav_forget();
    *reader = NULL;
    tm_av_reader *made = calloc(1, sizeof *made);
    if (!made) return TM_AV_NO_MEMORY;
    char most[32];
    snprintf(most, sizeof most, "%lld", (long long)most_pixels);
    int status = tm_av_input_open(&made->input, table, format, source, most);
    int has_alpha = 0;
    if (!status) {
        status = tm_av_input_choose(&made->input, TM_AV_VIDEO);
        if (status) snprintf(message, message_size, "there is no video in it");
    }
    if (!status) {
        const tm_av_parameters *parameters = made->input.stream->codecpar;
        has_alpha = says_alpha(table, made->input.stream);
        if ((int64_t)parameters->width * parameters->height > most_pixels) {
            snprintf(message, message_size, "%d×%d", parameters->width, parameters->height);
            status = TM_AV_TOO_LARGE;
        } else {
            status = open_codec(made, has_alpha, most);
        }
        if (status == TM_AV_NONE) {
            snprintf(message, message_size, "there is no decoder of %s", table->codec_name(parameters->codec_id));
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

int tm_av_reader_pass(tm_av_reader *reader, int64_t *time, int64_t *duration, int *is_shown) {
    tm_libav_forget();
    int status = tm_av_input_next(&reader->input);
    if (status) return status;
    const tm_av_packet *packet = reader->input.packet;
    // The file ended in the middle of it.
    if (packet->flags & PACKET_CORRUPT) return INVALID_DATA;
    *time = packet->pts != TM_AV_NO_TIME ? packet->pts : packet->dts;
    *duration = packet->duration;
    // VP8 has frames that are only there to be referred to (RFC 6386, section 9.1).
    *is_shown = !(reader->is_vp8 && packet->size > 0 && !(packet->data[0] & 0x10));
    return TM_AV_DONE;
}

int tm_av_reader_decode(tm_av_reader *reader, int *width, int *height) {
    tm_libav_forget();
    int status = tm_av_input_decode(&reader->input);
    if (status) return status;
    *width = reader->input.frame->width;
    *height = reader->input.frame->height;
    return TM_AV_DONE;
}

int tm_av_reader_pixels(tm_av_reader *reader, uint8_t *pixels, size_t bytes_per_row, int has_alpha) {
    const tm_libav *av = &reader->input.av;
    const tm_av_frame *frame = reader->input.frame;
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
    if (reader->scaler) reader->input.av.scale_free(reader->scaler);
    tm_av_input_close(&reader->input);
    free(reader);
}
