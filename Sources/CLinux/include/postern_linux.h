// What Swift's Glibc module does not show of Linux: epoll, eventfd, signalfd, accept4, peer credentials.
// Thin wrappers with our own prefix; constants that are C macros become functions or enum members here.
#ifndef POSTERN_LINUX_H
#define POSTERN_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

enum {
    POSTERN_EPOLL_IN = 0x001,
    POSTERN_EPOLL_OUT = 0x004,
    POSTERN_EPOLL_ERR = 0x008,
    POSTERN_EPOLL_HUP = 0x010,
    POSTERN_EPOLL_RDHUP = 0x2000,
};

/// One ready descriptor: the events, and the token given when it was added.
struct postern_ready {
    uint32_t events;
    uint32_t padding;
    uint64_t token;
};

/// All of these return -1 and set errno on failure, as the calls that they wrap.
int postern_epoll_create(void);
/// Edge-triggered for reading and, where asked for, for writing. Writing is asked for only while bytes wait:
/// a Unix socket would else wake its loop each time that its peer reads.
int postern_epoll_add_stream(int epoll, int fd, uint64_t token, bool writing);
int postern_epoll_change_stream(int epoll, int fd, uint64_t token, bool writing);
/// Level-triggered, for reading; one of several loops that share the descriptor is woken (EPOLLEXCLUSIVE).
int postern_epoll_add_listener(int epoll, int fd, uint64_t token);
/// Level-triggered, for reading.
int postern_epoll_add_reader(int epoll, int fd, uint64_t token);
/// Level-triggered, for what is asked for: descriptors that a library reads and writes in its own way.
int postern_epoll_add_level(int epoll, int fd, uint64_t token, bool reading, bool writing);
int postern_epoll_change_level(int epoll, int fd, uint64_t token, bool reading, bool writing);
int postern_epoll_remove(int epoll, int fd);
/// Waits for up to `timeout_ns` nanoseconds (negative: without end); at most 256 entries a call.
int postern_epoll_wait(int epoll, struct postern_ready *ready, int capacity, int64_t timeout_ns);

int postern_eventfd(void);
int postern_eventfd_signal(int fd);
int postern_eventfd_drain(int fd);

/// A descriptor that reads the given signals, which are blocked in the calling thread first.
int postern_signalfd(const int *signals, int count);
/// The next signal that is waiting, 0 when none is.
int postern_signalfd_read(int fd);
/// Blocks (or unblocks) all of `signals` in the calling thread; threads started later inherit it.
int postern_signals_block(const int *signals, int count);
int postern_ignore_sigpipe(void);

/// accept4 with SOCK_NONBLOCK | SOCK_CLOEXEC.
int postern_accept(int listener);
/// A TCP peer's address as text and port; 0 when the socket is of another family.
int postern_peer_address(int fd, char *text, size_t capacity, uint16_t *port);
/// Who a TCP peer is for counting: its IPv4 address (also one mapped into IPv6), or the first 64 bits of its IPv6
/// address, of which one host has all the rest. 0, or -1 when the socket is of another family.
int postern_peer_network(int fd, uint64_t *network);
int postern_local_address(int fd, char *text, size_t capacity, uint16_t *port);

/// Process, user and group of the peer of a Unix socket (SO_PEERCRED, unix(7)).
int postern_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid);

/// A watch of folders (inotify(7)), non-blocking and close-on-exec.
int postern_inotify(void);
/// Watches the folder at `path` for what is made, removed, renamed or given another owner in it, and for its own end.
/// The number of the watch: the same for the same folder. ENOENT and ENOTDIR for what is no folder.
int postern_inotify_watch(int inotify, const char *path);
int postern_inotify_forget(int inotify, int watch);
/// Takes all events that wait: 0 for none, 1 for some, 2 where some were lost (IN_Q_OVERFLOW).
int postern_inotify_drain(int inotify);

/// One socket's file in a folder. `name` is good until the next call.
struct postern_socket_file {
    const char *name;
    uid_t owner;
    /// Tell one file from a later one of the same name.
    uint64_t inode;
    int64_t born_ns;
};
struct postern_folder;
/// Opens the folder at `path` to read which sockets are in it; NULL with errno. `*owner` is the folder's.
struct postern_folder *postern_folder_open(const char *path, uid_t *owner);
/// The next socket: 1, 0 at the end, -1 with errno. A symbolic link is none, wherever it leads.
int postern_folder_next(struct postern_folder *folder, struct postern_socket_file *file);
void postern_folder_close(struct postern_folder *folder);

/// A non-blocking close-on-exec stream socket, connected or connecting; -1 with errno.
/// EINPROGRESS is not an error and is told by `*in_progress`.
int postern_connect_unix(const char *path, bool *in_progress);
int postern_connect_tcp(const char *address, uint16_t port, bool *in_progress);
/// Bound and listening sockets. `mode` are the permission bits of a Unix socket's file.
int postern_listen_unix(const char *path, int backlog, mode_t mode);
int postern_listen_tcp(const char *address, uint16_t port, int backlog, bool reuse_port);
/// The size of sockaddr_un's path, its final NUL included (108 on Linux).
size_t postern_unix_path_capacity(void);
/// The pending error of a socket (SO_ERROR), 0 for none.
int postern_socket_error(int fd);
int postern_set_nodelay(int fd);
/// Has the kernel find out that a TCP peer has vanished, or is gone: after `idle` seconds without a byte it is asked
/// each `interval` seconds, `count` times (SO_KEEPALIVE, tcp(7)); data that nobody acknowledges has the same time in
/// all (TCP_USER_TIMEOUT). Set on a listening socket it holds for the connections that are accepted from it.
int postern_set_keepalive(int fd, int idle, int interval, int count);
/// Bytes written to a socket that its peer's side has not yet taken (SIOCOUTQ, tcp(7), unix(7)); 0 when nobody can say.
int postern_unacknowledged(int fd);
int postern_set_nonblocking(int fd);
int postern_shutdown_write(int fd);
/// Has a Unix socket take no more: from then on the peer's writes fail with EPIPE, and connecting to a listening one with
/// ECONNREFUSED; what came before can still be read, or accepted (shutdown(2) with SHUT_RD, unix(7)). -1 with EOPNOTSUPP for
/// other sockets, whose kernels go on taking bytes.
int postern_refuse_input(int fd);
/// SO_LINGER with no time: close(2) sends a reset.
int postern_reset_on_close(int fd);
/// Whether the descriptor is a listening stream socket, and of which family (AF_UNIX, AF_INET, AF_INET6).
bool postern_is_listening(int fd, int *family);

/// Nanoseconds of CLOCK_MONOTONIC and seconds of CLOCK_REALTIME.
uint64_t postern_monotonic_ns(void);
int64_t postern_realtime_s(void);
int64_t postern_realtime_ms(void);

/// PR_SET_PDEATHSIG for the calling process; PR_SET_DUMPABLE 0 and RLIMIT_CORE 0.
int postern_die_with_parent(int signal);
int postern_forbid_core_dumps(void);
/// Columns and rows of a terminal (TIOCGWINSZ); -1 for what is none.
int postern_terminal_size(int fd, int *columns, int *rows);
/// Names the calling thread (prctl(2) PR_SET_NAME; 15 bytes at most).
void postern_name_thread(const char *name);
/// Raises the soft limit of open descriptors to the hard one; returns the limit in force.
uint64_t postern_raise_descriptor_limit(void);
/// Processors that this process may use (sched_getaffinity(2)).
int postern_processors(void);
/// Random bytes of the kernel (getrandom(2)); 0, or -1 with errno.
int postern_random(void *bytes, size_t count);

#endif
