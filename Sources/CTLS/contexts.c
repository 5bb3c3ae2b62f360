#include "internal.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

void postern_tls_reason(char *text, size_t capacity) {
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    if (capacity > 0) {
        strncpy(text, reason ? reason : "unknown reason", capacity - 1);
        text[capacity - 1] = 0;
    }
    ERR_clear_error();
}

/// A key that is locked with a passphrase is not asked for it: nobody is there.
static int no_passphrase(char *buffer, int size, int writing, void *data) {
    (void)buffer, (void)size, (void)writing, (void)data;
    return -1;
}

SSL_CTX *postern_tls_new_context(const SSL_METHOD *method, int version, bool kernel) {
    SSL_CTX *context = SSL_CTX_new(method);
    if (!context) return NULL;
    // AES-128 first: as strong as the rest of the handshake, and the cheapest. ChaCha20 first for who puts it first.
    bool good = SSL_CTX_set_min_proto_version(context, version == 3 ? TLS1_3_VERSION : TLS1_2_VERSION) == 1
                && SSL_CTX_set_ciphersuites(
                       context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256")
                       == 1
                && SSL_CTX_set_cipher_list(
                       context,
                       "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
                       "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305")
                       == 1
                && SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1;
    if (!good) {
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE
                     | SSL_OP_PRIORITIZE_CHACHA | (kernel ? SSL_OP_ENABLE_KTLS : 0));
    SSL_CTX_set_mode(
        context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
                     | SSL_MODE_NO_AUTO_CHAIN);
    // One read takes all that has come.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    return context;
}

static BIO *memory(const uint8_t *bytes, size_t length) { return BIO_new_mem_buf(bytes, (int)length); }

/// The end of a PEM text is a failure of its own kind, which stays in the queue.
static bool is_at_end(void) {
    unsigned long code = ERR_peek_last_error();
    bool at_end = ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
    if (at_end) ERR_clear_error();
    return at_end;
}

int postern_tls_use_certificate(
    SSL_CTX *context, const uint8_t *certificate, size_t certificate_length, const uint8_t *key, size_t key_length,
    char *reason, size_t capacity) {
    ERR_clear_error();
    int fault = POSTERN_TLS_BAD_OTHER;
    BIO *text = memory(certificate, certificate_length);
    BIO *key_text = memory(key, key_length);
    X509 *leaf = text ? PEM_read_bio_X509_AUX(text, NULL, no_passphrase, NULL) : NULL;
    X509 *issuer = NULL;
    EVP_PKEY *secret = NULL;
    if (!text || !key_text) goto end;
    if (!leaf || SSL_CTX_use_certificate(context, leaf) != 1) {
        fault = POSTERN_TLS_BAD_CERTIFICATE;
        goto end;
    }
    SSL_CTX_clear_chain_certs(context);
    while ((issuer = PEM_read_bio_X509(text, NULL, no_passphrase, NULL))) {
        if (SSL_CTX_add0_chain_cert(context, issuer) != 1) {
            X509_free(issuer);
            break;
        }
    }
    if (!is_at_end()) {
        fault = POSTERN_TLS_BAD_CHAIN;
        goto end;
    }
    secret = PEM_read_bio_PrivateKey(key_text, NULL, no_passphrase, NULL);
    if (!secret) {
        fault = POSTERN_TLS_BAD_KEY;
        goto end;
    }
    if (X509_check_private_key(leaf, secret) != 1) {
        fault = POSTERN_TLS_KEY_MISMATCH;
        goto end;
    }
    fault = SSL_CTX_use_PrivateKey(context, secret) == 1 ? POSTERN_TLS_GOOD : POSTERN_TLS_BAD_KEY;
end:
    postern_tls_reason(reason, capacity);
    EVP_PKEY_free(secret);
    X509_free(leaf);
    BIO_free(key_text);
    BIO_free(text);
    return fault;
}

int postern_tls_trust(SSL_CTX *context, const uint8_t *pem, size_t length, STACK_OF(X509_NAME) * names) {
    BIO *text = memory(pem, length);
    if (!text) return -1;
    ERR_clear_error();
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    int count = 0;
    X509 *authority;
    while ((authority = PEM_read_bio_X509(text, NULL, no_passphrase, NULL))) {
        bool good = X509_STORE_add_cert(store, authority) == 1;
        if (good && names) {
            X509_NAME *name = X509_NAME_dup(X509_get_subject_name(authority));
            good = name && sk_X509_NAME_push(names, name) > 0;
            if (!good) X509_NAME_free(name);
        }
        X509_free(authority);
        if (!good) {
            BIO_free(text);
            return -1;
        }
        count++;
    }
    BIO_free(text);
    return is_at_end() ? count : -1;
}
