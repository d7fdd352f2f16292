// libsndfile, opened at first use, as a typed table of functions.
//
// The part of its interface that is used is declared here, under names of our own, so that nobody needs its headers to build.
// It has been the same since version 1.0; what came later (Opus in 1.0.29, MP3 in 1.1.0) are numbers that older ones refuse.
#ifndef C_SOUND_FILE_LOADER_H
#define C_SOUND_FILE_LOADER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    TM_SF_WRITE = 0x20,
    /// Kinds of files.
    TM_SF_AIFF = 0x020000,
    TM_SF_FLAC = 0x170000,
    TM_SF_OGG = 0x200000,
    TM_SF_MPEG = 0x230000,
    /// What the numbers of one are.
    TM_SF_PCM_U8 = 5,
    TM_SF_PCM_16 = 2,
    TM_SF_PCM_24 = 3,
    TM_SF_PCM_32 = 4,
    TM_SF_FLOAT = 6,
    TM_SF_DOUBLE = 7,
    TM_SF_VORBIS = 0x60,
    TM_SF_OPUS = 0x64,
    TM_SF_MPEG_LAYER_III = 0x82,
    /// Commands.
    TM_SF_ADD_PEAK_CHUNK = 0x1050,
    TM_SF_VARIABLE_QUALITY = 0x1300,
    TM_SF_COMPRESSION_LEVEL = 0x1301,
};

/// A sound that is open.
typedef struct tm_sf_file tm_sf_file;

typedef struct tm_sf_info {
    int64_t frames;
    int samplerate;
    int channels;
    int format;
    int sections;
    int seekable;
} tm_sf_info;

/// Where the bytes of a file are.
typedef struct tm_sf_io {
    int64_t (*length)(void *user);
    int64_t (*seek)(int64_t offset, int whence, void *user);
    int64_t (*read)(void *bytes, int64_t count, void *user);
    int64_t (*write)(const void *bytes, int64_t count, void *user);
    int64_t (*tell)(void *user);
} tm_sf_io;

/// The functions that are used; all are there once `tm_sound_file_open` has succeeded.
typedef struct tm_sound_file {
    const char *(*version)(void);
    int (*format_check)(const tm_sf_info *info);
    tm_sf_file *(*open)(tm_sf_io *io, int mode, tm_sf_info *info, void *user);
    const char *(*complaint)(tm_sf_file *file);
    int (*error)(tm_sf_file *file);
    int (*command)(tm_sf_file *file, int command, void *data, int size);
    int64_t (*write_int16)(tm_sf_file *file, const int16_t *numbers, int64_t samples);
    int64_t (*write_int32)(tm_sf_file *file, const int32_t *numbers, int64_t samples);
    int64_t (*write_float)(tm_sf_file *file, const float *numbers, int64_t samples);
    int64_t (*write_double)(tm_sf_file *file, const double *numbers, int64_t samples);
    int (*close)(tm_sf_file *file);
} tm_sound_file;

/// Opens the library of this name for as long as the process lives, and fills the table.
///
/// Returns whether it succeeded; when not, `message`, at least 1 byte, says why.
int tm_sound_file_open(const char *name, tm_sound_file *table, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif
#endif
