#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// MARK: The way to the socket

static BIO_METHOD *method;
static int (*kernel_read)(BIO *, char *, int);
static pthread_once_t once = PTHREAD_ONCE_INIT;

/// One read after which the socket has nothing left is the last until the loop says that more has come: the read that
/// only tells that there is nothing is saved.
static int read_socket(BIO *bio, char *bytes, int capacity) {
    struct session *session = (struct session *)BIO_get_callback_arg(bio);
    BIO_clear_retry_flags(bio);
    if (session->is_drained) {
        BIO_set_retry_read(bio);
        errno = EAGAIN;
        return -1;
    }
    if (session->is_kernel && BIO_get_ktls_recv(bio)) {
        int count = kernel_read(bio, bytes, capacity);
        if (count < 0 && BIO_should_retry(bio)) session->is_drained = true;
        return count;
    }
    ssize_t count;
    do count = recv(session->fd, bytes, (size_t)capacity, 0);
    while (count < 0 && errno == EINTR);
    if (count < 0 && errno == EAGAIN) {
        session->is_drained = true;
        BIO_set_retry_read(bio);
    } else if (count == 0) {
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    } else if (count < capacity && !session->has_end) {
        session->is_drained = true;
    }
    return (int)count;
}

static void make_method(void) {
    const BIO_METHOD *socket = BIO_s_socket();
    BIO_METHOD *made = BIO_meth_new(BIO_TYPE_SOCKET, "postern");
    if (!made) return;
    kernel_read = BIO_meth_get_read(socket);
    BIO_meth_set_read(made, read_socket);
    BIO_meth_set_write(made, BIO_meth_get_write(socket));
    BIO_meth_set_ctrl(made, BIO_meth_get_ctrl(socket));
    BIO_meth_set_create(made, BIO_meth_get_create(socket));
    BIO_meth_set_destroy(made, BIO_meth_get_destroy(socket));
    method = made;
}

BIO *postern_tls_new_bio(struct session *session) {
    pthread_once(&once, make_method);
    BIO *bio = method ? BIO_new(method) : NULL;
    if (!bio) return NULL;
    BIO_set_fd(bio, session->fd, BIO_NOCLOSE);
    BIO_set_callback_arg(bio, (char *)session);
    return bio;
}

// MARK: Sessions

static struct session *new_session(SSL_CTX *context, int fd) {
    struct session *session = calloc(1, sizeof *session);
    if (!session) return NULL;
    session->fd = fd;
    session->ended_with = 1;
    session->ssl = SSL_new(context);
    BIO *bio = session->ssl ? postern_tls_new_bio(session) : NULL;
    if (!bio) {
        SSL_free(session->ssl);
        free(session);
        ERR_clear_error();
        return NULL;
    }
    SSL_set_bio(session->ssl, bio, bio);
    session->is_kernel = SSL_get_options(session->ssl) & SSL_OP_ENABLE_KTLS;
    return session;
}

postern_tls_session postern_tls_accept(postern_tls_server handle, int fd) {
    struct server *server = (struct server *)handle;
    if (server->count == 0) return 0;
    struct session *session = new_session(server->contexts[0], fd);
    if (session) SSL_set_accept_state(session->ssl);
    return (postern_tls_session)session;
}

postern_tls_session postern_tls_connect(postern_tls_client handle, int fd) {
    struct client *client = (struct client *)handle;
    struct session *session = new_session(client->context, fd);
    if (!session) return 0;
    SSL_set_connect_state(session->ssl);
    if (!client->is_address) SSL_set_tlsext_host_name(session->ssl, client->name);
    SSL_SESSION *former = postern_tls_take_session(client);
    if (former) {
        SSL_set_session(session->ssl, former);
        SSL_SESSION_free(former);
    }
    return (postern_tls_session)session;
}

void postern_tls_session_destroy(postern_tls_session handle) {
    struct session *session = (struct session *)handle;
    if (!session) return;
    SSL_free(session->ssl);
    free(session);
}

void postern_tls_input_arrived(postern_tls_session handle, bool is_end) {
    struct session *session = (struct session *)handle;
    session->is_drained = false;
    if (is_end) session->has_end = true;
}

// MARK: Failures

static int fault_of(struct session *session, unsigned long code) {
    if (ERR_GET_LIB(code) != ERR_LIB_SSL) return POSTERN_TLS_FAULT_PROTOCOL;
    switch (ERR_GET_REASON(code)) {
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST: return POSTERN_TLS_FAULT_HTTP;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION: return POSTERN_TLS_FAULT_VERSION;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS: return POSTERN_TLS_FAULT_CIPHER;
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return POSTERN_TLS_FAULT_CERTIFICATE;
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
        session->problem = X509_verify_cert_error_string(SSL_get_verify_result(session->ssl));
        return POSTERN_TLS_FAULT_CERTIFICATE;
    case SSL_R_NO_APPLICATION_PROTOCOL:
    case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: return POSTERN_TLS_FAULT_APPLICATION;
    case SSL_R_UNEXPECTED_EOF_WHILE_READING: return POSTERN_TLS_FAULT_CLOSED;
    default: break;
    }
    return ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET ? POSTERN_TLS_FAULT_ALERT : POSTERN_TLS_FAULT_PROTOCOL;
}

/// What a call that failed asks for, or why it failed; empties OpenSSL's queue.
static long outcome(struct session *session, int result) {
    int system = errno;
    int kind = SSL_get_error(session->ssl, result);
    switch (kind) {
    case SSL_ERROR_WANT_READ: return POSTERN_TLS_WANTS_INPUT;
    case SSL_ERROR_WANT_WRITE: return POSTERN_TLS_WANTS_OUTPUT;
    case SSL_ERROR_ZERO_RETURN: return 0;
    default: break;
    }
    unsigned long code = ERR_peek_error();
    if (kind == SSL_ERROR_SSL && code) {
        const char *reason = ERR_reason_error_string(code);
        session->problem = reason ? reason : "unknown reason";
        session->fault = fault_of(session, code);
        ERR_clear_error();
        return session->fault == POSTERN_TLS_FAULT_CLOSED ? POSTERN_TLS_TRUNCATED : POSTERN_TLS_REFUSED;
    }
    ERR_clear_error();
    session->fault = POSTERN_TLS_FAULT_CLOSED;
    session->problem = "the connection broke";
    errno = system ? system : ECONNRESET;
    return POSTERN_TLS_FAILED;
}

/// An error that another connection left behind would be taken for this one's (SSL_get_error(3)).
static inline void begin(void) {
    if (ERR_peek_error()) ERR_clear_error();
    errno = 0;
}

// MARK: Bytes

long postern_tls_handshake(postern_tls_session handle) {
    struct session *session = (struct session *)handle;
    begin();
    int result = SSL_do_handshake(session->ssl);
    if (result == 1) return 0;
    long why = outcome(session, result);
    // close_notify in the middle of a handshake.
    return why == 0 ? POSTERN_TLS_TRUNCATED : why;
}

long postern_tls_read(postern_tls_session handle, void *bytes, size_t capacity) {
    struct session *session = (struct session *)handle;
    size_t total = 0;
    // One call gives one record at most.
    while (total < capacity && session->ended_with > 0) {
        size_t count = 0;
        begin();
        int result = SSL_read_ex(session->ssl, (char *)bytes + total, capacity - total, &count);
        if (result == 1) {
            total += count;
            if (session->is_drained && !SSL_has_pending(session->ssl)) break;
            continue;
        }
        long why = outcome(session, result);
        if (why == POSTERN_TLS_WANTS_INPUT || why == POSTERN_TLS_WANTS_OUTPUT) return total > 0 ? (long)total : why;
        if (why == POSTERN_TLS_FAILED && total == 0) return why;
        session->ended_with = why == POSTERN_TLS_FAILED ? POSTERN_TLS_TRUNCATED : (int)why;
    }
    return total > 0 ? (long)total : session->ended_with;
}

bool postern_tls_may_read(postern_tls_session handle) {
    struct session *session = (struct session *)handle;
    return !session->is_drained || session->ended_with <= 0 || SSL_has_pending(session->ssl);
}

long postern_tls_write(postern_tls_session handle, const void *bytes, size_t count) {
    struct session *session = (struct session *)handle;
    size_t written = 0;
    begin();
    int result = SSL_write_ex(session->ssl, bytes, count, &written);
    if (result == 1) return (long)written;
    long why = outcome(session, result);
    return why == 0 ? POSTERN_TLS_REFUSED : why;
}

long postern_tls_end(postern_tls_session handle) {
    struct session *session = (struct session *)handle;
    begin();
    // 0: ours has left, the peer's has not come.
    int result = SSL_shutdown(session->ssl);
    if (result >= 0) return 0;
    long why = outcome(session, result);
    return why == POSTERN_TLS_WANTS_INPUT ? 0 : why;
}

bool postern_tls_is_quiet(postern_tls_session handle) {
    struct session *session = (struct session *)handle;
    if (session->ended_with <= 0) return false;
    char byte;
    size_t count = 0;
    session->is_drained = false;
    begin();
    int result = SSL_peek_ex(session->ssl, &byte, 1, &count);
    return result != 1 && outcome(session, result) == POSTERN_TLS_WANTS_INPUT;
}

// MARK: What was agreed

int postern_tls_fault(postern_tls_session handle) { return ((struct session *)handle)->fault; }

const char *postern_tls_problem(postern_tls_session handle) {
    struct session *session = (struct session *)handle;
    return session->problem ? session->problem : "";
}

bool postern_tls_was_resumed(postern_tls_session handle) {
    return SSL_session_reused(((struct session *)handle)->ssl) == 1;
}

size_t postern_tls_protocol(postern_tls_session handle, const uint8_t **name) {
    unsigned length = 0;
    SSL_get0_alpn_selected(((struct session *)handle)->ssl, name, &length);
    return length;
}

long postern_tls_peer_subject(postern_tls_session handle, char *text, size_t capacity) {
    X509 *certificate = SSL_get0_peer_certificate(((struct session *)handle)->ssl);
    if (!certificate) return 0;
    BIO *room = BIO_new(BIO_s_mem());
    long length = -1;
    // Control characters and all beyond ASCII are escaped: what comes out can stand in a field.
    if (room && X509_NAME_print_ex(room, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) >= 0) {
        char *bytes = NULL;
        long count = BIO_get_mem_data(room, &bytes);
        bool printable = count > 0 && (size_t)count <= capacity;
        for (long i = 0; printable && i < count; i++) printable = bytes[i] >= 0x20 && bytes[i] < 0x7F;
        if (printable) {
            memcpy(text, bytes, (size_t)count);
            length = count;
        }
    }
    BIO_free(room);
    ERR_clear_error();
    return length;
}
