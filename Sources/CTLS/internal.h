// What the parts of the shim share.
#ifndef POSTERN_TLS_INTERNAL_H
#define POSTERN_TLS_INTERNAL_H

#include "postern_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>

enum { POSTERN_TLS_CERTIFICATES = 64, POSTERN_TLS_SESSIONS = 16 };

struct tickets;

struct server {
    SSL_CTX *contexts[POSTERN_TLS_CERTIFICATES];
    int count;
    struct tickets *tickets;
    int version;
    bool kernel;
    size_t protocols_length;
    uint8_t protocols[64];
};

struct client {
    SSL_CTX *context;
    /// Sessions that connections to come resume, the newest last.
    pthread_mutex_t lock;
    SSL_SESSION *sessions[POSTERN_TLS_SESSIONS];
    int count;
    bool is_address;
    char name[256];
};

struct session {
    SSL *ssl;
    int fd;
    /// The socket has given all that it had.
    bool is_drained;
    /// The kernel may decrypt.
    bool is_kernel;
    /// The peer has ended its side: a short read is not the last.
    bool has_end;
    /// What reading ended with, after the bytes before it were given away; 1 for nothing yet.
    int ended_with;
    int fault;
    const char *problem;
};

/// Settings that servers and clients have in common; NULL on failure.
SSL_CTX *postern_tls_new_context(const SSL_METHOD *method, int version, bool kernel);
/// Puts certificate, chain and key into a context: POSTERN_TLS_….
int postern_tls_use_certificate(
    SSL_CTX *context, const uint8_t *certificate, size_t certificate_length, const uint8_t *key, size_t key_length,
    char *reason, size_t capacity);
/// Adds the certificates of a PEM text to what a context trusts; how many, -1 on failure. `names` gets their subjects.
int postern_tls_trust(SSL_CTX *context, const uint8_t *pem, size_t length, STACK_OF(X509_NAME) * names);
/// OpenSSL's reason for the last failure; empties its queue.
void postern_tls_reason(char *text, size_t capacity);
/// Has `context` seal its tickets with these keys.
void postern_tls_use_tickets(SSL_CTX *context, struct tickets *tickets);
/// A session that a new connection resumes, NULL for none; the caller frees it.
SSL_SESSION *postern_tls_take_session(struct client *client);
/// The way to a socket that knows when the socket is drained.
BIO *postern_tls_new_bio(struct session *session);

#endif
