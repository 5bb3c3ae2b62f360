#include "postern_openssl_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

enum { RSA_PARTS = 8, FIELD_CAPACITY = 66 };

static const char *const rsa_names[RSA_PARTS] = {
    OSSL_PKEY_PARAM_RSA_N,        OSSL_PKEY_PARAM_RSA_E,         OSSL_PKEY_PARAM_RSA_D,
    OSSL_PKEY_PARAM_RSA_FACTOR1,  OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
    OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
};

static const char *curve_name(int type) {
    switch (type) {
    case POSTERN_OPENSSL_P256: return "prime256v1";
    case POSTERN_OPENSSL_P384: return "secp384r1";
    case POSTERN_OPENSSL_P521: return "secp521r1";
    default: return NULL;
    }
}

static size_t field_length(int type) {
    switch (type) {
    case POSTERN_OPENSSL_P256: return 32;
    case POSTERN_OPENSSL_P384: return 48;
    case POSTERN_OPENSSL_P521: return 66;
    case POSTERN_OPENSSL_ED25519: return 32;
    default: return 0;
    }
}

/// A number of a parameter is in the machine's own order of bytes.
static void reverse(uint8_t *to, const uint8_t *from, size_t length) {
    for (size_t i = 0; i < length; i++) to[i] = from[length - 1 - i];
}

static EVP_PKEY *from_parameters(const char *algorithm, bool is_private, OSSL_PARAM *parameters) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, algorithm, NULL);
    if (context && EVP_PKEY_fromdata_init(context) > 0)
        EVP_PKEY_fromdata(context, &key, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, parameters);
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *rsa_from_parts(const uint8_t *joined, const size_t *lengths) {
    size_t total = 0;
    for (int i = 0; i < RSA_PARTS; i++) {
        if (lengths[i] > POSTERN_OPENSSL_PART_CAPACITY) return NULL;
        total += lengths[i];
    }
    uint8_t *native = OPENSSL_malloc(total);
    if (!native) return NULL;
    OSSL_PARAM parameters[RSA_PARTS + 1];
    size_t count = 0, at = 0;
    for (int i = 0; i < RSA_PARTS; i++) {
        if (lengths[i] == 0) continue;
        reverse(native + at, joined + at, lengths[i]);
        parameters[count++] = OSSL_PARAM_construct_BN(rsa_names[i], native + at, lengths[i]);
        at += lengths[i];
    }
    parameters[count] = OSSL_PARAM_construct_end();
    EVP_PKEY *key = from_parameters("RSA", lengths[2] > 0, parameters);
    OPENSSL_clear_free(native, total);
    return key;
}

static EVP_PKEY *point_from_parts(int type, const uint8_t *joined, const size_t *lengths) {
    size_t field = field_length(type);
    if (lengths[0] != field || lengths[1] != field || (lengths[2] != 0 && lengths[2] != field)) return NULL;
    uint8_t point[1 + 2 * FIELD_CAPACITY], number[FIELD_CAPACITY];
    point[0] = POINT_CONVERSION_UNCOMPRESSED;
    memcpy(point + 1, joined, 2 * field);
    OSSL_PARAM parameters[4], *next = parameters;
    *next++ = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)curve_name(type), 0);
    *next++ = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * field);
    if (lengths[2] > 0) {
        reverse(number, joined + 2 * field, field);
        *next++ = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, number, field);
    }
    *next = OSSL_PARAM_construct_end();
    EVP_PKEY *key = from_parameters("EC", lengths[2] > 0, parameters);
    OPENSSL_cleanse(number, sizeof number);
    return key;
}

static EVP_PKEY *ed25519_from_parts(const uint8_t *joined, const size_t *lengths) {
    size_t field = field_length(POSTERN_OPENSSL_ED25519);
    if (lengths[0] != field || lengths[1] != 0 || (lengths[2] != 0 && lengths[2] != field)) return NULL;
    if (lengths[2] == 0) return EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, joined, field);
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, joined + field, field);
    uint8_t public[FIELD_CAPACITY];
    size_t length = sizeof public;
    if (key && EVP_PKEY_get_raw_public_key(key, public, &length) == 1 && length == field
        && memcmp(public, joined, field) == 0)
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

/// Whether the public part is a point of its curve, other than infinity (RFC 7518 section 6.2.1 leaves that to us).
static bool is_sound(EVP_PKEY *key) {
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool sound = context && EVP_PKEY_public_check(context) == 1;
    EVP_PKEY_CTX_free(context);
    return sound;
}

/// Whether what the private part signs, the public one verifies. A full check of an RSA key would look for primes, which
/// takes a second and says no more of this.
static bool is_pair(EVP_PKEY *key, bool has_digest) {
    static const uint8_t message[] = "postern";
    uint8_t signature[POSTERN_OPENSSL_SIGNATURE_CAPACITY];
    size_t length = sizeof signature;
    const char *digest = has_digest ? "SHA256" : NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool pair = context && EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, key, NULL) > 0
                && EVP_DigestSign(context, signature, &length, message, sizeof message) > 0
                && EVP_MD_CTX_reset(context) > 0
                && EVP_DigestVerifyInit_ex(context, NULL, digest, NULL, NULL, key, NULL) > 0
                && EVP_DigestVerify(context, signature, length, message, sizeof message) == 1;
    EVP_MD_CTX_free(context);
    return pair;
}

static postern_openssl_key checked(EVP_PKEY *key) {
    bool good = false;
    if (key) {
        postern_openssl_key handle = (postern_openssl_key)key;
        int type = postern_openssl_key_type(handle);
        good = type != 0 && (type == POSTERN_OPENSSL_RSA || type == POSTERN_OPENSSL_ED25519 || is_sound(key))
               && (!postern_openssl_key_is_private(handle) || is_pair(key, type != POSTERN_OPENSSL_ED25519));
    }
    // What OpenSSL says of a key may quote it; the caller says in its own words what is wrong.
    ERR_clear_error();
    if (good) return (postern_openssl_key)key;
    EVP_PKEY_free(key);
    return 0;
}

postern_openssl_key postern_openssl_key_create(int type, const uint8_t *joined,
                                               const size_t lengths[POSTERN_OPENSSL_PARTS]) {
    if (!joined) return 0;
    switch (type) {
    case POSTERN_OPENSSL_RSA: return checked(rsa_from_parts(joined, lengths));
    case POSTERN_OPENSSL_ED25519: return checked(ed25519_from_parts(joined, lengths));
    default: return curve_name(type) ? checked(point_from_parts(type, joined, lengths)) : 0;
    }
}

/// Without it OpenSSL would ask on the terminal.
static int no_passphrase(char *passphrase, int size, int is_writing, void *context) {
    (void)passphrase, (void)size, (void)is_writing, (void)context;
    return -1;
}

postern_openssl_key postern_openssl_key_read_pem(const uint8_t *text, size_t length) {
    EVP_PKEY *key = NULL;
    OSSL_DECODER_CTX *context = OSSL_DECODER_CTX_new_for_pkey(&key, "PEM", NULL, NULL, 0, NULL, NULL);
    if (context && OSSL_DECODER_CTX_set_pem_password_cb(context, no_passphrase, NULL) == 1)
        OSSL_DECODER_from_data(context, &text, &length);
    OSSL_DECODER_CTX_free(context);
    return checked(key);
}

postern_openssl_key postern_openssl_key_generate(int type, unsigned bits) {
    switch (type) {
    case POSTERN_OPENSSL_RSA: return checked(EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits));
    case POSTERN_OPENSSL_ED25519: return checked(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
    default: return curve_name(type) ? checked(EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve_name(type))) : 0;
    }
}

void postern_openssl_key_destroy(postern_openssl_key key) { EVP_PKEY_free((EVP_PKEY *)key); }

int postern_openssl_key_type(postern_openssl_key handle) {
    EVP_PKEY *key = (EVP_PKEY *)handle;
    if (EVP_PKEY_is_a(key, "RSA")) return POSTERN_OPENSSL_RSA;
    if (EVP_PKEY_is_a(key, "ED25519")) return POSTERN_OPENSSL_ED25519;
    char name[32];
    if (!EVP_PKEY_is_a(key, "EC") || !EVP_PKEY_get_group_name(key, name, sizeof name, NULL)) return 0;
    for (int type = POSTERN_OPENSSL_P256; type <= POSTERN_OPENSSL_P521; type++)
        if (strcmp(name, curve_name(type)) == 0) return type;
    return 0;
}

/// A number of the key, `length` bytes long, or without leading zeros for a length of 0.
static size_t number(EVP_PKEY *key, const char *name, size_t length, uint8_t *to) {
    BIGNUM *value = NULL;
    size_t written = 0;
    if (EVP_PKEY_get_bn_param(key, name, &value)) {
        size_t wanted = length > 0 ? length : (size_t)BN_num_bytes(value);
        if (wanted <= POSTERN_OPENSSL_PART_CAPACITY && BN_bn2binpad(value, to, (int)wanted) >= 0) written = wanted;
    }
    BN_clear_free(value);
    return written;
}

size_t postern_openssl_key_part(postern_openssl_key handle, int index, uint8_t *part) {
    static const char *const curve_names[] = {
        OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y, OSSL_PKEY_PARAM_PRIV_KEY};
    EVP_PKEY *key = (EVP_PKEY *)handle;
    int type = postern_openssl_key_type(handle);
    size_t length = POSTERN_OPENSSL_PART_CAPACITY;
    if (type == POSTERN_OPENSSL_RSA) {
        length = index >= 0 && index < RSA_PARTS ? number(key, rsa_names[index], 0, part) : 0;
    } else if (type == POSTERN_OPENSSL_ED25519) {
        bool done = index == 0   ? EVP_PKEY_get_raw_public_key(key, part, &length)
                    : index == 2 ? EVP_PKEY_get_raw_private_key(key, part, &length)
                                 : false;
        if (!done) length = 0;
    } else {
        length = index >= 0 && index < 3 ? number(key, curve_names[index], field_length(type), part) : 0;
    }
    ERR_clear_error();
    return length;
}

bool postern_openssl_key_is_private(postern_openssl_key handle) {
    uint8_t part[POSTERN_OPENSSL_PART_CAPACITY];
    bool is_private = postern_openssl_key_part(handle, 2, part) > 0;
    OPENSSL_cleanse(part, sizeof part);
    return is_private;
}
