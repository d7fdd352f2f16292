#include "CPeers.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int peer_write(const char *path, const void *bytes, size_t count) {
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file < 0) return 1;
    const uint8_t *place = bytes;
    while (count > 0) {
        const ssize_t written = write(file, place, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            close(file);
            return 1;
        }
        place += written;
        count -= (size_t)written;
    }
    return close(file) != 0;
}

// The part of sndfile.h that a program needs to write a sound; it has been the same since 1.0.
typedef struct SNDFILE SNDFILE;
typedef struct SF_INFO {
    int64_t frames;
    int samplerate, channels, format, sections, seekable;
} SF_INFO;
enum { SFM_WRITE = 0x20, SF_FORMAT_WAV = 0x010000, SF_FORMAT_PCM_16 = 2, SFC_SET_CLIPPING = 0x10C0 };

int peer_sound_file(const char *path, const float *samples, size_t count, int channels, int rate) {
    void *library = dlopen("libsndfile.so.1", RTLD_NOW);
    if (library == NULL) library = dlopen("libsndfile.1.dylib", RTLD_NOW);
    if (library == NULL) return 1;
    SNDFILE *(*sf_open)(const char *, int, SF_INFO *) = (SNDFILE * (*)(const char *, int, SF_INFO *)) dlsym(library, "sf_open");
    int (*sf_command)(SNDFILE *, int, void *, int) = (int (*)(SNDFILE *, int, void *, int))dlsym(library, "sf_command");
    int64_t (*sf_writef_float)(SNDFILE *, const float *, int64_t) =
        (int64_t (*)(SNDFILE *, const float *, int64_t))dlsym(library, "sf_writef_float");
    int (*sf_close)(SNDFILE *) = (int (*)(SNDFILE *))dlsym(library, "sf_close");
    if (sf_open == NULL || sf_command == NULL || sf_writef_float == NULL || sf_close == NULL) return 1;
    SF_INFO info = {.samplerate = rate, .channels = channels, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    if (file == NULL) return 1;
    // Without it loud samples wrap around.
    sf_command(file, SFC_SET_CLIPPING, NULL, 1);
    const int64_t written = sf_writef_float(file, samples, (int64_t)count);
    return sf_close(file) != 0 || written != (int64_t)count;
}
