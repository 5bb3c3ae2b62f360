#include "postern_openssl.h"

#include "postern_openssl_internal.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static EVP_MAC *hmac_algorithm;
static EVP_MD *sha256_algorithm, *sha384_algorithm, *sha512_algorithm;

static void fetch_algorithms(void) {
    hmac_algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
    sha256_algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    sha384_algorithm = EVP_MD_fetch(NULL, "SHA384", NULL);
    sha512_algorithm = EVP_MD_fetch(NULL, "SHA512", NULL);
}

static void fetch_once(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, fetch_algorithms);
}

const EVP_MD *postern_openssl_digest(int digest) {
    fetch_once();
    switch (digest) {
    case POSTERN_OPENSSL_SHA256: return sha256_algorithm;
    case POSTERN_OPENSSL_SHA384: return sha384_algorithm;
    case POSTERN_OPENSSL_SHA512: return sha512_algorithm;
    default: return NULL;
    }
}

unsigned postern_openssl_own_place(void) {
    static atomic_uint threads;
    static _Thread_local unsigned place;
    if (place == 0) place = atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) % POSTERN_OPENSSL_PLACES + 1;
    return place - 1;
}

/// The first context stays as it was keyed and is only ever copied; the copies rest until they are used again.
struct hmac {
    EVP_MAC_CTX *keyed;
    _Atomic(EVP_MAC_CTX *) resting[POSTERN_OPENSSL_PLACES];
};

postern_openssl_hmac postern_openssl_hmac_create(int digest, const uint8_t *bytes, size_t length) {
    fetch_once();
    const char *name = digest == POSTERN_OPENSSL_SHA256   ? "SHA256"
                       : digest == POSTERN_OPENSSL_SHA384 ? "SHA384"
                       : digest == POSTERN_OPENSSL_SHA512 ? "SHA512"
                                                          : NULL;
    if (!hmac_algorithm || !name || !bytes || length == 0) return 0;
    struct hmac *key = calloc(1, sizeof *key);
    if (!key) return 0;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)name, 0),
        OSSL_PARAM_construct_end(),
    };
    key->keyed = EVP_MAC_CTX_new(hmac_algorithm);
    if (!key->keyed || !EVP_MAC_init(key->keyed, bytes, length, parameters)) {
        EVP_MAC_CTX_free(key->keyed);
        free(key);
        return 0;
    }
    return (postern_openssl_hmac)key;
}

void postern_openssl_hmac_destroy(postern_openssl_hmac handle) {
    struct hmac *key = (struct hmac *)handle;
    if (!key) return;
    for (int i = 0; i < POSTERN_OPENSSL_PLACES; i++) EVP_MAC_CTX_free(atomic_load(&key->resting[i]));
    EVP_MAC_CTX_free(key->keyed);
    free(key);
}

static EVP_MAC_CTX *take(struct hmac *key) {
    EVP_MAC_CTX *context = atomic_exchange_explicit(&key->resting[postern_openssl_own_place()], NULL, memory_order_acquire);
    // Without key and parameters: the same key again.
    if (context && EVP_MAC_init(context, NULL, 0, NULL)) return context;
    EVP_MAC_CTX_free(context);
    return EVP_MAC_CTX_dup(key->keyed);
}

static void put_back(struct hmac *key, EVP_MAC_CTX *context) {
    EVP_MAC_CTX_free(atomic_exchange_explicit(&key->resting[postern_openssl_own_place()], context, memory_order_acq_rel));
}

size_t postern_openssl_hmac_compute(postern_openssl_hmac handle, const uint8_t *data, size_t length, uint8_t *code) {
    struct hmac *key = (struct hmac *)handle;
    if (!key) return 0;
    EVP_MAC_CTX *context = take(key);
    size_t written = 0;
    if (!context || !EVP_MAC_update(context, data, length)
        || !EVP_MAC_final(context, code, &written, POSTERN_OPENSSL_DIGEST_CAPACITY)) {
        EVP_MAC_CTX_free(context);
        return 0;
    }
    put_back(key, context);
    return written;
}

bool postern_openssl_sha256(const uint8_t *data, size_t length, uint8_t *digest) {
    fetch_once();
    return sha256_algorithm && EVP_Digest(data, length, digest, NULL, sha256_algorithm, NULL);
}

bool postern_openssl_equal(const uint8_t *one, const uint8_t *other, size_t length) {
    return CRYPTO_memcmp(one, other, length) == 0;
}

bool postern_openssl_random(uint8_t *bytes, size_t length) { return RAND_bytes(bytes, (int)length) == 1; }

void postern_openssl_cleanse(void *bytes, size_t length) { OPENSSL_cleanse(bytes, length); }
