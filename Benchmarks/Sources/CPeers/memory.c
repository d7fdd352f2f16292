#include "CPeers.h"

#include <stdio.h>
#include <string.h>

// The loop is left to the compiler, at the best level that the processor has.
#if defined(__x86_64__) && defined(__linux__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
uint64_t peer_read(const void *bytes, size_t count) {
    const uint64_t *words = bytes;
    uint64_t sum = 0;
    for (size_t i = 0; i < count / 8; i++) sum ^= words[i];
    return sum;
}

#ifdef __linux__
static int64_t status_bytes(const char *name) {
    FILE *file = fopen("/proc/self/status", "r");
    if (file == NULL) return -1;
    char line[256];
    long long kilobytes = -1;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0 && sscanf(line + strlen(name), "%lld", &kilobytes) == 1) break;
    }
    fclose(file);
    return kilobytes < 0 ? -1 : kilobytes * 1024;
}

int64_t peer_reset_peak(void) {
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (file == NULL) return -1;
    const int written = fputs("5", file);
    if (fclose(file) != 0 || written < 0) return -1;
    return status_bytes("VmRSS:");
}

int64_t peer_peak_bytes(void) { return status_bytes("VmHWM:"); }
#else
int64_t peer_reset_peak(void) { return -1; }
int64_t peer_peak_bytes(void) { return -1; }
#endif
