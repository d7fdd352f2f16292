// FreeType, opened at first use, as a typed table of functions.
//
// The part of its binary interface that is used is declared here, under names of our own, instead of including its headers:
// they lie in a folder that only pkg-config names, and pkg-config would link the library, so that every program would need it
// from its start. What is declared has not changed since version 2.4 (2010), and a test compares it with the real headers.
#ifndef C_FREETYPE_LOADER_H
#define C_FREETYPE_LOADER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: The library's own types

typedef struct tm_ft_vector {
    long x, y;
} tm_ft_vector;

typedef struct tm_ft_generic {
    void *data;
    void (*finalizer)(void *object);
} tm_ft_generic;

typedef struct tm_ft_outline {
    short n_contours, n_points;
    tm_ft_vector *points;
    char *tags;
    short *contours;
    int flags;
} tm_ft_outline;

typedef struct tm_ft_metrics {
    long width, height;
    long hori_bearing_x, hori_bearing_y, hori_advance;
    long vert_bearing_x, vert_bearing_y, vert_advance;
} tm_ft_metrics;

typedef struct tm_ft_bitmap {
    unsigned int rows, width;
    int pitch;
    unsigned char *buffer;
    unsigned short num_grays;
    unsigned char pixel_mode, palette_mode;
    void *palette;
} tm_ft_bitmap;

/// A loaded glyph, up to its outline.
typedef struct tm_ft_slot {
    void *library;
    void *face;
    void *next;
    unsigned int glyph_index;
    tm_ft_generic generic;
    tm_ft_metrics metrics;
    long linear_hori_advance, linear_vert_advance;
    tm_ft_vector advance;
    int format;
    tm_ft_bitmap bitmap;
    int bitmap_left, bitmap_top;
    tm_ft_outline outline;
} tm_ft_slot;

/// An open font, up to its character map.
typedef struct tm_ft_face {
    long num_faces, face_index;
    long face_flags, style_flags;
    long num_glyphs;
    char *family_name, *style_name;
    int num_fixed_sizes;
    void *available_sizes;
    int num_charmaps;
    void *charmaps;
    tm_ft_generic generic;
    long x_min, y_min, x_max, y_max;
    unsigned short units_per_em;
    short ascender, descender, height;
    short max_advance_width, max_advance_height;
    short underline_position, underline_thickness;
    tm_ft_slot *glyph;
    void *size;
    void *charmap;
} tm_ft_face;

typedef struct tm_ft_outline_callbacks {
    int (*move_to)(const tm_ft_vector *to, void *user);
    int (*line_to)(const tm_ft_vector *to, void *user);
    int (*conic_to)(const tm_ft_vector *control, const tm_ft_vector *to, void *user);
    int (*cubic_to)(const tm_ft_vector *one, const tm_ft_vector *two, const tm_ft_vector *to, void *user);
    int shift;
    long delta;
} tm_ft_outline_callbacks;

enum {
    /// A bit of `face_flags`: the font has outlines.
    TM_FT_SCALABLE = 1 << 0,
    /// A flag for loading: units of the font, no hints, no bitmaps.
    TM_FT_NO_SCALE = 1 << 0,
    /// A mode of kerning: units of the font.
    TM_FT_KERNING_UNSCALED = 2,
    /// The `format` of a slot that holds an outline: the characters "outl".
    TM_FT_FORMAT_OUTLINE = 0x6F75746C,
    /// An error: the bytes are of no format that the library reads.
    TM_FT_UNKNOWN_FORMAT = 2,
    /// An error: there is no memory.
    TM_FT_OUT_OF_MEMORY = 0x40,
};

// MARK: The table

/// The functions that are used; all are there once `tm_freetype_open` has succeeded. They answer 0 or the number of an error.
typedef struct tm_freetype {
    int (*init)(void **library);
    int (*done)(void *library);
    void (*version)(void *library, int *major, int *minor, int *patch);
    /// The bytes have to stay until the face is done with.
    int (*new_memory_face)(void *library, const unsigned char *bytes, long count, long index, tm_ft_face **face);
    int (*done_face)(tm_ft_face *face);
    /// 0 for a character that the font does not have.
    unsigned int (*char_index)(tm_ft_face *face, unsigned long character);
    int (*load_glyph)(tm_ft_face *face, unsigned int glyph, int32_t flags);
    int (*kerning)(tm_ft_face *face, unsigned int left, unsigned int right, unsigned int mode, tm_ft_vector *distance);
    int (*outline_decompose)(tm_ft_outline *outline, const tm_ft_outline_callbacks *callbacks, void *user);
} tm_freetype;

/// Opens the library of this name for as long as the process lives and fills the table.
///
/// Returns 0; 1 when the library cannot be opened, 2 when a function is missing. Then `message`, at least 1 byte, says why.
int tm_freetype_open(const char *name, tm_freetype *table, char *message, size_t message_size);

// MARK: Outlines

enum {
    TM_FT_MOVE = 0,
    TM_FT_LINE = 1,
    TM_FT_CONIC = 2,
    TM_FT_CUBIC = 3,
};

/// A step of an outline: `points` holds control points and, last, the end; 1, 1, 2 or 3 of them by kind.
typedef struct tm_ft_step {
    int kind;
    tm_ft_vector points[3];
} tm_ft_step;

/// Writes the steps of an outline, at most `capacity` of them.
///
/// Returns how many there are, which can be more than were written, or a negative number when the outline is invalid.
long tm_freetype_steps(const tm_freetype *table, tm_ft_outline *outline, tm_ft_step *steps, size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
