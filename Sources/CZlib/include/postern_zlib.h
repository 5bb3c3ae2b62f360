// Inflating by zlib, behind our own prefix: none of its structures reaches Swift. A state belongs to one thread at a time.
#ifndef POSTERN_ZLIB_H
#define POSTERN_ZLIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct postern_inflate postern_inflate;

enum postern_inflate_form {
    /// RFC 1952.
    POSTERN_INFLATE_GZIP,
    /// RFC 1950.
    POSTERN_INFLATE_ZLIB,
    /// RFC 1951, as some servers send it under the name of the former.
    POSTERN_INFLATE_RAW,
};

enum postern_inflate_result {
    POSTERN_INFLATE_GOES_ON,
    /// The stream, or one of several behind one another, is complete.
    POSTERN_INFLATE_END,
    POSTERN_INFLATE_FAULT,
};

/// Memory for a state; NULL when there is none.
postern_inflate *postern_inflate_new(void);

void postern_inflate_free(postern_inflate *state);

/// Begins a stream. False when memory is short.
bool postern_inflate_begin(postern_inflate *state, enum postern_inflate_form form);

/// Inflates from `input` to `output`; tells in `consumed` and `produced` how far it came. It stops when the one is empty
/// or the other full.
enum postern_inflate_result postern_inflate_step(postern_inflate *state, const uint8_t *input, size_t count,
                                                 size_t *consumed, uint8_t *output, size_t room, size_t *produced);

#endif
