// Samples of sound elsewhere: NEON is part of every arm64, so that the compiler's vectoriser may use it without asking.
#include "sound.h"

#pragma STDC FP_CONTRACT OFF

#if !defined(__x86_64__)

#include "sound_bodies.h"

#define LEVELS(NAME, PARAMETERS, ARGUMENTS) void tm_##NAME PARAMETERS { body_##NAME ARGUMENTS; }

#include "sound_levels.h"

#endif
