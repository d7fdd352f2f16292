#include "CImageBarriers.h"

#include <png.h>
#include <setjmp.h>
#include <string.h>

/// What the callbacks of libpng share.
typedef struct state {
    const uint8_t *data;
    size_t count, offset;
    int strict;
    int status;
    tm_image_metadata metadata;
    tm_image_bytes write;
    void *context;
    tm_image_failure *failure;
} state;

static void copy_message(tm_image_failure *failure, const char *text) {
    size_t length = strlen(text);
    if (length >= sizeof failure->message) length = sizeof failure->message - 1;
    memcpy(failure->message, text, length);
    failure->message[length] = 0;
}

/// libpng has no error codes, only words.
static int status_of(const char *text) {
    if (strstr(text, "CRC error") || strstr(text, "incorrect data check")) return TM_IMAGE_CHECKSUM;
    if (strstr(text, "ut of memory") || strstr(text, "nsufficient memory")) return TM_IMAGE_MEMORY;
    if (strstr(text, "ot enough image data")) return TM_IMAGE_TRUNCATED;
    return TM_IMAGE_MALFORMED;
}

static void on_error(png_structp png, png_const_charp text) {
    state *s = png_get_error_ptr(png);
    if (s->status == TM_IMAGE_OK) {
        s->status = status_of(text);
        copy_message(s->failure, text);
    }
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    state *s = png_get_error_ptr(png);
    // A bad stream whose rows are all there is a "benign error" to libpng. Not here, unless checksums are ignored.
    if (s->strict && strncmp(text, "IDAT: ", 6) == 0) png_error(png, text);
    if (s->metadata) s->metadata(s->context, TM_IMAGE_WARNING, "", (const uint8_t *)text, strlen(text));
}

/// Ends the operation with `status`, as if libpng had raised it.
static void raise(png_structp png, state *s, int status, const char *text) {
    s->status = status;
    copy_message(s->failure, text);
    png_longjmp(png, 1);
}

static void on_read(png_structp png, png_bytep bytes, size_t length) {
    state *s = png_get_io_ptr(png);
    if (s->count - s->offset < length) raise(png, s, TM_IMAGE_TRUNCATED, "the data ends inside a chunk");
    memcpy(bytes, s->data + s->offset, length);
    s->offset += length;
}

static void on_write(png_structp png, png_bytep bytes, size_t length) {
    state *s = png_get_io_ptr(png);
    if (s->write(s->context, bytes, length) != TM_IMAGE_CONTINUE) raise(png, s, TM_IMAGE_CALLBACK, "the sink failed");
}

static void on_flush(png_structp png) { (void)png; }

static int is_little_endian(void) {
    const uint16_t one = 1;
    return *(const uint8_t *)&one;
}

// MARK: Decoding

static void hand_out_text(png_structp png, png_infop info, state *s) {
    png_textp texts = NULL;
    int count = 0;
    png_get_text(png, info, &texts, &count);
    for (int i = 0; i < count; i++) {
        size_t length = texts[i].compression > 0 ? texts[i].itxt_length : texts[i].text_length;
        if (texts[i].key && texts[i].text)
            s->metadata(s->context, TM_IMAGE_TEXT, texts[i].key, (const uint8_t *)texts[i].text, length);
    }
}

static void hand_out_exif(png_structp png, png_infop info, state *s) {
#ifdef PNG_eXIf_SUPPORTED
    png_bytep exif = NULL;
    png_uint_32 count = 0;
    if (png_get_eXIf_1(png, info, &count, &exif) && exif && count)
        s->metadata(s->context, TM_IMAGE_EXIF, "", exif, count);
#endif
}

static void hand_out_metadata(png_structp png, png_infop info, state *s) {
    png_charp name = NULL;
    png_bytep profile = NULL;
    png_uint_32 count = 0;
    int compression = 0;
    if (png_get_iCCP(png, info, &name, &compression, &profile, &count) && profile)
        s->metadata(s->context, TM_IMAGE_ICC, name ? name : "", profile, count);
    hand_out_exif(png, info, s);
    hand_out_text(png, info, s);
}

static void describe(png_structp png, png_infop info, tm_png_header *h) {
    memset(h, 0, sizeof *h);
    h->width = png_get_image_width(png, info);
    h->height = png_get_image_height(png, info);
    h->bit_depth = png_get_bit_depth(png, info);
    h->color_type = png_get_color_type(png, info);
    h->interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
    h->has_transparency = png_get_valid(png, info, PNG_INFO_tRNS) != 0;

    png_colorp colors = NULL;
    int count = 0;
    if (h->color_type == PNG_COLOR_TYPE_PALETTE && png_get_PLTE(png, info, &colors, &count) && count <= 256) {
        h->palette_count = (uint16_t)count;
        for (int i = 0; i < count; i++) {
            h->palette[4 * i] = colors[i].red;
            h->palette[4 * i + 1] = colors[i].green;
            h->palette[4 * i + 2] = colors[i].blue;
            h->palette[4 * i + 3] = 255;
        }
        png_bytep alpha = NULL;
        int alpha_count = 0;
        if (png_get_tRNS(png, info, &alpha, &alpha_count, NULL) && alpha)
            for (int i = 0; i < alpha_count && i < count; i++) h->palette[4 * i + 3] = alpha[i];
    }

    h->srgb_intent = -1;
    int intent = 0;
    if (png_get_sRGB(png, info, &intent)) h->srgb_intent = intent;
    png_fixed_point gamma = 0;
    if (png_get_gAMA_fixed(png, info, &gamma)) h->gamma = gamma;
    int unit = 0;
    png_uint_32 x = 0, y = 0;
    if (png_get_pHYs(png, info, &x, &y, &unit)) {
        h->density_x = x;
        h->density_y = y;
        h->density_unit = unit == PNG_RESOLUTION_METER;
    }
}

/// Keeps what is stored: packed samples get a byte each, 16 bits the processor's order, a transparent colour a channel.
static void choose_transforms(png_structp png, tm_png_header *h) {
    h->sample_bits = h->bit_depth;
    switch (h->color_type) {
    case PNG_COLOR_TYPE_RGB: h->channels = 3; break;
    case PNG_COLOR_TYPE_GRAY_ALPHA: h->channels = 2; break;
    case PNG_COLOR_TYPE_RGB_ALPHA: h->channels = 4; break;
    default: h->channels = 1; break;
    }
    if (h->has_transparency && h->color_type != PNG_COLOR_TYPE_PALETTE && (h->channels & 1)) {
        png_set_tRNS_to_alpha(png);
        h->channels += 1;
        if (h->sample_bits < 8) h->sample_bits = 8;
    } else if (h->bit_depth < 8) {
        png_set_packing(png);
    }
    if (h->bit_depth == 16 && is_little_endian()) png_set_swap(png);
}

int tm_png_decode(
    const uint8_t *data, size_t count, int ignores_checksums, tm_png_begin begin, tm_image_metadata metadata,
    void *context, tm_image_failure *failure) {
    memset(failure, 0, sizeof *failure);
    state s = {.data = data, .count = count, .strict = !ignores_checksums, .metadata = metadata, .context = context,
               .failure = failure};
    png_infop volatile info = NULL;
    png_infop volatile end = NULL;
    png_structp volatile png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &s, on_error, on_warning);
    if (!png) {
        copy_message(failure, "libpng could not start");
        return failure->status = TM_IMAGE_LIBRARY;
    }
    if (setjmp(png_jmpbuf(png))) goto done;

    info = png_create_info_struct(png);
    end = png_create_info_struct(png);
    if (!info || !end) raise(png, &s, TM_IMAGE_MEMORY, "libpng could not start");
    png_set_read_fn(png, &s, on_read);
    // The caller compares the size with its own limits, in `begin`, before a row is allocated.
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_cache_max(png, 1000);
    png_set_chunk_malloc_max(png, 8000000);
    if (ignores_checksums) {
        png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
#ifdef PNG_IGNORE_ADLER32
        png_set_option(png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
#endif
    } else {
        png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    }
    png_read_info(png, info);

    tm_png_header header;
    describe(png, info, &header);
    choose_transforms(png, &header);
    hand_out_metadata(png, info, &s);

    uint8_t *pixels = NULL;
    size_t row_bytes = 0;
    int answer = begin(context, &header, &pixels, &row_bytes);
    if (answer == TM_IMAGE_STOP) goto done;
    if (answer != TM_IMAGE_CONTINUE) raise(png, &s, TM_IMAGE_CALLBACK, "the caller refused the header");

    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != row_bytes) raise(png, &s, TM_IMAGE_LIBRARY, "a row has an unexpected length");
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < header.height; y++) png_read_row(png, pixels + (size_t)y * row_bytes, NULL);
    png_read_end(png, end);
    hand_out_exif(png, end, &s);
    hand_out_text(png, end, &s);

done:;
    png_structp reader = png;
    png_infop first = info, last = end;
    png_destroy_read_struct(&reader, &first, &last);
    return failure->status = s.status;
}

// MARK: Encoding

int tm_png_encode(
    const tm_png_layout *layout, uint32_t band_rows, tm_image_rows rows, tm_image_bytes write,
    tm_image_metadata metadata, void *context, tm_image_failure *failure) {
    memset(failure, 0, sizeof *failure);
    state s = {.write = write, .metadata = metadata, .context = context, .failure = failure};
    png_infop volatile info = NULL;
    png_structp volatile png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &s, on_error, on_warning);
    if (!png) {
        copy_message(failure, "libpng could not start");
        return failure->status = TM_IMAGE_LIBRARY;
    }
    if (setjmp(png_jmpbuf(png))) goto done;

    info = png_create_info_struct(png);
    if (!info) raise(png, &s, TM_IMAGE_MEMORY, "libpng could not start");
    png_set_write_fn(png, &s, on_write, on_flush);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_compression_level(png, layout->level);
    if (layout->strategy >= 0) png_set_compression_strategy(png, layout->strategy);
    png_set_IHDR(
        png, info, layout->width, layout->height, layout->bit_depth, layout->color_type,
        layout->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
        PNG_FILTER_TYPE_DEFAULT);
    if (layout->filters) png_set_filter(png, PNG_FILTER_TYPE_BASE, (layout->filters & 0x1F) << 3);
    if (layout->palette_count) {
        png_color colors[256];
        png_byte alpha[256];
        int count = layout->palette_count <= 256 ? layout->palette_count : 256, translucent = 0;
        for (int i = 0; i < count; i++) {
            colors[i].red = layout->palette[4 * i];
            colors[i].green = layout->palette[4 * i + 1];
            colors[i].blue = layout->palette[4 * i + 2];
            alpha[i] = layout->palette[4 * i + 3];
            if (alpha[i] != 255) translucent = i + 1;
        }
        png_set_PLTE(png, info, colors, count);
        if (translucent) png_set_tRNS(png, info, alpha, translucent, NULL);
    }
    png_write_info(png, info);
    if (layout->bit_depth < 8) png_set_packing(png);
    if (layout->bit_depth == 16 && is_little_endian()) png_set_swap(png);

    int channels = png_get_channels(png, info);
    size_t row_bytes = (size_t)layout->width * (size_t)channels * (layout->bit_depth == 16 ? 2 : 1);
    int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < layout->height; y += band_rows) {
            uint32_t count = layout->height - y < band_rows ? layout->height - y : band_rows;
            const uint8_t *band = NULL;
            if (rows(context, y, count, &band) != TM_IMAGE_CONTINUE)
                raise(png, &s, TM_IMAGE_CALLBACK, "the source failed");
            for (uint32_t i = 0; i < count; i++) png_write_row(png, band + i * row_bytes);
            // A band that ends at 2³² would start again.
            if (layout->height - y <= band_rows) break;
        }
    }
    png_write_end(png, NULL);

done:;
    png_structp writer = png;
    png_infop first = info;
    png_destroy_write_struct(&writer, &first);
    return failure->status = s.status;
}

unsigned tm_png_version(void) { return png_access_version_number(); }
