#include "libav_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int tm_av_encoder_open(
    const tm_libav *table, const char *codec, int width, int height, int format, const tm_av_option *options,
    size_t option_count, tm_av_encoder **encoder, char *message, size_t message_size) {
    tm_libav_forget();
    const tm_av_codec *found = table->find_encoder(codec);
    if (!found) {
        snprintf(message, message_size, "%s", codec);
        return TM_AV_NONE;
    }
    tm_av_encoder *made = calloc(1, sizeof *made);
    if (!made) return TM_AV_NO_MEMORY;
    made->av = *table;
    made->context = table->codec_alloc(found);
    made->packet = table->packet_alloc();
    made->frame = table->frame_alloc();
    void *dictionary = NULL;
    int status = made->context && made->packet && made->frame ? TM_AV_DONE : TM_AV_NO_MEMORY;
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
    if (!status) status = tm_av_dictionary(table, options, option_count, &dictionary, message, message_size);
    if (!status) {
        status = table->codec_open(made->context, found, &dictionary);
        if (status < 0) tm_libav_complaint(table, status, message, message_size);
    }
    if (status) {
        table->dict_free(&dictionary);
    } else {
        status = tm_av_unused(table, options, option_count, &dictionary, message, message_size);
    }
    if (!status) {
        made->frame->width = width;
        made->frame->height = height;
        made->frame->format = format;
        // Rows at multiples of what the widest instructions of any codec ask for.
        status = table->frame_get_buffer(made->frame, 64);
        if (status < 0) tm_libav_complaint(table, status, message, message_size);
    }
    if (status) {
        tm_av_encoder_close(made);
        return status;
    }
    *encoder = made;
    return TM_AV_DONE;
}

tm_av_frame *tm_av_encoder_frame(tm_av_encoder *encoder) {
    return encoder->av.frame_make_writable(encoder->frame) < 0 ? NULL : encoder->frame;
}

int tm_av_encoder_send(tm_av_encoder *encoder, int64_t number) {
    tm_libav_forget();
    if (number < 0) return encoder->av.send_frame(encoder->context, NULL);
    encoder->frame->pts = number;
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
