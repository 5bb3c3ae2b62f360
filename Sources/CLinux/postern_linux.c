#define _GNU_SOURCE
#include "postern_linux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

_Static_assert(POSTERN_EPOLL_IN == EPOLLIN && POSTERN_EPOLL_OUT == EPOLLOUT && POSTERN_EPOLL_ERR == EPOLLERR
                   && POSTERN_EPOLL_HUP == EPOLLHUP && POSTERN_EPOLL_RDHUP == EPOLLRDHUP,
               "the event bits are the kernel's");

enum { READY_AT_ONCE = 256 };

int postern_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int epoll, int operation, int fd, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return epoll_ctl(epoll, operation, fd, &event);
}

static uint32_t stream_events(bool writing) { return EPOLLIN | EPOLLRDHUP | EPOLLET | (writing ? EPOLLOUT : 0); }

int postern_epoll_add_stream(int epoll, int fd, uint64_t token, bool writing) {
    return control(epoll, EPOLL_CTL_ADD, fd, stream_events(writing), token);
}

int postern_epoll_change_stream(int epoll, int fd, uint64_t token, bool writing) {
    return control(epoll, EPOLL_CTL_MOD, fd, stream_events(writing), token);
}

int postern_epoll_add_listener(int epoll, int fd, uint64_t token) {
    return control(epoll, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE, token);
}

int postern_epoll_add_reader(int epoll, int fd, uint64_t token) {
    return control(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, token);
}

static uint32_t level_events(bool reading, bool writing) { return (reading ? EPOLLIN : 0) | (writing ? EPOLLOUT : 0); }

int postern_epoll_add_level(int epoll, int fd, uint64_t token, bool reading, bool writing) {
    return control(epoll, EPOLL_CTL_ADD, fd, level_events(reading, writing), token);
}

int postern_epoll_change_level(int epoll, int fd, uint64_t token, bool reading, bool writing) {
    return control(epoll, EPOLL_CTL_MOD, fd, level_events(reading, writing), token);
}

int postern_epoll_remove(int epoll, int fd) { return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL); }

int postern_epoll_wait(int epoll, struct postern_ready *ready, int capacity, int64_t timeout_ns) {
    struct epoll_event events[READY_AT_ONCE];
    if (capacity > READY_AT_ONCE) capacity = READY_AT_ONCE;
    int timeout_ms = -1;
    if (timeout_ns == 0) timeout_ms = 0;
    else if (timeout_ns > 0) {
        // Rounded up, so that a timer is never woken for too early.
        int64_t ms = timeout_ns / 1000000 + (timeout_ns % 1000000 != 0);
        timeout_ms = ms > 60000 ? 60000 : (int)ms;
    }
    int count = epoll_wait(epoll, events, capacity, timeout_ms);
    for (int i = 0; i < count; i++) {
        ready[i].events = events[i].events;
        ready[i].token = events[i].data.u64;
    }
    return count;
}

int postern_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int postern_eventfd_signal(int fd) {
    uint64_t one = 1;
    return write(fd, &one, sizeof one) == sizeof one || errno == EAGAIN ? 0 : -1;
}

int postern_eventfd_drain(int fd) {
    uint64_t count;
    return read(fd, &count, sizeof count) == sizeof count || errno == EAGAIN ? 0 : -1;
}

static void set_of(const int *signals, int count, sigset_t *set) {
    sigemptyset(set);
    for (int i = 0; i < count; i++) sigaddset(set, signals[i]);
}

int postern_signals_block(const int *signals, int count) {
    sigset_t set;
    set_of(signals, count, &set);
    errno = pthread_sigmask(SIG_BLOCK, &set, NULL);
    return errno ? -1 : 0;
}

int postern_signalfd(const int *signals, int count) {
    sigset_t set;
    set_of(signals, count, &set);
    if (postern_signals_block(signals, count) < 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int postern_signalfd_read(int fd) {
    struct signalfd_siginfo info;
    return read(fd, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

int postern_ignore_sigpipe(void) { return signal(SIGPIPE, SIG_IGN) == SIG_ERR ? -1 : 0; }

int postern_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }

static int describe(const struct sockaddr_storage *address, char *text, size_t capacity, uint16_t *port) {
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;
        *port = ntohs(in->sin_port);
        return inet_ntop(AF_INET, &in->sin_addr, text, (socklen_t)capacity) ? (int)strlen(text) : 0;
    }
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const void *)address;
        *port = ntohs(in->sin6_port);
        if (IN6_IS_ADDR_V4MAPPED(&in->sin6_addr))
            return inet_ntop(AF_INET, &in->sin6_addr.s6_addr[12], text, (socklen_t)capacity) ? (int)strlen(text) : 0;
        return inet_ntop(AF_INET6, &in->sin6_addr, text, (socklen_t)capacity) ? (int)strlen(text) : 0;
    }
    return 0;
}

int postern_peer_address(int fd, char *text, size_t capacity, uint16_t *port) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getpeername(fd, (struct sockaddr *)&address, &length) < 0) return -1;
    return describe(&address, text, capacity, port);
}

int postern_peer_network(int fd, uint64_t *network) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getpeername(fd, (struct sockaddr *)&address, &length) < 0) return -1;
    uint32_t v4;
    if (address.ss_family == AF_INET) {
        v4 = ((const struct sockaddr_in *)&address)->sin_addr.s_addr;
    } else if (address.ss_family == AF_INET6) {
        const struct in6_addr *in6 = &((const struct sockaddr_in6 *)&address)->sin6_addr;
        if (!IN6_IS_ADDR_V4MAPPED(in6)) {
            memcpy(network, in6->s6_addr, sizeof *network);
            return 0;
        }
        memcpy(&v4, &in6->s6_addr[12], sizeof v4);
    } else {
        return -1;
    }
    // In the last 32 of the 64 bits: an IPv6 network that begins with 32 zero bits is nobody's (RFC 4291), so that
    // the two do not clash.
    *network = 0;
    memcpy((char *)network + 4, &v4, sizeof v4);
    return 0;
}

int postern_local_address(int fd, char *text, size_t capacity, uint16_t *port) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) return -1;
    return describe(&address, text, capacity, port);
}

int postern_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0) return -1;
    *pid = credentials.pid;
    *uid = credentials.uid;
    *gid = credentials.gid;
    return 0;
}

static int close_keeping_errno(int fd) {
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static int unix_address(const char *path, struct sockaddr_un *address) {
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, length);
    return 0;
}

static int connect_socket(int family, const struct sockaddr *address, socklen_t length, bool *in_progress) {
    *in_progress = false;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (connect(fd, address, length) < 0) {
        if (errno != EINPROGRESS) return close_keeping_errno(fd);
        *in_progress = true;
    }
    return fd;
}

int postern_connect_unix(const char *path, bool *in_progress) {
    struct sockaddr_un address;
    if (unix_address(path, &address) < 0) return -1;
    return connect_socket(AF_UNIX, (struct sockaddr *)&address, sizeof address, in_progress);
}

/// Fills `address` from a numeric IPv4 or IPv6 address; returns its length, 0 when it is neither.
static socklen_t tcp_address(const char *text, uint16_t port, struct sockaddr_storage *address) {
    memset(address, 0, sizeof *address);
    struct sockaddr_in *v4 = (void *)address;
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (void *)address;
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        return sizeof *v6;
    }
    errno = EINVAL;
    return 0;
}

int postern_connect_tcp(const char *text, uint16_t port, bool *in_progress) {
    struct sockaddr_storage address;
    socklen_t length = tcp_address(text, port, &address);
    if (length == 0) return -1;
    int fd = connect_socket(address.ss_family, (struct sockaddr *)&address, length, in_progress);
    if (fd >= 0) postern_set_nodelay(fd);
    return fd;
}

int postern_listen_unix(const char *path, int backlog, mode_t mode) {
    struct sockaddr_un address;
    if (unix_address(path, &address) < 0) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    // The mode is set before anybody can connect: nothing is accepted until listen().
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) return close_keeping_errno(fd);
    if (chmod(path, mode) < 0 || listen(fd, backlog) < 0) {
        int saved = errno;
        unlink(path);
        errno = saved;
        return close_keeping_errno(fd);
    }
    return fd;
}

int postern_listen_tcp(const char *text, uint16_t port, int backlog, bool reuse_port) {
    struct sockaddr_storage address;
    socklen_t length = tcp_address(text, port, &address);
    if (length == 0) return -1;
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int one = 1, zero = 0;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (reuse_port) setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    if (address.ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    if (bind(fd, (struct sockaddr *)&address, length) < 0 || listen(fd, backlog) < 0) return close_keeping_errno(fd);
    return fd;
}

size_t postern_unix_path_capacity(void) { return sizeof ((struct sockaddr_un *)0)->sun_path; }

int postern_socket_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return errno;
    return error;
}

int postern_set_nodelay(int fd) {
    int one = 1;
    return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static int set_tcp(int fd, int option, int value) {
    return setsockopt(fd, IPPROTO_TCP, option, &value, sizeof value);
}

int postern_set_keepalive(int fd, int idle, int interval, int count) {
    if (set_tcp(fd, TCP_KEEPIDLE, idle) < 0 || set_tcp(fd, TCP_KEEPINTVL, interval) < 0
        || set_tcp(fd, TCP_KEEPCNT, count) < 0
        || set_tcp(fd, TCP_USER_TIMEOUT, (idle + interval * count) * 1000) < 0)
        return -1;
    int on = 1;
    return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

int postern_unacknowledged(int fd) {
    int bytes = 0;
    return ioctl(fd, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

int postern_set_nonblocking(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

int postern_shutdown_write(int fd) { return shutdown(fd, SHUT_WR); }

int postern_refuse_input(int fd) {
    int family = 0;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &(socklen_t){sizeof family}) != 0) return -1;
    return family == AF_UNIX ? shutdown(fd, SHUT_RD) : (errno = EOPNOTSUPP, -1);
}

int postern_reset_on_close(int fd) {
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    return setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

bool postern_is_listening(int fd, int *family) {
    int listening = 0, type = 0;
    socklen_t length = sizeof listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) < 0 || !listening) return false;
    length = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0 || type != SOCK_STREAM) return false;
    length = sizeof *family;
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, family, &length) == 0;
}

uint64_t postern_monotonic_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t postern_realtime_s(void) { return (int64_t)time(NULL); }

int64_t postern_realtime_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int postern_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }

int postern_forbid_core_dumps(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) < 0) return -1;
    return prctl(PR_SET_DUMPABLE, 0);
}

void postern_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

uint64_t postern_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return 0;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur;
}

int postern_processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return (int)sysconf(_SC_NPROCESSORS_ONLN);
    return CPU_COUNT(&set);
}

int postern_random(void *bytes, size_t count) {
    unsigned char *at = bytes;
    while (count > 0) {
        ssize_t got = getrandom(at, count, 0);
        if (got < 0) {
            if (errno == EINTR) continue;
            return -1;
        }
        at += got;
        count -= (size_t)got;
    }
    return 0;
}
