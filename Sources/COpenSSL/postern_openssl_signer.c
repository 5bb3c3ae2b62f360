#include "postern_openssl.h"

#include "postern_openssl_internal.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdatomic.h>
#include <stdlib.h>

/// Bytes of the DER form of the longest ECDSA signature, that of P-521, and some more.
enum { DER_CAPACITY = 160, FIELD_CAPACITY = 66 };

typedef _Atomic(EVP_PKEY_CTX *) resting_context;
typedef _Atomic(EVP_MD_CTX *) resting_hash;

struct signer {
    EVP_PKEY *key;
    const EVP_MD *digest;
    int way;
    /// Of RSA: bytes of every signature. Of a curve: bytes of R, and of S.
    size_t length;
    resting_context verifying[POSTERN_OPENSSL_PLACES];
    resting_context signing[POSTERN_OPENSSL_PLACES];
    /// For EdDSA, which hashes as it signs and verifies: one of both for either, ready for its key.
    resting_hash hash_signing[POSTERN_OPENSSL_PLACES];
    resting_hash hash_verifying[POSTERN_OPENSSL_PLACES];
};

static bool is_way_of(int way, int type) {
    switch (way) {
    case POSTERN_OPENSSL_PKCS1:
    case POSTERN_OPENSSL_PSS: return type == POSTERN_OPENSSL_RSA;
    case POSTERN_OPENSSL_ECDSA: return type >= POSTERN_OPENSSL_P256 && type <= POSTERN_OPENSSL_P521;
    case POSTERN_OPENSSL_EDDSA: return type == POSTERN_OPENSSL_ED25519;
    default: return false;
    }
}

postern_openssl_signer postern_openssl_signer_create(postern_openssl_key handle, int way, int digest) {
    EVP_PKEY *key = (EVP_PKEY *)handle;
    const EVP_MD *algorithm = postern_openssl_digest(digest);
    if (!key || !is_way_of(way, postern_openssl_key_type(handle)) || (way != POSTERN_OPENSSL_EDDSA && !algorithm))
        return 0;
    struct signer *signer = calloc(1, sizeof *signer);
    if (!signer) return 0;
    if (!EVP_PKEY_up_ref(key)) {
        free(signer);
        return 0;
    }
    signer->key = key;
    signer->digest = algorithm;
    signer->way = way;
    signer->length = way == POSTERN_OPENSSL_ECDSA ? (size_t)(EVP_PKEY_get_bits(key) + 7) / 8
                                                  : (size_t)EVP_PKEY_get_size(key);
    return (postern_openssl_signer)signer;
}

void postern_openssl_signer_destroy(postern_openssl_signer handle) {
    struct signer *signer = (struct signer *)handle;
    if (!signer) return;
    for (int i = 0; i < POSTERN_OPENSSL_PLACES; i++) {
        EVP_PKEY_CTX_free(atomic_load(&signer->verifying[i]));
        EVP_PKEY_CTX_free(atomic_load(&signer->signing[i]));
        EVP_MD_CTX_free(atomic_load(&signer->hash_signing[i]));
        EVP_MD_CTX_free(atomic_load(&signer->hash_verifying[i]));
    }
    EVP_PKEY_free(signer->key);
    free(signer);
}

/// A context that signs or verifies digests; it may do so any number of times (EVP_PKEY_verify(3)).
static EVP_PKEY_CTX *new_context(struct signer *signer, bool signs) {
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, signer->key, NULL);
    if (context && (signs ? EVP_PKEY_sign_init(context) : EVP_PKEY_verify_init(context)) > 0) {
        bool set = signer->way != POSTERN_OPENSSL_PKCS1
                   || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
        if (signer->way == POSTERN_OPENSSL_PSS)
            set = EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0
                  && EVP_PKEY_CTX_set_rsa_mgf1_md(context, signer->digest) > 0
                  && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
        if (set && EVP_PKEY_CTX_set_signature_md(context, signer->digest) > 0) return context;
    }
    EVP_PKEY_CTX_free(context);
    return NULL;
}

static EVP_PKEY_CTX *take(struct signer *signer, resting_context *resting, bool signs) {
    EVP_PKEY_CTX *context =
        atomic_exchange_explicit(&resting[postern_openssl_own_place()], NULL, memory_order_acquire);
    return context ? context : new_context(signer, signs);
}

static void put_back(resting_context *resting, EVP_PKEY_CTX *context) {
    EVP_PKEY_CTX_free(
        atomic_exchange_explicit(&resting[postern_openssl_own_place()], context, memory_order_acq_rel));
}

/// R and S of a DER signature, each `length` bytes.
static bool join_numbers(const uint8_t *der, size_t der_length, size_t length, uint8_t *joined) {
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)der_length);
    bool done = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), joined, (int)length) >= 0
                && BN_bn2binpad(ECDSA_SIG_get0_s(pair), joined + length, (int)length) >= 0;
    ECDSA_SIG_free(pair);
    return done;
}

/// Writes one ASN.1 INTEGER and returns its length (X.690 section 8.3).
static size_t write_integer(const uint8_t *number, size_t length, uint8_t *to) {
    while (length > 1 && number[0] == 0) number++, length--;
    size_t sign = number[0] & 0x80 ? 1 : 0;
    to[0] = 0x02;
    to[1] = (uint8_t)(length + sign);
    to[2] = 0;
    for (size_t i = 0; i < length; i++) to[2 + sign + i] = number[i];
    return 2 + sign + length;
}

/// The DER form of R and S, `length` bytes each; returns its length. Written here because it is part of every
/// verification, and OpenSSL's way allocates four times for it.
static size_t der_of(const uint8_t *joined, size_t length, uint8_t *der) {
    uint8_t body[2 * (3 + FIELD_CAPACITY)];
    size_t count = write_integer(joined, length, body);
    count += write_integer(joined + length, length, body + count);
    size_t head = 0;
    der[head++] = 0x30;
    if (count >= 0x80) der[head++] = 0x81;
    der[head++] = (uint8_t)count;
    for (size_t i = 0; i < count; i++) der[head + i] = body[i];
    return head + count;
}

static bool begin_hash(EVP_MD_CTX *context, EVP_PKEY *key, bool signs) {
    return (signs ? EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, key, NULL)
                  : EVP_DigestVerifyInit_ex(context, NULL, NULL, NULL, NULL, key, NULL))
           > 0;
}

/// A context that has been begun. One that was used before is begun again without a key: it keeps its own and fetches
/// nothing. A new one takes 16,000 instructions.
static EVP_MD_CTX *take_hash(struct signer *signer, resting_hash *resting, bool signs) {
    EVP_MD_CTX *context =
        atomic_exchange_explicit(&resting[postern_openssl_own_place()], NULL, memory_order_acquire);
    if (context && begin_hash(context, NULL, signs)) return context;
    EVP_MD_CTX_free(context);
    context = EVP_MD_CTX_new();
    if (context && begin_hash(context, signer->key, signs)) return context;
    EVP_MD_CTX_free(context);
    return NULL;
}

static void put_back_hash(resting_hash *resting, EVP_MD_CTX *context) {
    EVP_MD_CTX_free(
        atomic_exchange_explicit(&resting[postern_openssl_own_place()], context, memory_order_acq_rel));
}

static size_t sign_whole(struct signer *signer, const uint8_t *data, size_t length, uint8_t *signature) {
    size_t written = POSTERN_OPENSSL_SIGNATURE_CAPACITY;
    EVP_MD_CTX *context = take_hash(signer, signer->hash_signing, true);
    if (!context || EVP_DigestSign(context, signature, &written, data, length) <= 0) written = 0;
    put_back_hash(signer->hash_signing, context);
    return written;
}

static bool verify_whole(struct signer *signer, const uint8_t *data, size_t length, const uint8_t *signature,
                         size_t signature_length) {
    EVP_MD_CTX *context = take_hash(signer, signer->hash_verifying, false);
    bool good = context && EVP_DigestVerify(context, signature, signature_length, data, length) == 1;
    put_back_hash(signer->hash_verifying, context);
    return good;
}

static size_t sign_digest(struct signer *signer, const uint8_t *digest, size_t length, uint8_t *signature) {
    uint8_t der[DER_CAPACITY];
    bool is_pair = signer->way == POSTERN_OPENSSL_ECDSA;
    size_t written = is_pair ? sizeof der : POSTERN_OPENSSL_SIGNATURE_CAPACITY;
    EVP_PKEY_CTX *context = take(signer, signer->signing, true);
    if (!context || EVP_PKEY_sign(context, is_pair ? der : signature, &written, digest, length) <= 0) {
        EVP_PKEY_CTX_free(context);
        return 0;
    }
    put_back(signer->signing, context);
    if (!is_pair) return written;
    return join_numbers(der, written, signer->length, signature) ? 2 * signer->length : 0;
}

static bool verify_digest(struct signer *signer, const uint8_t *digest, size_t length, const uint8_t *signature,
                          size_t signature_length) {
    uint8_t der[DER_CAPACITY];
    bool is_pair = signer->way == POSTERN_OPENSSL_ECDSA;
    if (signature_length != (is_pair ? 2 * signer->length : signer->length)) return false;
    EVP_PKEY_CTX *context = take(signer, signer->verifying, false);
    if (!context) return false;
    size_t der_length = is_pair ? der_of(signature, signer->length, der) : 0;
    bool good = EVP_PKEY_verify(context, is_pair ? der : signature, is_pair ? der_length : signature_length, digest,
                                length)
                == 1;
    put_back(signer->verifying, context);
    return good;
}

size_t postern_openssl_signer_sign(postern_openssl_signer handle, const uint8_t *data, size_t length,
                                   uint8_t *signature) {
    struct signer *signer = (struct signer *)handle;
    if (!signer) return 0;
    uint8_t digest[POSTERN_OPENSSL_DIGEST_CAPACITY];
    unsigned digest_length = 0;
    size_t written = 0;
    if (signer->way == POSTERN_OPENSSL_EDDSA)
        written = sign_whole(signer, data, length, signature);
    else if (EVP_Digest(data, length, digest, &digest_length, signer->digest, NULL))
        written = sign_digest(signer, digest, digest_length, signature);
    if (written == 0) ERR_clear_error();
    return written;
}

bool postern_openssl_signer_verify(postern_openssl_signer handle, const uint8_t *data, size_t length,
                                   const uint8_t *signature, size_t signature_length) {
    struct signer *signer = (struct signer *)handle;
    if (!signer || !signature) return false;
    uint8_t digest[POSTERN_OPENSSL_DIGEST_CAPACITY];
    unsigned digest_length = 0;
    bool good = false;
    if (signer->way == POSTERN_OPENSSL_EDDSA)
        good = verify_whole(signer, data, length, signature, signature_length);
    else if (EVP_Digest(data, length, digest, &digest_length, signer->digest, NULL))
        good = verify_digest(signer, digest, digest_length, signature, signature_length);
    if (!good) ERR_clear_error();
    return good;
}
