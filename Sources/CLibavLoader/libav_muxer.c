#include "libav_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    // Flags of libav, from <libavformat/avformat.h> and <libavformat/avio.h>.
    FLAG_BIT_EXACT = 0x400,
    FLAG_WRITES = 2,
};

/// A place in the file from which a context of libav goes on: the one that writes, or one that reads back.
typedef struct {
    tm_av_muxer *muxer;
    int64_t position;
} cursor;

struct tm_av_muxer {
    tm_libav av;
    tm_av_io io;
    tm_av_format *file;
    tm_av_io_context *context;
    cursor writing;
    int64_t size;
};

/// Writes zeros up to a place behind the end: sinks have no holes.
static int fill_up(tm_av_muxer *muxer, int64_t position) {
    static const uint8_t zeros[4096];
    while (muxer->size < position) {
        int64_t rest = position - muxer->size;
        int count = rest < (int64_t)sizeof zeros ? (int)rest : (int)sizeof zeros;
        if (muxer->io.write(muxer->io.user, muxer->size, zeros, count) != count) return -EIO;
        muxer->size += count;
    }
    return 0;
}

static int write_bytes(void *user, uint8_t *bytes, int count) {
    cursor *place = user;
    tm_av_muxer *muxer = place->muxer;
    // The data of a small file moves to behind its own end when the index is put in front of it.
    if (fill_up(muxer, place->position) < 0) return -EIO;
    if (muxer->io.write(muxer->io.user, place->position, bytes, count) != count) return -EIO;
    place->position += count;
    if (place->position > muxer->size) muxer->size = place->position;
    return count;
}

static int read_bytes(void *user, uint8_t *bytes, int count) {
    cursor *place = user;
    tm_av_muxer *muxer = place->muxer;
    int taken = muxer->io.read(muxer->io.user, place->position, bytes, count);
    if (taken < 0) return -EIO;
    place->position += taken;
    return taken > 0 ? taken : AV_END;
}

static int64_t seek_bytes(void *user, int64_t offset, int whence) {
    cursor *place = user;
    whence &= ~SEEK_FORCED;
    if (whence == SEEK_SIZE) return place->muxer->size;
    if (whence == SEEK_CUR) offset += place->position;
    if (whence == SEEK_END) offset += place->muxer->size;
    if (offset < 0) return -EINVAL;
    place->position = offset;
    return offset;
}

static tm_av_io_context *make_context(const tm_libav *av, cursor *place, int writes, int can_seek) {
    unsigned char *buffer = av->malloc(BUFFER_BYTES);
    if (!buffer) return NULL;
    tm_av_io_context *context = av->io_alloc(
        buffer, BUFFER_BYTES, writes, place, writes ? NULL : read_bytes, writes ? write_bytes : NULL,
        can_seek ? seek_bytes : NULL);
    if (!context) av->freep(&buffer);
    return context;
}

static void free_context(const tm_libav *av, tm_av_io_context **context) {
    if (!*context) return;
    // It may be another buffer by now than the one that was given.
    av->freep(&(*context)->buffer);
    av->io_free(context);
}

static int open_again(tm_av_format *file, tm_av_io_context **context, const char *url, int flags, void **options) {
    (void)url;
    (void)options;
    tm_av_muxer *muxer = file->opaque;
    // A second look at what was written, to move the index to the front. There is no other file.
    if (flags & FLAG_WRITES || !muxer->io.is_patchable) return -EACCES;
    cursor *place = calloc(1, sizeof *place);
    if (!place) return -ENOMEM;
    place->muxer = muxer;
    *context = make_context(&muxer->av, place, 0, 1);
    if (*context) return 0;
    free(place);
    return -ENOMEM;
}

static int close_again(tm_av_format *file, tm_av_io_context *context) {
    tm_av_muxer *muxer = file->opaque;
    if (!context) return 0;
    // The place that the context was made with.
    free(context->opaque);
    free_context(&muxer->av, &context);
    return 0;
}

/// Adds a stream for what an encoder makes.
static int add_track(tm_av_muxer *muxer, const char *format, const tm_av_track *track) {
    const tm_libav *av = &muxer->av;
    tm_av_stream *stream = av->new_stream(muxer->file, NULL);
    if (!stream) return TM_AV_NO_MEMORY;
    stream->time_base = track->time_base;
    stream->avg_frame_rate = track->rate;
    int status = av->parameters_from_context(stream->codecpar, track->encoder->context);
    if (status >= 0) status = tm_av_tell_rate(av, stream->codecpar, track->rate);
    // Whatever tag the encoder has is of another kind of file. Players of Apple take H.265 under this name only.
    int is_hevc = stream->codecpar->codec_id == TM_AV_HEVC && !strcmp(format, "mp4");
    stream->codecpar->codec_tag = is_hevc ? 'h' | 'v' << 8 | 'c' << 16 | '1' << 24 : 0;
    if (stream->codecpar->codec_id == TM_AV_OPUS && stream->codecpar->sample_rate > 0) {
        // WebM's header counts both at 48 kHz, whatever the rate; decoders settle within 80 ms (RFC 7845, section 4.6).
        int64_t padding = stream->codecpar->initial_padding;
        stream->codecpar->initial_padding = (int)(padding * 48000 / stream->codecpar->sample_rate);
        stream->codecpar->seek_preroll = 3840;
    }
    return status < 0 ? status : TM_AV_DONE;
}

int tm_av_muxer_open(
    const tm_libav *table, const char *format, const tm_av_io *io, const tm_av_track *tracks, size_t track_count,
    const tm_av_option *options, size_t option_count, tm_av_muxer **muxer, char *message, size_t message_size) {
    tm_libav_forget();
    tm_av_muxer *made = calloc(1, sizeof *made);
    if (!made) return TM_AV_NO_MEMORY;
    made->av = *table;
    made->io = *io;
    made->writing.muxer = made;
    int status = table->alloc_output(&made->file, NULL, format, "");
    if (status < 0 || !made->file) {
        snprintf(message, message_size, "%s", format);
        tm_av_muxer_close(made);
        return TM_AV_NONE;
    }
    made->context = make_context(table, &made->writing, 1, io->is_patchable);
    void *dictionary = NULL;
    status = made->context ? TM_AV_DONE : TM_AV_NO_MEMORY;
    if (!status) {
        tm_av_format *file = made->file;
        file->pb = made->context;
        file->flags |= FLAG_CUSTOM_IO | FLAG_BIT_EXACT;
        file->opaque = made;
        file->io_open = open_again;
        file->io_close = NULL;
        file->io_close2 = close_again;
        for (size_t i = 0; i < track_count && !status; i++) status = add_track(made, format, &tracks[i]);
        if (status < 0) tm_libav_complaint(table, status, message, message_size);
    }
    if (!status) status = tm_av_dictionary(table, options, option_count, &dictionary, message, message_size);
    if (!status) {
        status = table->write_header(made->file, &dictionary);
        if (status < 0) {
            tm_libav_complaint(table, status, message, message_size);
            table->dict_free(&dictionary);
        } else {
            // Both positive numbers of libav say that it went well.
            status = tm_av_unused(table, options, option_count, &dictionary, message, message_size);
        }
    }
    if (status) {
        tm_av_muxer_close(made);
        return status;
    }
    *muxer = made;
    return TM_AV_DONE;
}

tm_av_rational tm_av_muxer_time_base(const tm_av_muxer *muxer, unsigned track) {
    tm_av_rational none = {0, 1};
    return track < muxer->file->nb_streams ? muxer->file->streams[track]->time_base : none;
}

int tm_av_muxer_write(
    tm_av_muxer *muxer, unsigned track, tm_av_packet *packet, int64_t pts, int64_t dts, int64_t duration) {
    tm_libav_forget();
    if (track >= muxer->file->nb_streams) return -EINVAL;
    packet->pts = pts;
    packet->dts = dts;
    packet->duration = duration;
    packet->stream_index = (int)track;
    return muxer->av.write_frame(muxer->file, packet);
}

int tm_av_muxer_finish(tm_av_muxer *muxer) {
    tm_libav_forget();
    int status = muxer->av.write_trailer(muxer->file);
    muxer->av.io_flush(muxer->context);
    return status < 0 ? status : TM_AV_DONE;
}

void tm_av_muxer_close(tm_av_muxer *muxer) {
    if (!muxer) return;
    muxer->av.format_free(muxer->file);
    free_context(&muxer->av, &muxer->context);
    free(muxer);
}
