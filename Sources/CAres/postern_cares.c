#include "postern_cares.h"

#include <ares.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

struct postern_cares {
    ares_channel channel;
    void *context;
    postern_cares_watch watch;
    postern_cares_done done;
};

struct question {
    postern_cares *resolver;
    uint64_t number;
    int family;
};

static int library_status;

static void start_library(void) { library_status = ares_library_init(ARES_LIB_INIT_ALL); }

static void socket_state(void *context, ares_socket_t fd, int reading, int writing) {
    postern_cares *resolver = context;
    resolver->watch(resolver->context, fd, reading != 0, writing != 0);
}

postern_cares *postern_cares_create(const char *servers, int timeout_ms, void *context, postern_cares_watch watch,
                                    postern_cares_done done, const char **reason) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_library);
    *reason = ares_strerror(library_status);
    if (library_status != ARES_SUCCESS) return NULL;
    postern_cares *resolver = calloc(1, sizeof *resolver);
    if (!resolver) return NULL;
    resolver->context = context;
    resolver->watch = watch;
    resolver->done = done;
    struct ares_options options = {
        // A name is what it says: a search list could send it to a host of somebody else.
        .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
        .timeout = timeout_ms,
        .tries = 2,
        .ndomains = 0,
        .sock_state_cb = socket_state,
        .sock_state_cb_data = resolver,
    };
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_DOMAINS | ARES_OPT_SOCK_STATE_CB;
    int status = ares_init_options(&resolver->channel, &options, mask);
    if (status == ARES_SUCCESS && servers) {
        status = ares_set_servers_ports_csv(resolver->channel, servers);
        if (status != ARES_SUCCESS) ares_destroy(resolver->channel);
    }
    if (status != ARES_SUCCESS) {
        *reason = ares_strerror(status);
        free(resolver);
        return NULL;
    }
    return resolver;
}

void postern_cares_destroy(postern_cares *resolver) {
    if (!resolver) return;
    ares_destroy(resolver->channel);
    free(resolver);
}

/// Takes the addresses of one family out of `found`; their number.
static size_t copy_addresses(const struct ares_addrinfo *found, int family, struct postern_cares_answer *answer) {
    int ttl = INT32_MAX;
    size_t count = 0;
    for (const struct ares_addrinfo_cname *name = found->cnames; name; name = name->next)
        if (name->ttl < ttl) ttl = name->ttl;
    for (const struct ares_addrinfo_node *node = found->nodes; node; node = node->ai_next) {
        if (node->ai_family != family || count == POSTERN_CARES_ADDRESS_LIMIT) continue;
        if (node->ai_ttl < ttl) ttl = node->ai_ttl;
        if (family == AF_INET) {
            memcpy(answer->addresses[count++], &((const struct sockaddr_in *)(const void *)node->ai_addr)->sin_addr, 4);
        } else {
            memcpy(answer->addresses[count++], &((const struct sockaddr_in6 *)(const void *)node->ai_addr)->sin6_addr,
                   16);
        }
    }
    answer->ttl = ttl < 0 ? 0 : (uint32_t)ttl;
    return count;
}

static void answered(void *argument, int status, int timeouts, struct ares_addrinfo *found) {
    (void)timeouts;
    struct question *question = argument;
    postern_cares *resolver = question->resolver;
    struct postern_cares_answer answer = {.kind = POSTERN_CARES_FAILED, .reason = ares_strerror(status)};
    answer.is_ipv6 = question->family == AF_INET6;
    if (status == ARES_SUCCESS && found) answer.count = copy_addresses(found, question->family, &answer);
    if (status == ARES_SUCCESS) answer.kind = answer.count > 0 ? POSTERN_CARES_FOUND : POSTERN_CARES_NONE;
    if (status == ARES_ENODATA || status == ARES_ENOTFOUND) answer.kind = POSTERN_CARES_NONE;
    if (found) ares_freeaddrinfo(found);
    uint64_t number = question->number;
    free(question);
    resolver->done(resolver->context, number, &answer);
}

void postern_cares_ask(postern_cares *resolver, const char *name, bool ipv6, uint64_t query) {
    struct question *question = malloc(sizeof *question);
    if (!question) {
        struct postern_cares_answer answer = {.kind = POSTERN_CARES_FAILED, .reason = ares_strerror(ARES_ENOMEM)};
        resolver->done(resolver->context, query, &answer);
        return;
    }
    *question = (struct question){.resolver = resolver, .number = query, .family = ipv6 ? AF_INET6 : AF_INET};
    // Unsorted: c-ares would open a socket for each address to see what the kernel thinks of it.
    struct ares_addrinfo_hints hints = {
        .ai_flags = ARES_AI_NOSORT, .ai_family = question->family, .ai_socktype = SOCK_STREAM};
    ares_getaddrinfo(resolver->channel, name, NULL, &hints, answered, question);
}

void postern_cares_process(postern_cares *resolver, int readable, int writable) {
    ares_process_fd(resolver->channel, readable < 0 ? ARES_SOCKET_BAD : readable,
                    writable < 0 ? ARES_SOCKET_BAD : writable);
}

int64_t postern_cares_timeout(postern_cares *resolver) {
    struct timeval room;
    struct timeval *left = ares_timeout(resolver->channel, NULL, &room);
    // Rounded up, so that it has passed when it rings.
    return left ? (int64_t)left->tv_sec * 1000 + left->tv_usec / 1000 + 1 : -1;
}
