#include "postern_zlib.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct postern_inflate {
    z_stream stream;
    bool begun;
};

postern_inflate *postern_inflate_new(void) { return calloc(1, sizeof(postern_inflate)); }

void postern_inflate_free(postern_inflate *state) {
    if (state == NULL) return;
    if (state->begun) inflateEnd(&state->stream);
    free(state);
}

bool postern_inflate_begin(postern_inflate *state, enum postern_inflate_form form) {
    // The window's size, and what stands around the data (zlib.h, inflateInit2).
    int bits = form == POSTERN_INFLATE_GZIP ? 15 + 16 : form == POSTERN_INFLATE_ZLIB ? 15 : -15;
    if (state->begun) return inflateReset2(&state->stream, bits) == Z_OK;
    state->begun = inflateInit2(&state->stream, bits) == Z_OK;
    return state->begun;
}

enum postern_inflate_result postern_inflate_step(postern_inflate *state, const uint8_t *input, size_t count,
                                                 size_t *consumed, uint8_t *output, size_t room, size_t *produced) {
    *consumed = *produced = 0;
    if (!state->begun) return POSTERN_INFLATE_FAULT;
    z_stream *stream = &state->stream;
    uInt given = count > UINT_MAX ? UINT_MAX : (uInt)count;
    uInt free_room = room > UINT_MAX ? UINT_MAX : (uInt)room;
    stream->next_in = (Bytef *)input;
    stream->avail_in = given;
    stream->next_out = output;
    stream->avail_out = free_room;
    int result = inflate(stream, Z_NO_FLUSH);
    *consumed = given - stream->avail_in;
    *produced = free_room - stream->avail_out;
    stream->next_in = NULL;
    stream->next_out = NULL;
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: return POSTERN_INFLATE_GOES_ON;
    case Z_STREAM_END: return POSTERN_INFLATE_END;
    default: return POSTERN_INFLATE_FAULT;
    }
}
