// The instructions that Swift cannot reach, one header per topic. Every kernel has a plain Swift twin with the same
// result, bit for bit, and looks at `tm_cpu_level()` each time it is called.
#ifndef C_MEDIA_KERNELS_H
#define C_MEDIA_KERNELS_H

#include "checksum.h"
#include "convert.h"
#include "cpu.h"
#include "mask.h"
#include "palette.h"
#include "png.h"
#include "processors.h"
#include "range.h"
#include "resample.h"
#include "sha256.h"
#include "sound.h"
#include "spectrum.h"
#include "yuv.h"

#endif
