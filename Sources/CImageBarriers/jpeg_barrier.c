#include "CImageBarriers.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

enum { OUTPUT_BYTES = 1 << 16 };

/// What the callbacks of libjpeg share. The library's structs come first, so that a pointer to them leads here.
typedef struct state {
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_destination_mgr destination;
    jmp_buf jump;
    uint32_t scans;
    int accepts_truncated, saw_end;
    int status;
    tm_image_metadata metadata;
    tm_image_bytes write;
    void *context;
    tm_image_failure *failure;
    uint8_t *output;
} state;

static state *state_of(j_common_ptr info) { return (state *)info->err; }

static void copy_message(tm_image_failure *failure, const char *text) {
    size_t length = strlen(text);
    if (length >= sizeof failure->message) length = sizeof failure->message - 1;
    memcpy(failure->message, text, length);
    failure->message[length] = 0;
}

/// Ends the operation with `status`, as if libjpeg had raised it.
static void raise(j_common_ptr info, int status, const char *text) {
    state *s = state_of(info);
    s->status = status;
    copy_message(s->failure, text);
    longjmp(s->jump, 1);
}

static int status_of(int code) {
    switch (code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
    case JERR_WIDTH_OVERFLOW: return TM_IMAGE_MEMORY;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_ARITH_NOTIMPL: return TM_IMAGE_UNSUPPORTED;
    case JERR_INPUT_EMPTY:
    case JERR_INPUT_EOF: return TM_IMAGE_TRUNCATED;
    default: return TM_IMAGE_MALFORMED;
    }
}

static void on_error(j_common_ptr info) {
    char text[JMSG_LENGTH_MAX];
    info->err->format_message(info, text);
    // What follows the end of the data is the end's fault.
    raise(info, state_of(info)->saw_end ? TM_IMAGE_TRUNCATED : status_of(info->err->msg_code), text);
}

/// Messages of level -1 are warnings about damaged data; those above are for tracing.
static void on_message(j_common_ptr info, int level) {
    if (level >= 0) return;
    state *s = state_of(info);
    char text[JMSG_LENGTH_MAX];
    info->err->format_message(info, text);
    info->err->num_warnings++;
    int code = info->err->msg_code;
    if (code == JWRN_JPEG_EOF) s->saw_end = 1;
    // libjpeg fills what is missing with gray and goes on.
    if (!s->accepts_truncated && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
        raise(info, TM_IMAGE_TRUNCATED, text);
    if (s->metadata) s->metadata(s->context, TM_IMAGE_WARNING, "", (const uint8_t *)text, strlen(text));
}

static void on_output(j_common_ptr info) { (void)info; }

static void on_progress(j_common_ptr info) {
    if (!info->is_decompressor) return;
    if ((uint32_t)((j_decompress_ptr)info)->input_scan_number > state_of(info)->scans)
        raise(info, TM_IMAGE_LIMIT, "the file has more scans than allowed");
}

static void prepare(state *s, tm_image_metadata metadata, void *context, tm_image_failure *failure) {
    memset(failure, 0, sizeof *failure);
    memset(s, 0, sizeof *s);
    jpeg_std_error(&s->errors);
    s->errors.error_exit = on_error;
    s->errors.emit_message = on_message;
    s->errors.output_message = on_output;
    s->progress.progress_monitor = on_progress;
    s->metadata = metadata;
    s->context = context;
    s->failure = failure;
}

// MARK: Decoding

static uint8_t color_space_of(J_COLOR_SPACE space) {
    switch (space) {
    case JCS_GRAYSCALE: return TM_JPEG_GRAY;
    case JCS_RGB: return TM_JPEG_RGB;
    case JCS_YCbCr: return TM_JPEG_YCBCR;
    case JCS_CMYK: return TM_JPEG_CMYK;
    case JCS_YCCK: return TM_JPEG_YCCK;
    default: return TM_JPEG_UNKNOWN;
    }
}

static void describe(const struct jpeg_decompress_struct *info, tm_jpeg_header *h) {
    memset(h, 0, sizeof *h);
    h->width = info->image_width;
    h->height = info->image_height;
    h->components = (uint8_t)info->num_components;
    h->color_space = color_space_of(info->jpeg_color_space);
    h->progressive = info->progressive_mode != 0;
    h->arithmetic = info->arith_code != 0;
    h->has_adobe = info->saw_Adobe_marker != 0;
    h->adobe_transform = info->Adobe_transform;
    h->horizontal = h->vertical = 1;
    if (info->num_components >= 3) {
        const jpeg_component_info *luma = &info->comp_info[0], *chroma = &info->comp_info[1];
        if (chroma->h_samp_factor > 0) h->horizontal = (uint8_t)(luma->h_samp_factor / chroma->h_samp_factor);
        if (chroma->v_samp_factor > 0) h->vertical = (uint8_t)(luma->v_samp_factor / chroma->v_samp_factor);
    }
    h->channels = info->jpeg_color_space == JCS_GRAYSCALE ? 1 : 3;
    if (info->saw_JFIF_marker) {
        h->density_unit = info->density_unit;
        h->density_x = info->X_density;
        h->density_y = info->Y_density;
    }
}

static uint8_t scale(unsigned a, unsigned b) {
    unsigned product = a * b + 128;
    return (uint8_t)((product + (product >> 8)) >> 8);
}

/// Ink to light. Adobe's programs store how much light passes, others how much ink there is.
static void cmyk_to_rgb(const uint8_t *from, uint8_t *to, uint32_t width, int holds_light) {
    uint8_t flip = holds_light ? 0 : 255;
    for (uint32_t x = 0; x < width; x++, from += 4, to += 3) {
        unsigned black = from[3] ^ flip;
        to[0] = scale(from[0] ^ flip, black);
        to[1] = scale(from[1] ^ flip, black);
        to[2] = scale(from[2] ^ flip, black);
    }
}

int tm_jpeg_decode(
    const uint8_t *data, size_t count, const tm_jpeg_reading *reading, tm_jpeg_begin begin,
    tm_image_metadata metadata, void *context, tm_image_failure *failure) {
    state s;
    struct jpeg_decompress_struct info;
    prepare(&s, metadata, context, failure);
    s.scans = reading->scans;
    s.accepts_truncated = reading->accepts_truncated;
    memset(&info, 0, sizeof info);
    info.err = &s.errors;
    if (setjmp(s.jump)) goto done;

    jpeg_create_decompress(&info);
    info.progress = &s.progress;
    info.mem->max_memory_to_use = (long)reading->memory_bytes;
    jpeg_mem_src(&info, (uint8_t *)(uintptr_t)data, count);
    jpeg_save_markers(&info, JPEG_APP0 + 1, 0xFFFF);
    jpeg_save_markers(&info, JPEG_APP0 + 2, 0xFFFF);
    jpeg_save_markers(&info, JPEG_COM, 0xFFFF);
    jpeg_read_header(&info, TRUE);

    for (jpeg_saved_marker_ptr m = info.marker_list; m; m = m->next) {
        const char *key = m->marker == JPEG_COM ? "COM" : m->marker == JPEG_APP0 + 1 ? "APP1" : "APP2";
        metadata(context, TM_IMAGE_MARKER, key, m->data, m->data_length);
    }
    tm_jpeg_header header;
    describe(&info, &header);
    if (header.color_space == TM_JPEG_UNKNOWN)
        raise((j_common_ptr)&info, TM_IMAGE_UNSUPPORTED, "the colour space is unknown");

    uint8_t *pixels = NULL;
    size_t row_bytes = 0;
    int answer = begin(context, &header, &pixels, &row_bytes);
    if (answer == TM_IMAGE_STOP) goto done;
    if (answer != TM_IMAGE_CONTINUE)
        raise((j_common_ptr)&info, TM_IMAGE_CALLBACK, "the caller refused the header");
    if (row_bytes != (size_t)header.width * header.channels)
        raise((j_common_ptr)&info, TM_IMAGE_LIBRARY, "a row has an unexpected length");

    int is_ink = header.color_space == TM_JPEG_CMYK || header.color_space == TM_JPEG_YCCK;
    info.out_color_space = header.channels == 1 ? JCS_GRAYSCALE : is_ink ? JCS_CMYK : JCS_RGB;
    info.dct_method = JDCT_ISLOW;
    jpeg_start_decompress(&info);
    JSAMPARRAY ink = NULL;
    if (is_ink) ink = info.mem->alloc_sarray((j_common_ptr)&info, JPOOL_IMAGE, info.output_width * 4, 1);
    while (info.output_scanline < info.output_height) {
        uint8_t *row = pixels + (size_t)info.output_scanline * row_bytes;
        JSAMPROW target = is_ink ? ink[0] : row;
        if (jpeg_read_scanlines(&info, &target, 1) != 1)
            raise((j_common_ptr)&info, TM_IMAGE_TRUNCATED, "a row is missing");
        if (is_ink) cmyk_to_rgb(ink[0], row, header.width, header.has_adobe);
    }
    jpeg_finish_decompress(&info);

done:
    jpeg_destroy_decompress(&info);
    return failure->status = s.status;
}

// MARK: Encoding

static void start_output(j_compress_ptr info) {
    state *s = state_of((j_common_ptr)info);
    info->dest->next_output_byte = s->output;
    info->dest->free_in_buffer = OUTPUT_BYTES;
}

static void send_output(j_compress_ptr info, size_t count) {
    state *s = state_of((j_common_ptr)info);
    if (count && s->write(s->context, s->output, count) != TM_IMAGE_CONTINUE)
        raise((j_common_ptr)info, TM_IMAGE_CALLBACK, "the sink failed");
}

static boolean output_is_full(j_compress_ptr info) {
    send_output(info, OUTPUT_BYTES);
    start_output(info);
    return TRUE;
}

static void end_output(j_compress_ptr info) { send_output(info, OUTPUT_BYTES - info->dest->free_in_buffer); }

/// A profile goes into APP2 markers, each of which says its number and how many there are.
static void write_profile(j_compress_ptr info, const uint8_t *bytes, size_t count) {
    enum { LABEL = 14, PIECE = 65533 - LABEL };
    size_t pieces = (count + PIECE - 1) / PIECE;
    for (size_t i = 0; i < pieces; i++) {
        size_t length = i + 1 < pieces ? PIECE : count - i * PIECE;
        jpeg_write_m_header(info, JPEG_APP0 + 2, (unsigned)(length + LABEL));
        const char *label = "ICC_PROFILE";
        for (int k = 0; k < 12; k++) jpeg_write_m_byte(info, label[k]);
        jpeg_write_m_byte(info, (int)(i + 1));
        jpeg_write_m_byte(info, (int)pieces);
        for (size_t k = 0; k < length; k++) jpeg_write_m_byte(info, bytes[i * PIECE + k]);
    }
}

int tm_jpeg_encode(
    const tm_jpeg_layout *layout, const tm_jpeg_markers *markers, uint32_t band_rows, tm_image_rows rows,
    tm_image_bytes write, tm_image_metadata metadata, void *context, tm_image_failure *failure) {
    state s;
    struct jpeg_compress_struct info;
    uint8_t output[OUTPUT_BYTES];
    prepare(&s, metadata, context, failure);
    s.write = write;
    s.output = output;
    s.destination.init_destination = start_output;
    s.destination.empty_output_buffer = output_is_full;
    s.destination.term_destination = end_output;
    memset(&info, 0, sizeof info);
    info.err = &s.errors;
    if (setjmp(s.jump)) goto done;

    jpeg_create_compress(&info);
    info.dest = &s.destination;
    info.image_width = layout->width;
    info.image_height = layout->height;
    info.input_components = layout->channels;
    info.in_color_space = layout->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, layout->quality, TRUE);
    info.dct_method = JDCT_ISLOW;
    info.optimize_coding = layout->optimized != 0;
    info.restart_in_rows = layout->restart_rows;
    if (layout->channels == 3) {
        info.comp_info[0].h_samp_factor = layout->horizontal;
        info.comp_info[0].v_samp_factor = layout->vertical;
    }
    if (layout->progressive) jpeg_simple_progression(&info);
    info.density_unit = layout->density_unit;
    info.X_density = layout->density_x;
    info.Y_density = layout->density_y;
    jpeg_start_compress(&info, TRUE);
    if (markers->exif_count) jpeg_write_marker(&info, JPEG_APP0 + 1, markers->exif, (unsigned)markers->exif_count);
    if (markers->icc_count) write_profile(&info, markers->icc, markers->icc_count);
    if (markers->comment_count) jpeg_write_marker(&info, JPEG_COM, markers->comment, (unsigned)markers->comment_count);

    size_t row_bytes = (size_t)layout->width * layout->channels;
    while (info.next_scanline < info.image_height) {
        uint32_t left = info.image_height - info.next_scanline, number = left < band_rows ? left : band_rows;
        const uint8_t *band = NULL;
        if (rows(context, info.next_scanline, number, &band) != TM_IMAGE_CONTINUE)
            raise((j_common_ptr)&info, TM_IMAGE_CALLBACK, "the source failed");
        for (uint32_t i = 0; i < number; i++) {
            JSAMPROW row = (JSAMPROW)(uintptr_t)(band + i * row_bytes);
            if (jpeg_write_scanlines(&info, &row, 1) != 1)
                raise((j_common_ptr)&info, TM_IMAGE_LIBRARY, "libjpeg did not take a row");
        }
    }
    jpeg_finish_compress(&info);

done:
    jpeg_destroy_compress(&info);
    return failure->status = s.status;
}

unsigned tm_jpeg_version(void) {
#ifdef LIBJPEG_TURBO_VERSION_NUMBER
    return LIBJPEG_TURBO_VERSION_NUMBER;
#else
    return 0;
#endif
}
