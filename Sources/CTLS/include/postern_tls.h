// What Postern uses of OpenSSL's libssl, behind our own prefix: no OpenSSL type, macro or header reaches Swift.
// Handles are numbers instead of pointers, so that Swift may pass them between threads; 0 is none.
#ifndef POSTERN_TLS_H
#define POSTERN_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The keys of session tickets, for all listeners of a process and all its threads.
typedef uintptr_t postern_tls_tickets;
/// What a listener is secured with: certificates, policy. Not changed once it is in use, by any number of threads.
typedef uintptr_t postern_tls_server;
/// What connections to one outside name are secured with, and sessions that others resume.
typedef uintptr_t postern_tls_client;
/// One connection. Confined to one thread at a time.
typedef uintptr_t postern_tls_session;

enum {
    /// What a call gave instead of a count.
    POSTERN_TLS_WANTS_INPUT = -1,
    POSTERN_TLS_WANTS_OUTPUT = -2,
    POSTERN_TLS_TRUNCATED = -3,
    POSTERN_TLS_REFUSED = -4,
    /// A system call failed: errno.
    POSTERN_TLS_FAILED = -5,

    /// Bytes of content in the largest record (RFC 8446 section 5.1).
    POSTERN_TLS_RECORD = 16384,
};

/// Why a handshake failed, coarsely.
enum {
    POSTERN_TLS_FAULT_NONE = 0,
    /// Bytes that are no TLS, or TLS that breaks its rules.
    POSTERN_TLS_FAULT_PROTOCOL,
    /// Plain HTTP.
    POSTERN_TLS_FAULT_HTTP,
    /// No version in common.
    POSTERN_TLS_FAULT_VERSION,
    /// No cipher, group or signature algorithm in common.
    POSTERN_TLS_FAULT_CIPHER,
    /// The peer's certificate: missing, not trusted, of another name.
    POSTERN_TLS_FAULT_CERTIFICATE,
    /// No application protocol in common.
    POSTERN_TLS_FAULT_APPLICATION,
    /// The peer sent an alert: it does not like what it got.
    POSTERN_TLS_FAULT_ALERT,
    /// The peer went away.
    POSTERN_TLS_FAULT_CLOSED,
};

/// What was wrong with what a server or a client was to be made of.
enum {
    POSTERN_TLS_GOOD = 0,
    POSTERN_TLS_BAD_CERTIFICATE,
    POSTERN_TLS_BAD_CHAIN,
    POSTERN_TLS_BAD_KEY,
    POSTERN_TLS_KEY_MISMATCH,
    POSTERN_TLS_BAD_AUTHORITY,
    POSTERN_TLS_BAD_OTHER,
};

postern_tls_tickets postern_tls_tickets_create(void);
void postern_tls_tickets_destroy(postern_tls_tickets tickets);
/// Makes a new key for the tickets from now on; those of the two keys before are still taken. False without random bytes.
bool postern_tls_tickets_rotate(postern_tls_tickets tickets);

/// `version`: 2 or 3, the least TLS 1.x. `protocols`: ALPN names in wire form (RFC 7301), in our order. The tickets must
/// live as long as the server and its sessions.
postern_tls_server postern_tls_server_create(
    postern_tls_tickets tickets, int version, const uint8_t *protocols, size_t length, bool kernel);
/// Adds a certificate with its chain, and its key; both PEM. The first is for clients that name no host, or one that no
/// certificate is for. `expires`: seconds of the epoch. POSTERN_TLS_…; OpenSSL's reason goes to `reason`.
int postern_tls_server_add(
    postern_tls_server server, const uint8_t *certificate, size_t certificate_length, const uint8_t *key,
    size_t key_length, int64_t *expires, char *reason, size_t capacity);
/// Asks for client certificates of these authorities (PEM), after all certificates were added.
int postern_tls_server_ask_client(
    postern_tls_server server, const uint8_t *authorities, size_t length, bool required, char *reason,
    size_t capacity);
/// No session of its may be left.
void postern_tls_server_destroy(postern_tls_server server);

/// `name`: the name, or numeric address, that the peer's certificate must be for; it is told to the peer (SNI) where it
/// is a name. `authorities`: PEM; NULL for the system's.
postern_tls_client postern_tls_client_create(
    const char *name, int version, const uint8_t *authorities, size_t length, const uint8_t *protocols,
    size_t protocols_length, int *fault, char *reason, size_t capacity);
/// The certificate with its chain, and its key, that a server which asks for one is shown; both PEM.
int postern_tls_client_identify(
    postern_tls_client client, const uint8_t *certificate, size_t certificate_length, const uint8_t *key,
    size_t key_length, char *reason, size_t capacity);
/// No session of its may be left.
void postern_tls_client_destroy(postern_tls_client client);

postern_tls_session postern_tls_accept(postern_tls_server server, int fd);
postern_tls_session postern_tls_connect(postern_tls_client client, int fd);
void postern_tls_session_destroy(postern_tls_session session);

/// The socket has more to read; `is_end`: perhaps its end too.
void postern_tls_input_arrived(postern_tls_session session, bool is_end);
/// 0 once the handshake is done.
long postern_tls_handshake(postern_tls_session session);
/// As many bytes as there are; 0 for the end that the peer has announced.
long postern_tls_read(postern_tls_session session, void *bytes, size_t capacity);
bool postern_tls_may_read(postern_tls_session session);
long postern_tls_write(postern_tls_session session, const void *bytes, size_t count);
/// Sends close_notify; 0 when it has left.
long postern_tls_end(postern_tls_session session);
/// Reads what is no content (a session ticket); whether neither content nor an end is there.
bool postern_tls_is_quiet(postern_tls_session session);

/// POSTERN_TLS_FAULT_… of the handshake.
int postern_tls_fault(postern_tls_session session);
/// The reason in OpenSSL's words, for a log; lives for ever.
const char *postern_tls_problem(postern_tls_session session);
bool postern_tls_was_resumed(postern_tls_session session);
/// The application protocol agreed on; its length, 0 for none. Lives as long as the session.
size_t postern_tls_protocol(postern_tls_session session, const uint8_t **name);
/// The subject of the peer's verified certificate (RFC 2253, in printable ASCII); its length, 0 without a certificate,
/// -1 when it is longer than `capacity` or empty.
long postern_tls_peer_subject(postern_tls_session session, char *text, size_t capacity);

#endif
