#include "CDynamicLibrary.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

void *tm_library_open(const char *name, char *message, size_t message_size) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library) return library;
    const char *reason = dlerror();
    snprintf(message, message_size, "%s", reason ? reason : "it cannot be opened");
    return NULL;
}

// POSIX lets a pointer to an object hold the address of a function; ISO C does not let one be converted into the other.
int tm_library_find(
    void *library, const char *name, void *function, size_t size, char *message, size_t message_size) {
    void *address = dlsym(library, name);
    if (!address || size != sizeof address) {
        snprintf(message, message_size, "it has no function %s", name);
        return 0;
    }
    memcpy(function, &address, size);
    return 1;
}
