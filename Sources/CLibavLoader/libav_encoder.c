#include "libav_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /// How many samples are sent at a time to codecs that take any number.
    SOUND_FRAME = 1024,
};

int tm_av_dictionary(
    const tm_libav *av, const tm_av_option *options, size_t count, void **dictionary, char *message, size_t size) {
    for (size_t i = 0; i < count; i++) {
        if (av->dict_set(dictionary, options[i].name, options[i].value, 0) < 0) {
            av->dict_free(dictionary);
            snprintf(message, size, "no memory");
            return TM_AV_NO_MEMORY;
        }
    }
    return TM_AV_DONE;
}

int tm_av_unused(
    const tm_libav *av, const tm_av_option *options, size_t count, void **dictionary, char *message, size_t size) {
    int status = TM_AV_DONE;
    for (size_t i = 0; i < count && !status; i++) {
        if (!av->dict_get(*dictionary, options[i].name, NULL, 0)) continue;
        snprintf(message, size, "%s", options[i].name);
        status = TM_AV_UNUSED_OPTION;
    }
    av->dict_free(dictionary);
    return status;
}

/// Makes what an encoder needs; `status` says how it went, and `encoder` is there unless there is no memory.
static int make(
    const tm_libav *table, const char *codec, const tm_av_codec **found, tm_av_encoder **encoder, char *message,
    size_t message_size) {
    tm_libav_forget();
    *found = table->find_encoder(codec);
    if (!*found) {
        snprintf(message, message_size, "%s", codec);
        return TM_AV_NONE;
    }
    tm_av_encoder *made = calloc(1, sizeof *made);
    if (!made) return TM_AV_NO_MEMORY;
    *encoder = made;
    made->av = *table;
    made->context = table->codec_alloc(*found);
    made->packet = table->packet_alloc();
    made->frame = table->frame_alloc();
    return made->context && made->packet && made->frame ? TM_AV_DONE : TM_AV_NO_MEMORY;
}

/// Opens the codec; every option has to be taken.
static int open_codec(
    tm_av_encoder *made, const tm_av_codec *codec, const tm_av_option *options, size_t option_count, char *message,
    size_t message_size) {
    const tm_libav *av = &made->av;
    void *dictionary = NULL;
    int status = tm_av_dictionary(av, options, option_count, &dictionary, message, message_size);
    if (!status) {
        status = av->codec_open(made->context, codec, &dictionary);
        if (status < 0) tm_libav_complaint(av, status, message, message_size);
    }
    if (status) {
        av->dict_free(&dictionary);
        return status;
    }
    return tm_av_unused(av, options, option_count, &dictionary, message, message_size);
}

/// Hands an encoder over, or ends it when something failed.
static int hand_over(tm_av_encoder *made, int status, tm_av_encoder **encoder) {
    if (status) {
        tm_av_encoder_close(made);
        made = NULL;
    }
    *encoder = made;
    return status;
}

int tm_av_encoder_open(
    const tm_libav *table, const char *codec, int width, int height, int format, const tm_av_option *options,
    size_t option_count, tm_av_encoder **encoder, char *message, size_t message_size) {
    const tm_av_codec *found = NULL;
    tm_av_encoder *made = NULL;
    int status = make(table, codec, &found, &made, message, message_size);
    if (!status) {
        char size[32];
        snprintf(size, sizeof size, "%dx%d", width, height);
        status = table->opt_set(made->context, "video_size", size, 0);
        if (!status) {
            const char *name = table->pixel_format_name(format);
            status = name ? table->opt_set(made->context, "pixel_format", name, 0) : TM_AV_NONE;
        }
        if (status < 0) tm_libav_complaint(table, status, message, message_size);
    }
    if (!status) status = open_codec(made, found, options, option_count, message, message_size);
    if (!status) {
        made->frame->width = width;
        made->frame->height = height;
        made->frame->format = format;
        // Rows at multiples of what the widest instructions of any codec ask for.
        status = table->frame_get_buffer(made->frame, 64);
        if (status < 0) tm_libav_complaint(table, status, message, message_size);
    }
    return hand_over(made, status, encoder);
}

int tm_av_sound_encoder_open(
    const tm_libav *table, const char *codec, int rate, int channels, int format, const tm_av_option *options,
    size_t option_count, tm_av_encoder **encoder, char *message, size_t message_size) {
    const tm_av_codec *found = NULL;
    tm_av_encoder *made = NULL;
    int status = make(table, codec, &found, &made, message, message_size);
    // There is no option for the format of samples.
    tm_av_parameters *parameters = status ? NULL : table->parameters_alloc();
    if (!status && !parameters) status = TM_AV_NO_MEMORY;
    if (!status) {
        parameters->codec_type = TM_AV_AUDIO;
        parameters->codec_id = found->id;
        parameters->format = format;
        parameters->sample_rate = rate;
        table->default_channels(&parameters->ch_layout, channels);
        status = table->parameters_to_context(made->context, parameters);
        if (status < 0) tm_libav_complaint(table, status, message, message_size);
    }
    if (!status) status = open_codec(made, found, options, option_count, message, message_size);
    if (!status) {
        // The codec has decided how many samples it takes at a time.
        status = table->parameters_from_context(parameters, made->context);
        made->samples = parameters->frame_size > 0 ? parameters->frame_size : SOUND_FRAME;
        made->frame->nb_samples = made->samples;
        made->frame->format = format;
        made->frame->sample_rate = rate;
        table->default_channels(&made->frame->ch_layout, channels);
        if (status >= 0) status = table->frame_get_buffer(made->frame, 0);
        if (status < 0) tm_libav_complaint(table, status, message, message_size);
    }
    if (parameters) table->parameters_free(&parameters);
    return hand_over(made, status, encoder);
}

int tm_av_encoder_samples(const tm_av_encoder *encoder) { return encoder->samples; }

tm_av_frame *tm_av_encoder_frame(tm_av_encoder *encoder) {
    return encoder->av.frame_make_writable(encoder->frame) < 0 ? NULL : encoder->frame;
}

int tm_av_encoder_send(tm_av_encoder *encoder, int64_t time) {
    tm_libav_forget();
    if (time < 0) return encoder->av.send_frame(encoder->context, NULL);
    encoder->frame->pts = time;
    return encoder->av.send_frame(encoder->context, encoder->frame);
}

int tm_av_encoder_receive(tm_av_encoder *encoder, tm_av_packet **packet) {
    encoder->av.packet_unref(encoder->packet);
    int status = encoder->av.receive_packet(encoder->context, encoder->packet);
    if (status == AV_AGAIN) return TM_AV_AGAIN;
    if (status == AV_END) return TM_AV_END;
    *packet = encoder->packet;
    return status;
}

void tm_av_encoder_close(tm_av_encoder *encoder) {
    if (!encoder) return;
    // Each of them takes a null pointer.
    encoder->av.codec_free(&encoder->context);
    encoder->av.packet_free(&encoder->packet);
    encoder->av.frame_free(&encoder->frame);
    free(encoder);
}
