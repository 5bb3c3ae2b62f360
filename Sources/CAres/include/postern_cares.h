// What Postern uses of c-ares, behind our own prefix: no type, macro or header of its own reaches Swift. It does no
// waiting: whoever uses it watches its sockets and calls when something is ready, or its time has come.
#ifndef POSTERN_CARES_H
#define POSTERN_CARES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    /// There are addresses.
    POSTERN_CARES_FOUND = 0,
    /// The name's own servers say that it has none of this family (NXDOMAIN, NODATA).
    POSTERN_CARES_NONE = 1,
    /// Nobody has said anything.
    POSTERN_CARES_FAILED = 2,
    /// Addresses of one answer that are taken; more are left out.
    POSTERN_CARES_ADDRESS_LIMIT = 64,
};

/// The addresses of a name, of one family: 4 or 16 bytes each.
struct postern_cares_answer {
    int kind;
    bool is_ipv6;
    size_t count;
    uint8_t addresses[POSTERN_CARES_ADDRESS_LIMIT][16];
    /// Seconds for which all of it may be kept: the least of the records, aliases included.
    uint32_t ttl;
    /// Why nothing was found, for a log.
    const char *reason;
};

typedef struct postern_cares postern_cares;
/// `fd` is to be watched for reading, for writing, or, with neither, no longer: it is closed after this.
typedef void (*postern_cares_watch)(void *context, int fd, bool reading, bool writing);
typedef void (*postern_cares_done)(void *context, uint64_t query, const struct postern_cares_answer *answer);

/// NULL and a text in `reason` on failure.
/// - servers: addresses with ports, separated by commas; NULL for those of resolv.conf(5).
/// - timeout_ms: for one question to one server; it is asked twice.
postern_cares *postern_cares_create(const char *servers, int timeout_ms, void *context, postern_cares_watch watch,
                                    postern_cares_done done, const char **reason);
/// Questions under way end as failed, before this returns.
void postern_cares_destroy(postern_cares *resolver);
/// Asks for the addresses of `name` as it stands: no domain is put behind it. hosts(5) is looked at first; `localhost`
/// is asked of nobody (RFC 6761). `done` may be called before this returns.
void postern_cares_ask(postern_cares *resolver, const char *name, bool ipv6, uint64_t query);
/// A socket is ready; -1 for none. With neither, only times that have passed are looked at.
void postern_cares_process(postern_cares *resolver, int readable, int writable);
/// Milliseconds until `postern_cares_process` is to be called although nothing was ready; -1 for never.
int64_t postern_cares_timeout(postern_cares *resolver);

#endif
