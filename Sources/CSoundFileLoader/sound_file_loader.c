#include "CSoundFileLoader.h"

#include "CDynamicLibrary.h"

int tm_sound_file_open(const char *name, tm_sound_file *table, char *message, size_t message_size) {
    void *library = tm_library_open(name, message, message_size);
    if (!library) return 0;
#define FIND(member, symbol) \
    tm_library_find(library, symbol, &table->member, sizeof table->member, message, message_size)
    return FIND(version, "sf_version_string") && FIND(format_check, "sf_format_check") &&
           FIND(open, "sf_open_virtual") && FIND(complaint, "sf_strerror") && FIND(error, "sf_error") &&
           FIND(command, "sf_command") && FIND(write_int16, "sf_writef_short") &&
           FIND(write_int32, "sf_writef_int") && FIND(write_float, "sf_writef_float") &&
           FIND(write_double, "sf_writef_double") && FIND(close, "sf_close");
#undef FIND
}
