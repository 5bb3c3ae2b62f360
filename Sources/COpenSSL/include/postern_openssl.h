// What Postern uses of OpenSSL's libcrypto, behind our own prefix: no OpenSSL type, macro or header reaches Swift.
// Algorithms are fetched once (EVP_MAC_fetch(3), EVP_MD_fetch(3)); a request fetches nothing.
#ifndef POSTERN_OPENSSL_H
#define POSTERN_OPENSSL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "postern_openssl_key.h"

enum {
    POSTERN_OPENSSL_SHA256 = 256,
    POSTERN_OPENSSL_SHA384 = 384,
    POSTERN_OPENSSL_SHA512 = 512,
    /// Bytes of the longest digest.
    POSTERN_OPENSSL_DIGEST_CAPACITY = 64,
};

/// An HMAC key, ready for use on any number of threads at once. A number instead of a pointer, so that Swift may
/// pass it between threads; 0 is none.
typedef uintptr_t postern_openssl_hmac;

/// A key of `digest` (POSTERN_OPENSSL_SHA…) over a copy of the bytes, which are not kept; 0 on failure.
postern_openssl_hmac postern_openssl_hmac_create(int digest, const uint8_t *key, size_t length);
/// Overwrites the key and frees it. No other thread may be using it.
void postern_openssl_hmac_destroy(postern_openssl_hmac key);
/// Writes the code of `data` to `code` (POSTERN_OPENSSL_DIGEST_CAPACITY bytes) and returns its length; 0 on failure.
size_t postern_openssl_hmac_compute(postern_openssl_hmac key, const uint8_t *data, size_t length, uint8_t *code);

/// Writes the 32 bytes of SHA-256; false on failure.
bool postern_openssl_sha256(const uint8_t *data, size_t length, uint8_t *digest);
/// Whether both have the same bytes, in a time that depends on `length` alone (CRYPTO_memcmp(3)).
bool postern_openssl_equal(const uint8_t *one, const uint8_t *other, size_t length);
/// Fills `bytes` from OpenSSL's generator (RAND_bytes(3)); false on failure.
bool postern_openssl_random(uint8_t *bytes, size_t length);
/// Overwrites memory in a way that no optimiser removes (OPENSSL_cleanse(3)).
void postern_openssl_cleanse(void *bytes, size_t length);

#endif
