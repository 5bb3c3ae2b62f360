// Keys of RSA, of the NIST curves and of Ed25519 in OpenSSL's libcrypto, and the signatures of RFC 7518 and RFC 8037.
// A key is made when it is loaded; a signature parses, decodes and fetches nothing.
#ifndef POSTERN_OPENSSL_KEY_H
#define POSTERN_OPENSSL_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Types of keys.
enum {
    POSTERN_OPENSSL_RSA = 1,
    POSTERN_OPENSSL_P256 = 2,
    POSTERN_OPENSSL_P384 = 3,
    POSTERN_OPENSSL_P521 = 4,
    POSTERN_OPENSSL_ED25519 = 5,
};

/// Ways to sign.
enum {
    POSTERN_OPENSSL_PKCS1 = 1,
    /// With a salt as long as the digest (RFC 7518 section 3.5).
    POSTERN_OPENSSL_PSS = 2,
    /// R and S side by side, each as long as the field (RFC 7518 section 3.4).
    POSTERN_OPENSSL_ECDSA = 3,
    POSTERN_OPENSSL_EDDSA = 4,
};

/// The parts of a key, big-endian, by the names that a JWK gives them (RFC 7518 section 6, RFC 8037 section 2).
/// RSA: n e d p q dp dq qi. Curves: x y d. Ed25519: x, nothing, d.
enum {
    POSTERN_OPENSSL_PARTS = 8,
    /// Bytes of the longest part, that of an RSA key of 16384 bits.
    POSTERN_OPENSSL_PART_CAPACITY = 2048,
    /// Bytes of the longest signature.
    POSTERN_OPENSSL_SIGNATURE_CAPACITY = 2048,
};

/// A key as it was loaded. A number instead of a pointer, so that Swift may pass it between threads; 0 is none.
typedef uintptr_t postern_openssl_key;

/// A key of `type` of the parts that stand one after the other in `joined`, a length of 0 for one that is not there.
/// Checks that the point is on its curve, and that a private part goes with the public ones. Nothing of `joined` is
/// kept; 0 on failure.
postern_openssl_key postern_openssl_key_create(int type, const uint8_t *joined,
                                               const size_t lengths[POSTERN_OPENSSL_PARTS]);
/// The key of one PEM block: PKCS #8, SubjectPublicKeyInfo, PKCS #1 or SEC 1, without a passphrase; 0 on failure and
/// for a key of a type that is not listed here.
postern_openssl_key postern_openssl_key_read_pem(const uint8_t *text, size_t length);
/// A new key; `bits` counts for RSA alone. 0 on failure.
postern_openssl_key postern_openssl_key_generate(int type, unsigned bits);
/// Overwrites the key and frees it, as soon as no signer has it any more.
void postern_openssl_key_destroy(postern_openssl_key key);

int postern_openssl_key_type(postern_openssl_key key);
bool postern_openssl_key_is_private(postern_openssl_key key);
/// Writes a part to `part` (POSTERN_OPENSSL_PART_CAPACITY bytes) and returns its length; 0 for one that is not there.
/// Numbers of RSA have no leading zeros, those of the curves are as long as the field.
size_t postern_openssl_key_part(postern_openssl_key key, int index, uint8_t *part);

/// A key that signs and verifies in one way alone, on any number of threads at once; 0 is none.
typedef uintptr_t postern_openssl_signer;

/// `digest` (POSTERN_OPENSSL_SHA…) counts for every way but EdDSA. 0 when the way is not one of the key's type.
postern_openssl_signer postern_openssl_signer_create(postern_openssl_key key, int way, int digest);
/// No other thread may be using it.
void postern_openssl_signer_destroy(postern_openssl_signer signer);
/// Writes the signature of `data` to `signature` (POSTERN_OPENSSL_SIGNATURE_CAPACITY bytes) and returns its length; 0
/// on failure and without a private key.
size_t postern_openssl_signer_sign(postern_openssl_signer signer, const uint8_t *data, size_t length,
                                   uint8_t *signature);
/// Whether `signature` is one of `data`; false for one that cannot be any.
bool postern_openssl_signer_verify(postern_openssl_signer signer, const uint8_t *data, size_t length,
                                   const uint8_t *signature, size_t signature_length);

#endif
