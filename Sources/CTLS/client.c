#include "internal.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

/// Keeps a session; the connections that resume it are verified as the one was that made it.
static int keep_session(SSL *ssl, SSL_SESSION *session) {
    struct client *client = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    SSL_SESSION *oldest = NULL;
    pthread_mutex_lock(&client->lock);
    if (client->count == POSTERN_TLS_SESSIONS) {
        oldest = client->sessions[0];
        memmove(&client->sessions[0], &client->sessions[1], sizeof oldest * (POSTERN_TLS_SESSIONS - 1));
        client->count--;
    }
    client->sessions[client->count++] = session;
    pthread_mutex_unlock(&client->lock);
    SSL_SESSION_free(oldest);
    // The reference is ours now.
    return 1;
}

/// With TLS 1.3 a session is used once (RFC 8446 appendix C.4): servers send another with each connection.
SSL_SESSION *postern_tls_take_session(struct client *client) {
    SSL_SESSION *session = NULL;
    pthread_mutex_lock(&client->lock);
    if (client->count > 0) {
        session = client->sessions[client->count - 1];
        if (SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION) {
            client->count--;
        } else {
            SSL_SESSION_up_ref(session);
        }
    }
    pthread_mutex_unlock(&client->lock);
    return session;
}

static bool is_address(const char *name) {
    unsigned char room[16];
    return inet_pton(AF_INET, name, room) == 1 || inet_pton(AF_INET6, name, room) == 1;
}

postern_tls_client postern_tls_client_create(
    const char *name, int version, const uint8_t *authorities, size_t length, const uint8_t *protocols,
    size_t protocols_length, int *fault, char *reason, size_t capacity) {
    *fault = POSTERN_TLS_BAD_OTHER;
    struct client *client = calloc(1, sizeof *client);
    if (!client) return 0;
    pthread_mutex_init(&client->lock, NULL);
    client->context = postern_tls_new_context(TLS_client_method(), version, false);
    bool good = client->context && strlen(name) > 0 && strlen(name) < sizeof client->name;
    if (good) {
        strcpy(client->name, name);
        client->is_address = is_address(name);
        X509_VERIFY_PARAM *check = SSL_CTX_get0_param(client->context);
        X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        good = client->is_address ? X509_VERIFY_PARAM_set1_ip_asc(check, name) == 1
                                  : X509_VERIFY_PARAM_set1_host(check, name, 0) == 1;
        SSL_CTX_set_verify(client->context, SSL_VERIFY_PEER, NULL);
        // 0 is success here.
        good = good
               && (protocols_length == 0
                   || SSL_CTX_set_alpn_protos(client->context, protocols, (unsigned)protocols_length) == 0);
        SSL_CTX_set_session_cache_mode(
            client->context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL | SSL_SESS_CACHE_NO_AUTO_CLEAR);
        SSL_CTX_sess_set_new_cb(client->context, keep_session);
        SSL_CTX_set_app_data(client->context, client);
    }
    if (good) {
        good = authorities ? postern_tls_trust(client->context, authorities, length, NULL) > 0
                           : SSL_CTX_set_default_verify_paths(client->context) == 1;
        if (!good) *fault = POSTERN_TLS_BAD_AUTHORITY;
    }
    if (good) {
        *fault = POSTERN_TLS_GOOD;
        return (postern_tls_client)client;
    }
    postern_tls_reason(reason, capacity);
    postern_tls_client_destroy((postern_tls_client)client);
    return 0;
}

int postern_tls_client_identify(
    postern_tls_client handle, const uint8_t *certificate, size_t certificate_length, const uint8_t *key,
    size_t key_length, char *reason, size_t capacity) {
    struct client *client = (struct client *)handle;
    return postern_tls_use_certificate(
        client->context, certificate, certificate_length, key, key_length, reason, capacity);
}

void postern_tls_client_destroy(postern_tls_client handle) {
    struct client *client = (struct client *)handle;
    if (!client) return;
    SSL_CTX_free(client->context);
    for (int i = 0; i < client->count; i++) SSL_SESSION_free(client->sessions[i]);
    pthread_mutex_destroy(&client->lock);
    free(client);
}
