#include "libav_parts.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    // The most samples of a frame: ten times those of any codec, and what a file can make us hold.
    MOST_SAMPLES = 1 << 20,
    // Formats of samples, from <libavutil/samplefmt.h>; each of the first five has a planar one five numbers later.
    FORMAT_U8 = 0,
    FORMAT_S16 = 1,
    FORMAT_S32 = 2,
    FORMAT_FLOAT = 3,
    FORMAT_DOUBLE = 4,
    PLANAR = 5,
    FORMAT_S64 = 10,
    FORMAT_S64_PLANAR = 11,
};

struct tm_av_sound {
    tm_av_input input;
};

static int open_codec(tm_av_sound *sound, char *message, size_t message_size) {
    const tm_libav *av = &sound->input.av;
    const tm_av_stream *stream = sound->input.stream;
    const tm_av_codec *decoder = av->find_decoder(stream->codecpar->codec_id);
    if (!decoder) {
        snprintf(message, message_size, "there is no decoder of %s", av->codec_name(stream->codecpar->codec_id));
        return TM_AV_NONE;
    }
    void *codec = sound->input.codec = av->codec_alloc(decoder);
    if (!codec) return TM_AV_NO_MEMORY;
    // Without the unit of times, those of samples that are left out at the beginning stay wrong.
    char unit[32], most[32];
    snprintf(unit, sizeof unit, "%d/%d", stream->time_base.num, stream->time_base.den);
    snprintf(most, sizeof most, "%d", MOST_SAMPLES);
    int status = av->parameters_to_context(codec, stream->codecpar);
    if (status >= 0) status = av->opt_set(codec, "pkt_timebase", unit, 0);
    if (status >= 0) status = av->opt_set(codec, "max_samples", most, 0);
    if (status >= 0) status = av->opt_set(codec, "threads", "1", 0);
    if (status >= 0) status = av->codec_open(codec, decoder, NULL);
    return status < 0 ? status : TM_AV_DONE;
}

int tm_av_sound_open(
    const tm_libav *table, const char *format, const tm_av_source *source, tm_av_sound **sound, tm_av_sound_facts *facts,
    char *message, size_t message_size) {
    tm_libav_forget();
    *sound = NULL;
    tm_av_sound *made = calloc(1, sizeof *made);
    if (!made) return TM_AV_NO_MEMORY;
    int status = tm_av_input_open(&made->input, table, format, source, "1");
    if (!status) {
        status = tm_av_input_choose(&made->input, TM_AV_AUDIO);
        if (status) snprintf(message, message_size, "there is no sound in it");
    }
    if (!status) status = open_codec(made, message, message_size);
    if (status) {
        if (status < 0) tm_libav_complaint(table, status, message, message_size);
        tm_av_sound_close(made);
        return status;
    }
    const tm_av_stream *stream = made->input.stream;
    snprintf(facts->codec, sizeof facts->codec, "%s", table->codec_name(stream->codecpar->codec_id));
    facts->rate = stream->codecpar->sample_rate;
    facts->channels = stream->codecpar->ch_layout.nb_channels;
    facts->time_base = stream->time_base;
    *sound = made;
    return TM_AV_DONE;
}

int tm_av_sound_decode(tm_av_sound *sound, tm_av_sound_frame *facts) {
    tm_libav_forget();
    int status = tm_av_input_decode(&sound->input);
    if (status) return status;
    const tm_av_frame *frame = sound->input.frame;
    facts->count = frame->nb_samples;
    facts->rate = frame->sample_rate;
    facts->channels = frame->ch_layout.nb_channels;
    facts->time = frame->best_effort_timestamp;
    return TM_AV_DONE;
}

int tm_av_sound_samples(const tm_av_sound *sound, float *samples) {
    const tm_av_frame *frame = sound->input.frame;
    int format = frame->format, channels = frame->ch_layout.nb_channels;
    int is_planar = format == FORMAT_S64_PLANAR || (format >= PLANAR && format < FORMAT_S64);
    int type = format >= FORMAT_S64 ? FORMAT_S64 : is_planar ? format - PLANAR : format;
    // Planar sound has a plane for each channel, and channels otherwise stand side by side.
    for (int channel = 0; channel < channels; channel++) {
        const void *plane = frame->extended_data[is_planar ? channel : 0];
        if (!plane) return -EINVAL;
        size_t step = is_planar ? 1 : (size_t)channels, place = is_planar ? 0 : (size_t)channel;
        float *out = samples + channel;
        for (int i = 0; i < frame->nb_samples; i++, place += step, out += channels) {
            switch (type) {
            case FORMAT_U8: *out = ((const uint8_t *)plane)[place] / 128.0f - 1; break;
            case FORMAT_S16: *out = ((const int16_t *)plane)[place] / 32768.0f; break;
            case FORMAT_S32: *out = (float)(((const int32_t *)plane)[place] / 2147483648.0); break;
            case FORMAT_S64: *out = (float)(((const int64_t *)plane)[place] / 9223372036854775808.0); break;
            case FORMAT_FLOAT: *out = ((const float *)plane)[place]; break;
            case FORMAT_DOUBLE: *out = (float)((const double *)plane)[place]; break;
            default: return -EINVAL;
            }
        }
    }
    return TM_AV_DONE;
}

void tm_av_sound_close(tm_av_sound *sound) {
    if (!sound) return;
    tm_av_input_close(&sound->input);
    free(sound);
}
