#include "internal.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// Sessions are resumed for so long: the key of a ticket is kept for at least that (`TLSTickets`).
enum { SESSION_SECONDS = 12 * 60 * 60 };

/// Chooses the certificate that is for the host that the client names.
static int choose_certificate(SSL *ssl, int *alert, void *argument) {
    (void)alert;
    struct server *server = argument;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (!name) return SSL_TLSEXT_ERR_OK;
    for (int i = 0; i < server->count; i++) {
        X509 *certificate = SSL_CTX_get0_certificate(server->contexts[i]);
        if (X509_check_host(certificate, name, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) != 1) continue;
        if (i > 0) SSL_set_SSL_CTX(ssl, server->contexts[i]);
        break;
    }
    return SSL_TLSEXT_ERR_OK;
}

/// Chooses the application protocol. A client that knows none of ours is told so: RFC 7301 section 3.2.
static int choose_protocol(
    SSL *ssl, const unsigned char **out, unsigned char *out_length, const unsigned char *in, unsigned in_length,
    void *argument) {
    (void)ssl;
    struct server *server = argument;
    int choice = SSL_select_next_proto(
        (unsigned char **)out, out_length, server->protocols, (unsigned)server->protocols_length, in, in_length);
    return choice == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

postern_tls_server postern_tls_server_create(
    postern_tls_tickets tickets, int version, const uint8_t *protocols, size_t length, bool kernel) {
    struct server *server = calloc(1, sizeof *server);
    if (!server || !tickets || length > sizeof server->protocols) {
        free(server);
        return 0;
    }
    server->tickets = (struct tickets *)tickets;
    server->version = version;
    server->kernel = kernel;
    memcpy(server->protocols, protocols, length);
    server->protocols_length = length;
    return (postern_tls_server)server;
}

void postern_tls_server_destroy(postern_tls_server handle) {
    struct server *server = (struct server *)handle;
    if (!server) return;
    for (int i = 0; i < server->count; i++) SSL_CTX_free(server->contexts[i]);
    free(server);
}

static int64_t seconds(const ASN1_TIME *time) {
    struct tm parts;
    return ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

/// Sessions are resumed under the policy alone under which they were made: authorities are part of its name.
static bool name_sessions(struct server *server, const uint8_t *policy, size_t length) {
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (EVP_Digest(policy, length, digest, NULL, EVP_sha256(), NULL) != 1) return false;
    for (int i = 0; i < server->count; i++)
        if (SSL_CTX_set_session_id_context(server->contexts[i], digest, 32) != 1) return false;
    return true;
}

int postern_tls_server_add(
    postern_tls_server handle, const uint8_t *certificate, size_t certificate_length, const uint8_t *key,
    size_t key_length, int64_t *expires, char *reason, size_t capacity) {
    struct server *server = (struct server *)handle;
    SSL_CTX *context = NULL;
    if (server->count < POSTERN_TLS_CERTIFICATES)
        context = postern_tls_new_context(TLS_server_method(), server->version, server->kernel);
    if (!context) {
        postern_tls_reason(reason, capacity);
        return POSTERN_TLS_BAD_OTHER;
    }
    int fault = postern_tls_use_certificate(
        context, certificate, certificate_length, key, key_length, reason, capacity);
    if (fault != POSTERN_TLS_GOOD) {
        SSL_CTX_free(context);
        return fault;
    }
    *expires = seconds(X509_get0_notAfter(SSL_CTX_get0_certificate(context)));
    // Tickets alone: a cache would be ours to bound, and each loop would want its own.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout(context, SESSION_SECONDS);
    postern_tls_use_tickets(context, server->tickets);
    SSL_CTX_set_tlsext_servername_callback(context, choose_certificate);
    SSL_CTX_set_tlsext_servername_arg(context, server);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, server);
    server->contexts[server->count++] = context;
    return name_sessions(server, (const uint8_t *)"", 0) ? POSTERN_TLS_GOOD : POSTERN_TLS_BAD_OTHER;
}

int postern_tls_server_ask_client(
    postern_tls_server handle, const uint8_t *authorities, size_t length, bool required, char *reason,
    size_t capacity) {
    struct server *server = (struct server *)handle;
    bool good = name_sessions(server, authorities, length);
    for (int i = 0; good && i < server->count; i++) {
        STACK_OF(X509_NAME) *names = sk_X509_NAME_new_null();
        good = names && postern_tls_trust(server->contexts[i], authorities, length, names) > 0;
        if (!good) {
            sk_X509_NAME_pop_free(names, X509_NAME_free);
            break;
        }
        SSL_CTX_set_client_CA_list(server->contexts[i], names);
        SSL_CTX_set_verify(
            server->contexts[i], SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
    }
    if (!good) postern_tls_reason(reason, capacity);
    return good ? POSTERN_TLS_GOOD : POSTERN_TLS_BAD_AUTHORITY;
}
