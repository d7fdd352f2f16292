// A library that is opened when it is first needed: what the rooms that hold one library each have in common.
#ifndef C_DYNAMIC_LIBRARY_H
#define C_DYNAMIC_LIBRARY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Opens a library by the name that loaders have for it; a null pointer when that fails, and the reason in `message`, which has
/// at least 1 byte.
///
/// It is never closed: what a caller has of it may outlive any moment at which that could be done.
void *tm_library_open(const char *name, char *message, size_t message_size);

/// Puts the address of a function into a pointer of `size` bytes; 0 when there is no such function, and says so in `message`.
int tm_library_find(
    void *library, const char *name, void *function, size_t size, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif
#endif
