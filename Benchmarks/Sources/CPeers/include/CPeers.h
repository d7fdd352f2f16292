// The encoders that ours are compared with, used as their manuals show: whole rows in memory, a growing buffer behind.
#ifndef CPEERS_H
#define CPEERS_H

#include <stddef.h>
#include <stdint.h>

typedef struct peer_buffer {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
} peer_buffer;

/// libpng with its default filters. Samples of 16 bits are in native order. Returns 0, or 1 after an error.
int peer_png(const uint8_t *rows, uint32_t width, uint32_t height, int channels, int bits, int level, peer_buffer *out);

/// libjpeg; 4:2:0 unless `full_chroma`. Returns 0, or 1 after an error.
int peer_jpeg(const uint8_t *rows, uint32_t width, uint32_t height, int channels, int quality, int full_chroma,
              peer_buffer *out);

void peer_free(peer_buffer *buffer);

/// Reads a whole file, writes `bytes` to a new one and gives it its name: the least that converting a file takes of the
/// system. Returns 0, or 1 with errno.
int peer_copy(const char *input, const char *temporary, const char *output, const void *bytes, size_t count);

/// Writes bytes to a file as they are: the least that any writer takes. Returns 0, or 1 with errno.
int peer_write(const char *path, const void *bytes, size_t count);

/// libsndfile, opened at first use: floats to a WAV of 16 bits, clipped, in one call. Returns 0, or 1 after an error and
/// where it is not installed. `count` is of samples over all channels at once.
int peer_sound_file(const char *path, const float *samples, size_t count, int channels, int rate);

/// CPU time of the calling thread, in seconds; clock() counts all threads.
double peer_thread_seconds(void);

/// A clock that only runs forwards, in seconds.
double peer_wall_seconds(void);

/// CPU time of all threads of the process, in seconds.
double peer_process_seconds(void);

/// Reads memory and does nothing with it, as fast as the processor can; returns a number that depends on all of it.
uint64_t peer_read(const void *bytes, size_t count);

/// Forgets the most resident memory so far, and returns what is resident now, in bytes; -1 where the system cannot.
int64_t peer_reset_peak(void);

/// The most resident memory since peer_reset_peak, in bytes; -1 where the system does not tell.
int64_t peer_peak_bytes(void);

#endif
