#include "libav_parts.h"

#include <limits.h>
#include <stdio.h>

int tm_av_tell_rate(const tm_libav *av, tm_av_parameters *parameters, tm_av_rational rate) {
    // The others say no rate.
    if (parameters->codec_id != TM_AV_H264) return TM_AV_DONE;
    // Without it a hint is missing alone: the file itself has the right times.
    const void *kind = av->find_filter("h264_metadata");
    if (!kind || rate.num <= 0 || rate.num > INT_MAX / 2 || rate.den <= 0) return TM_AV_DONE;
    tm_av_filter *filter = NULL;
    // A frame is two ticks, one for each of its fields.
    char ticks[48];
    snprintf(ticks, sizeof ticks, "%d/%d", 2 * rate.num, rate.den);
    int status = av->filter_alloc(kind, &filter);
    if (status >= 0) status = av->parameters_copy(filter->par_in, parameters);
    if (status >= 0) status = av->opt_set(filter->priv_data, "tick_rate", ticks, 0);
    if (status >= 0) status = av->filter_init(filter);
    if (status >= 0) status = av->parameters_copy(parameters, filter->par_out);
    av->filter_free(&filter);
    return status < 0 ? status : TM_AV_DONE;
}
