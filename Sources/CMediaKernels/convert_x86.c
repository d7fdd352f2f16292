// One body per operation, compiled for each level of instructions; the level is chosen at run time. The bodies are
// plain loops: the compiler's vectoriser does the rest.
#include "convert.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#include "convert_bodies.h"
#include "levels_x86.h"

// See convert_bytes_x86.c.
#define TM_BYTES_BY_HAND
#include "convert_levels.h"

#endif
