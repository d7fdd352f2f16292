#include <libavcodec/avcodec.h>
#include <libavutil/pixdesc.h>
