#include "CLibavLoader.h"

#include "CDynamicLibrary.h"

#include <stdio.h>
#include <string.h>

// What libav said last on this thread; a buffer of a thread, since codecs of several clips run beside each other.
static _Thread_local char complaint[256];

// Levels up to this are errors.
enum { LOG_ERROR = 16 };

static void keep(void *object, int level, const char *format, va_list arguments) {
    (void)object;
    if (level > LOG_ERROR) return;
    // The first complaint of a failure is the most exact one; those of the levels above follow it.
    if (complaint[0]) return;
    vsnprintf(complaint, sizeof complaint, format, arguments);
    complaint[strcspn(complaint, "\n")] = 0;
    size_t length = strlen(complaint);
    while (length > 0 && (complaint[length - 1] == '.' || complaint[length - 1] == ' ')) complaint[--length] = 0;
}

void tm_libav_forget(void) { complaint[0] = 0; }

void tm_libav_complaint(const tm_libav *table, int error, char *message, size_t message_size) {
    char meaning[128] = "";
    if (table->strerror(error, meaning, sizeof meaning) < 0) snprintf(meaning, sizeof meaning, "error %d", error);
    if (complaint[0]) {
        snprintf(message, message_size, "%s (%s)", complaint, meaning);
    } else {
        snprintf(message, message_size, "%s", meaning);
    }
    tm_libav_forget();
}

static int check(
    void *library, const char *library_name, const char *function, unsigned major, unsigned (**version)(void),
    char *message, size_t message_size) {
    if (!tm_library_find(library, function, version, sizeof *version, message, message_size)) return TM_AV_INCOMPLETE;
    unsigned number = (*version)();
    if (number >> 16 == major) return TM_AV_OPENED;
    snprintf(
        message, message_size, "%s is version %u.%u.%u, %u is needed", library_name, number >> 16, number >> 8 & 255,
        number & 255, major);
    return TM_AV_OTHER_VERSION;
}

int tm_libav_open(const tm_libav_names *names, tm_libav *table, char *message, size_t message_size) {
    // The one that needs no other goes first: its version tells most cheaply that there is another FFmpeg.
    void *util = tm_library_open(names->util, message, message_size);
    if (!util) return TM_AV_NOT_FOUND;
    int status = check(
        util, "libavutil", "avutil_version", TM_AV_UTIL_MAJOR, &table->util_version, message, message_size);
    if (status) return status;
    void *codec = tm_library_open(names->codec, message, message_size);
    void *format = codec ? tm_library_open(names->format, message, message_size) : NULL;
    void *scale = format ? tm_library_open(names->scale, message, message_size) : NULL;
    if (!scale) return TM_AV_NOT_FOUND;
    status = check(
        codec, "libavcodec", "avcodec_version", TM_AV_CODEC_MAJOR, &table->codec_version, message, message_size);
    if (status) return status;
    status = check(
        format, "libavformat", "avformat_version", TM_AV_FORMAT_MAJOR, &table->format_version, message, message_size);
    if (status) return status;
    status = check(
        scale, "libswscale", "swscale_version", TM_AV_SCALE_MAJOR, &table->scale_version, message, message_size);
    if (status) return status;

#define FIND(library, member, symbol) \
    tm_library_find(library, symbol, &table->member, sizeof table->member, message, message_size)
    int found =
        FIND(util, strerror, "av_strerror") && FIND(util, log_set_callback, "av_log_set_callback") &&
        FIND(util, malloc, "av_malloc") && FIND(util, freep, "av_freep") && FIND(util, dict_set, "av_dict_set") &&
        FIND(util, dict_get, "av_dict_get") && FIND(util, dict_free, "av_dict_free") &&
        FIND(util, opt_set, "av_opt_set") && FIND(util, frame_alloc, "av_frame_alloc") &&
        FIND(util, frame_free, "av_frame_free") &&
        FIND(util, frame_get_buffer, "av_frame_get_buffer") &&
        FIND(util, frame_make_writable, "av_frame_make_writable") &&
        FIND(util, pixel_format_name, "av_get_pix_fmt_name") &&
        FIND(util, default_channels, "av_channel_layout_default") &&
        FIND(codec, find_encoder, "avcodec_find_encoder_by_name") && FIND(codec, find_decoder, "avcodec_find_decoder") &&
        FIND(codec, find_decoder_by_name, "avcodec_find_decoder_by_name") &&
        FIND(codec, codec_name, "avcodec_get_name") && FIND(codec, codec_alloc, "avcodec_alloc_context3") &&
        FIND(codec, codec_free, "avcodec_free_context") && FIND(codec, codec_open, "avcodec_open2") &&
        FIND(codec, parameters_alloc, "avcodec_parameters_alloc") &&
        FIND(codec, parameters_free, "avcodec_parameters_free") &&
        FIND(codec, parameters_from_context, "avcodec_parameters_from_context") &&
        FIND(codec, parameters_to_context, "avcodec_parameters_to_context") &&
        FIND(codec, parameters_copy, "avcodec_parameters_copy") && FIND(codec, find_filter, "av_bsf_get_by_name") &&
        FIND(codec, filter_alloc, "av_bsf_alloc") && FIND(codec, filter_init, "av_bsf_init") &&
        FIND(codec, filter_free, "av_bsf_free") &&
        FIND(codec, send_frame, "avcodec_send_frame") && FIND(codec, receive_packet, "avcodec_receive_packet") &&
        FIND(codec, send_packet, "avcodec_send_packet") && FIND(codec, receive_frame, "avcodec_receive_frame") &&
        FIND(codec, packet_alloc, "av_packet_alloc") && FIND(codec, packet_free, "av_packet_free") &&
        FIND(codec, packet_unref, "av_packet_unref") && FIND(format, format_alloc, "avformat_alloc_context") &&
        FIND(format, alloc_output, "avformat_alloc_output_context2") &&
        FIND(format, format_free, "avformat_free_context") && FIND(format, new_stream, "avformat_new_stream") &&
        FIND(format, write_header, "avformat_write_header") &&
        FIND(format, write_frame, "av_interleaved_write_frame") &&
        FIND(format, write_trailer, "av_write_trailer") && FIND(format, find_input_format, "av_find_input_format") &&
        FIND(format, open_input, "avformat_open_input") &&
        FIND(format, find_stream_info, "avformat_find_stream_info") &&
        FIND(format, find_best_stream, "av_find_best_stream") && FIND(format, read_frame, "av_read_frame") &&
        FIND(format, close_input, "avformat_close_input") &&
        FIND(format, io_alloc, "avio_alloc_context") && FIND(format, io_free, "avio_context_free") &&
        FIND(format, io_flush, "avio_flush") && FIND(scale, scale_context, "sws_getContext") &&
        FIND(scale, scale_free, "sws_freeContext") && FIND(scale, scale, "sws_scale") &&
        FIND(scale, scale_coefficients, "sws_getCoefficients") &&
        FIND(scale, scale_set_details, "sws_setColorspaceDetails");
#undef FIND
    if (!found) return TM_AV_INCOMPLETE;
    table->log_set_callback(keep);
    return TM_AV_OPENED;
}
