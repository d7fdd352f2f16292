// bare-codec CODEC PIXELS WIDTH HEIGHT RUNS FRAMES.yuv NAME=VALUE...
//
// The least that a video costs: an encoder of libavcodec that is fed ready frames, which lie in memory one after the other
// and are not copied, and whose packets are counted and thrown away. Prints a line of JSON: the processor milliseconds of the
// first run and the least of the others, from opening the encoder to closing it; the bytes of all packets; the most resident
// memory, and how much of it the frames are.
#include <libavcodec/avcodec.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int fail(const char *what) {
    fprintf(stderr, "bare-codec: %s\n", what);
    return 1;
}

static double milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1e3 + time.tv_nsec * 1e-6;
}

static uint8_t *load(const char *path, size_t *count) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    rewind(file);
    uint8_t *bytes = size > 0 ? malloc(size) : NULL;
    *count = bytes != NULL ? fread(bytes, 1, size, file) : 0;
    fclose(file);
    return bytes;
}

static long long peak(void) {
    FILE *file = fopen("/proc/self/status", "r");
    if (file == NULL) return -1;
    char line[256];
    long long kilobytes = -1;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "VmHWM: %lld", &kilobytes) == 1) break;
    }
    fclose(file);
    return kilobytes < 0 ? -1 : kilobytes * 1024;
}

static void keep(void *opaque, uint8_t *data) {
    (void)opaque;
    (void)data;
}

static int take(AVCodecContext *encoder, AVPacket *packet, long long *bytes) {
    int status;
    while ((status = avcodec_receive_packet(encoder, packet)) == 0) {
        *bytes += packet->size;
        av_packet_unref(packet);
    }
    return status == AVERROR(EAGAIN) || status == AVERROR_EOF ? 0 : status;
}

/// Encodes all frames once. The bytes of the packets, or a negative number.
static long long encode(const AVCodec *codec, enum AVPixelFormat format, int width, int height, uint8_t *frames,
                        size_t count, char **options, int option_count) {
    const int size = av_image_get_buffer_size(format, width, height, 1);
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    AVFrame *frame = av_frame_alloc();
    AVPacket *packet = av_packet_alloc();
    AVDictionary *dictionary = NULL;
    if (size <= 0 || encoder == NULL || frame == NULL || packet == NULL) return -1;
    encoder->width = width;
    encoder->height = height;
    encoder->pix_fmt = format;
    for (int i = 0; i < option_count; i++) {
        char *value = strchr(options[i], '=');
        if (value == NULL) return fail(options[i]) - 2;
        char name[64] = {0};
        memcpy(name, options[i], (size_t)(value - options[i]) < sizeof name ? (size_t)(value - options[i]) : 0);
        av_dict_set(&dictionary, name, value + 1, 0);
    }
    if (avcodec_open2(encoder, codec, &dictionary) < 0) return fail("the encoder does not open") - 2;
    if (av_dict_count(dictionary) > 0) return fail("an option that nobody takes") - 2;
    long long bytes = 0;
    int status = 0;
    for (size_t i = 0; i < count / size && status == 0; i++) {
        frame->buf[0] = av_buffer_create(frames + i * size, size, keep, NULL, AV_BUFFER_FLAG_READONLY);
        av_image_fill_arrays(frame->data, frame->linesize, frames + i * size, format, width, height, 1);
        frame->format = format;
        frame->width = width;
        frame->height = height;
        frame->pts = i;
        status = avcodec_send_frame(encoder, frame);
        av_frame_unref(frame);
        if (status == 0) status = take(encoder, packet, &bytes);
    }
    if (status == 0) status = avcodec_send_frame(encoder, NULL);
    if (status == 0) status = take(encoder, packet, &bytes);
    av_frame_free(&frame);
    av_packet_free(&packet);
    avcodec_free_context(&encoder);
    return status < 0 ? -1 : bytes;
}

int main(int argc, char **argv) {
    if (argc < 7) return fail("usage: bare-codec CODEC PIXELS WIDTH HEIGHT RUNS FRAMES.yuv NAME=VALUE...");
    av_log_set_level(AV_LOG_ERROR);
    const AVCodec *codec = avcodec_find_encoder_by_name(argv[1]);
    const enum AVPixelFormat format = av_get_pix_fmt(argv[2]);
    if (codec == NULL || format == AV_PIX_FMT_NONE) return fail("no such encoder or pixels");
    size_t count = 0;
    uint8_t *frames = load(argv[6], &count);
    if (frames == NULL) return fail("no frames");
    double first = -1, best = -1;
    long long bytes = 0;
    for (int run = 0; run < atoi(argv[5]); run++) {
        const double start = milliseconds();
        bytes = encode(codec, format, atoi(argv[3]), atoi(argv[4]), frames, count, argv + 7, argc - 7);
        const double time = milliseconds() - start;
        if (bytes < 0) return fail("the encoder fails");
        if (run == 0) first = time;
        if (run > 0 && (best < 0 || time < best)) best = time;
    }
    printf("{\"first_ms\": %f, \"ms\": %f, \"bytes\": %lld, \"peak\": %lld, \"input\": %zu}\n", first,
           best < 0 ? first : best, bytes, peak(), count);
    return 0;
}
