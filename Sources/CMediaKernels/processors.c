#define _GNU_SOURCE
#include "processors.h"

#if defined(__linux__)
#include <sched.h>

int tm_allowed_processors(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}
#else
int tm_allowed_processors(void) { return 0; }
#endif
