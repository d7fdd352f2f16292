#ifndef C_IMAGE_BARRIERS_H
#define C_IMAGE_BARRIERS_H

#include <stddef.h>
#include <stdint.h>

// libpng and libjpeg report errors by longjmp, which must not cross a Swift frame. Each function here is one whole
// operation: setjmp and longjmp both stay inside it, and a callback into Swift returns a status before C raises.

/// How an operation ended.
enum {
    TM_IMAGE_OK = 0,
    /// The file breaks its format; the message says how.
    TM_IMAGE_MALFORMED = 1,
    /// The data ends too early.
    TM_IMAGE_TRUNCATED = 2,
    /// A CRC or Adler checksum does not agree.
    TM_IMAGE_CHECKSUM = 3,
    /// The file is sound, but the library does not read its kind.
    TM_IMAGE_UNSUPPORTED = 4,
    /// Memory, or the share allowed, ran out.
    TM_IMAGE_MEMORY = 5,
    /// The file asks for more work than allowed.
    TM_IMAGE_LIMIT = 6,
    /// A callback said that it failed.
    TM_IMAGE_CALLBACK = 7,
    /// The library refused its arguments or failed by itself.
    TM_IMAGE_LIBRARY = 8,
};

/// What a callback answers.
enum {
    TM_IMAGE_CONTINUE = 0,
    /// Enough was read: end well.
    TM_IMAGE_STOP = 1,
    /// End with TM_IMAGE_CALLBACK.
    TM_IMAGE_FAIL = 2,
};

/// What a piece of metadata is.
enum {
    /// A message of the library; no key.
    TM_IMAGE_WARNING = 0,
    /// A text of a PNG, under its keyword.
    TM_IMAGE_TEXT = 1,
    /// An ICC profile, under its name.
    TM_IMAGE_ICC = 2,
    /// EXIF data of a PNG, from its byte order mark on.
    TM_IMAGE_EXIF = 3,
    /// The payload of a JPEG marker APP1, APP2 or COM; the key is "APP1", "APP2" or "COM".
    TM_IMAGE_MARKER = 4,
};

/// The end of an operation: the status it returned and the library's own words.
typedef struct tm_image_failure {
    int status;
    char message[240];
} tm_image_failure;

/// Takes a piece of metadata or a warning; the bytes are only valid during the call.
typedef void (*tm_image_metadata)(void *context, int kind, const char *key, const uint8_t *bytes, size_t count);
/// Gives `count` rows from `first` on, packed one below the other; they stay valid until the next call.
typedef int (*tm_image_rows)(void *context, uint32_t first, uint32_t count, const uint8_t **rows);
/// Takes encoded bytes.
typedef int (*tm_image_bytes)(void *context, const uint8_t *bytes, size_t count);

// MARK: PNG

typedef struct tm_png_header {
    uint32_t width, height;
    /// As stored: 1, 2, 4, 8 or 16; colour type 0, 2, 3, 4 or 6.
    uint8_t bit_depth, color_type;
    uint8_t interlaced, has_transparency;
    /// As delivered: samples per pixel, bits that count in a sample (a byte each, two in native order for 16).
    uint8_t channels, sample_bits;
    uint16_t palette_count;
    /// Red, green, blue, opacity.
    uint8_t palette[1024];
    /// The rendering intent of sRGB, or -1.
    int32_t srgb_intent;
    /// gAMA times 100000, or 0.
    int32_t gamma;
    /// pHYs; the unit is 1 for pixels per metre, 0 when unknown.
    uint32_t density_x, density_y;
    uint8_t density_unit;
} tm_png_header;

/// Sees the header and says where the pixels go: `*pixels` holds height times `*row_bytes` bytes.
typedef int (*tm_png_begin)(void *context, const tm_png_header *header, uint8_t **pixels, size_t *row_bytes);

/// Decodes a PNG in memory. Metadata in front of the pixels comes before `begin`, the rest after the rows.
int tm_png_decode(
    const uint8_t *data, size_t count, int ignores_checksums, tm_png_begin begin, tm_image_metadata metadata,
    void *context, tm_image_failure *failure);

typedef struct tm_png_layout {
    uint32_t width, height;
    uint8_t bit_depth, color_type, interlaced;
    /// zlib's level 0…9.
    uint8_t level;
    /// zlib's strategy 0…4, or -1 for libpng's choice.
    int8_t strategy;
    /// Bit n allows filter n (0 None, 1 Sub, 2 Up, 3 Average, 4 Paeth); 0 leaves the choice to libpng.
    uint8_t filters;
    uint16_t palette_count;
    uint8_t palette[1024];
} tm_png_layout;

/// Encodes a PNG with libpng. Rows are asked for in bands of `band_rows`, once, or seven times when interlaced; samples
/// are a byte each, two in native order for 16 bits.
int tm_png_encode(
    const tm_png_layout *layout, uint32_t band_rows, tm_image_rows rows, tm_image_bytes write,
    tm_image_metadata metadata, void *context, tm_image_failure *failure);

/// The version of libpng that runs, such as 10639.
unsigned tm_png_version(void);

// MARK: JPEG

/// Colour spaces of a stored JPEG.
enum { TM_JPEG_UNKNOWN = 0, TM_JPEG_GRAY = 1, TM_JPEG_RGB = 2, TM_JPEG_YCBCR = 3, TM_JPEG_CMYK = 4, TM_JPEG_YCCK = 5 };

typedef struct tm_jpeg_header {
    uint32_t width, height;
    /// As stored.
    uint8_t components, color_space, progressive, arithmetic;
    /// Whether an Adobe marker is there, and its transform byte.
    uint8_t has_adobe, adobe_transform;
    /// Sampling factors of the first component over those of the second.
    uint8_t horizontal, vertical;
    /// As delivered: 1 or 3.
    uint8_t channels;
    /// JFIF density; unit 0 is an aspect ratio, 1 dots per inch, 2 dots per centimetre.
    uint8_t density_unit;
    uint16_t density_x, density_y;
} tm_jpeg_header;

typedef int (*tm_jpeg_begin)(void *context, const tm_jpeg_header *header, uint8_t **pixels, size_t *row_bytes);

typedef struct tm_jpeg_reading {
    /// What libjpeg may allocate for a whole picture's coefficients, in bytes.
    size_t memory_bytes;
    /// The most scans of a progressive file.
    uint32_t scans;
    /// Take what is there of a file that ends early, and warn.
    uint8_t accepts_truncated;
} tm_jpeg_reading;

/// Decodes a JPEG in memory to gray or RGB.
int tm_jpeg_decode(
    const uint8_t *data, size_t count, const tm_jpeg_reading *reading, tm_jpeg_begin begin,
    tm_image_metadata metadata, void *context, tm_image_failure *failure);

typedef struct tm_jpeg_layout {
    uint32_t width, height;
    /// 1 for gray, 3 for RGB.
    uint8_t channels;
    uint8_t quality;
    /// Sampling of luma over chroma: 1×1, 2×1, 2×2.
    uint8_t horizontal, vertical;
    uint8_t progressive, optimized;
    /// Rows of blocks between restart markers, 0 for none.
    uint16_t restart_rows;
    uint8_t density_unit;
    uint16_t density_x, density_y;
} tm_jpeg_layout;

/// What is written in front of the pixels; a count of 0 leaves a marker out.
typedef struct tm_jpeg_markers {
    /// The payload of APP1, at most 65533 bytes.
    const uint8_t *exif;
    size_t exif_count;
    /// A profile, at most 255 times 65519 bytes.
    const uint8_t *icc;
    size_t icc_count;
    /// At most 65533 bytes.
    const uint8_t *comment;
    size_t comment_count;
} tm_jpeg_markers;

/// Encodes a JPEG. Rows are asked for once, in bands of `band_rows`.
int tm_jpeg_encode(
    const tm_jpeg_layout *layout, const tm_jpeg_markers *markers, uint32_t band_rows, tm_image_rows rows, tm_image_bytes write,
    tm_image_metadata metadata, void *context, tm_image_failure *failure);

/// The version of libjpeg-turbo compiled against, such as 2001005; 0 for another libjpeg.
unsigned tm_jpeg_version(void);

#endif
