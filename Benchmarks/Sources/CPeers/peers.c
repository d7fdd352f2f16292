#include "CPeers.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// jpeglib.h needs FILE and does not include stdio.h.
#include <jpeglib.h>
#include <png.h>

static void append(png_structp png, png_bytep bytes, size_t count) {
    peer_buffer *out = png_get_io_ptr(png);
    if (out->count + count > out->capacity) {
        size_t capacity = (out->count + count) * 2;
        uint8_t *grown = realloc(out->bytes, capacity);
        if (grown == NULL) png_error(png, "no memory");
        out->bytes = grown;
        out->capacity = capacity;
    }
    memcpy(out->bytes + out->count, bytes, count);
    out->count += count;
}

static void flush(png_structp png) { (void)png; }

int peer_png(const uint8_t *rows, uint32_t width, uint32_t height, int channels, int bits, int level, peer_buffer *out) {
    static const int kinds[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    out->count = 0;
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return 1;
    }
    png_set_write_fn(png, out, append, flush);
    png_set_IHDR(png, info, width, height, bits, kinds[channels], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png, level);
    png_write_info(png, info);
    if (bits == 16) png_set_swap(png);
    size_t stride = (size_t)width * (size_t)channels * (size_t)(bits / 8);
    for (uint32_t y = 0; y < height; y++) png_write_row(png, rows + (size_t)y * stride);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return 0;
}

struct escaping_error {
    struct jpeg_error_mgr manager;
    jmp_buf escape;
};

static void escape(j_common_ptr common) { longjmp(((struct escaping_error *)common->err)->escape, 1); }

int peer_jpeg(const uint8_t *rows, uint32_t width, uint32_t height, int channels, int quality, int full_chroma,
              peer_buffer *out) {
    struct jpeg_compress_struct jpeg;
    struct escaping_error error;
    jpeg.err = jpeg_std_error(&error.manager);
    error.manager.error_exit = escape;
    unsigned char *bytes = out->bytes;
    unsigned long count = out->capacity;
    if (setjmp(error.escape)) {
        jpeg_destroy_compress(&jpeg);
        return 1;
    }
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &count);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = channels;
    jpeg.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    if (full_chroma && channels == 3) jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < height) {
        JSAMPROW row = (JSAMPROW)(rows + (size_t)jpeg.next_scanline * width * (size_t)channels);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    if (bytes != out->bytes) {
        // libjpeg grew the buffer: its own is on the heap, ours is not used any more.
        free(out->bytes);
        out->bytes = bytes;
        out->capacity = count;
    }
    out->count = count;
    return 0;
}

void peer_free(peer_buffer *buffer) {
    free(buffer->bytes);
    memset(buffer, 0, sizeof *buffer);
}

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double peer_thread_seconds(void) { return seconds(CLOCK_THREAD_CPUTIME_ID); }
double peer_wall_seconds(void) { return seconds(CLOCK_MONOTONIC); }
double peer_process_seconds(void) { return seconds(CLOCK_PROCESS_CPUTIME_ID); }

int peer_copy(const char *input, const char *temporary, const char *output, const void *bytes, size_t count) {
    static void *buffer;
    static size_t capacity;
    struct stat status;
    int file = open(input, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 1;
    if (fstat(file, &status) != 0) return 1;
    size_t size = (size_t)status.st_size;
    if (size > capacity) {
        void *grown = realloc(buffer, size);
        if (grown == NULL) return 1;
        buffer = grown;
        capacity = size;
    }
    if (read(file, buffer, size) != (ssize_t)size) return 1;
    close(file);
    file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) return 1;
    if (write(file, bytes, count) != (ssize_t)count) return 1;
    if (close(file) != 0) return 1;
    return rename(temporary, output) != 0;
}
