/* The least that a gateway can do on one core: TCP in, pooled Unix sockets out, edge-triggered epoll. It parses no more
   than the end of a head and Content-Length, checks and rewrites nothing, and masks nothing: no gateway, but a measure
   for one. A request costs read, write, read, write, and its share of an epoll_wait.
     PORT DATA_SOCK AUTH_SOCK SECRET   as every peer
     FLOOR_CACHE=1                     tokens are checked in process and remembered for 5 s; without it AUTH_SOCK is asked
     FLOOR_BUFFER=BYTES                for relaying (65536)
     FLOOR_SPLICE=1                    bodies go by splice(2) after their first read */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "bearer.h"

enum kind { LISTENER, CLIENT, UPSTREAM };
enum { IN_SIZE = 8192, PIPE_SIZE = 262144, EVENTS = 256, REMEMBERED = 1024 };
struct upstream { enum kind kind; int fd, is_auth; struct client *client; struct upstream *next; };
struct client {
    enum kind kind;
    int fd;
    struct upstream *upstream;
    size_t filled, head;               /* bytes in `in`; length of the head that is served, 0 when idle */
    long left;                         /* body bytes that the upstream still owes; -1: its head has not come */
    char *rest;                        /* what the client's socket did not take */
    size_t rest_sent, rest_length;
    int pipe[2];
    size_t piped;
    char in[IN_SIZE];
};
struct pool { struct upstream *free; struct sockaddr_un address; };

static struct pool data, auth;
static int epoll, caches, splices;
static size_t buffer_size = 65536;
static char *buffer;
static const char refusal[] = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
static struct { size_t length; time_t until; char token[1016]; } remembered[REMEMBERED];
static struct epoll_event events[EVENTS];
static int event_count, event_index;

static void serve_next(struct client *c);

/* What is freed may still have events in this turn: they are blanked. */
static void forget(void *freed) {
    for (int i = event_index + 1; i < event_count; i++)
        if (events[i].data.ptr == freed) events[i].data.ptr = NULL;
}

static void drop_upstream(struct upstream *u) {
    forget(u);
    close(u->fd);
    free(u);
}

static void drop(struct client *c) {
    forget(c);
    if (c->upstream) drop_upstream(c->upstream);
    if (c->pipe[0]) close(c->pipe[0]), close(c->pipe[1]);
    close(c->fd);
    free(c->rest);
    free(c);
}

static struct upstream *take(struct pool *pool) {
    struct upstream *u = pool->free;
    if (u) {
        pool->free = u->next;
        return u;
    }
    u = calloc(1, sizeof *u);
    u->kind = UPSTREAM;
    u->is_auth = pool == &auth;
    u->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connect(u->fd, (void *)&pool->address, sizeof pool->address)) {
        drop_upstream(u);
        return NULL;
    }
    /* EPOLLIN alone: on a Unix socket each read by the other side would raise EPOLLOUT. */
    struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.ptr = u };
    epoll_ctl(epoll, EPOLL_CTL_ADD, u->fd, &event);
    return u;
}

static void give(struct client *c) {
    struct upstream *u = c->upstream;
    struct pool *pool = u->is_auth ? &auth : &data;
    u->client = NULL;
    c->upstream = NULL;
    u->next = pool->free;
    pool->free = u;
}

static int forward(struct client *c, struct pool *pool) {
    struct upstream *u = take(pool);
    if (!u) return 0;
    u->client = c;
    c->upstream = u;
    c->left = -1;
    return send(u->fd, c->in, c->head, MSG_NOSIGNAL) == (ssize_t)c->head;
}

static int is_allowed(struct client *c) {
    size_t length;
    const char *token = bearer_find(c->in, c->head, &length);
    if (!token) return 0;
    if (length > sizeof remembered[0].token) return bearer_is_good(token, length);
    unsigned hash = length;
    for (size_t i = length > 43 ? length - 43 : 0; i < length; i++) hash = hash * 31 + (unsigned char)token[i];
    hash %= REMEMBERED;
    time_t now = time(NULL);
    if (remembered[hash].length == length && remembered[hash].until > now &&
        !memcmp(remembered[hash].token, token, length)) return 1;
    if (!bearer_is_good(token, length)) return 0;
    memcpy(remembered[hash].token, token, length);
    remembered[hash].length = length;
    remembered[hash].until = now + 5;
    return 1;
}

static void finish(struct client *c) {
    c->filled -= c->head;
    if (c->filled) memmove(c->in, c->in + c->head, c->filled);
    c->head = 0;
    if (c->filled) serve_next(c);
}

static void refuse(struct client *c) {
    if (write(c->fd, refusal, sizeof refusal - 1) < 0) drop(c);
    else finish(c);
}

/* Begins the next whole request in the client's buffer, if there is one. */
static void serve_next(struct client *c) {
    char *end = memmem(c->in, c->filled, "\r\n\r\n", 4);
    if (!end) return;
    c->head = end + 4 - c->in;
    int is_guarded = c->head > 18 && !memcmp(c->in, "GET /api/users", 14);
    if (is_guarded && caches && !is_allowed(c)) refuse(c);
    else if (!forward(c, is_guarded && !caches ? &auth : &data)) drop(c);
}

static int fill(struct client *c) {
    while (c->filled < IN_SIZE) {
        size_t room = IN_SIZE - c->filled;
        ssize_t count = read(c->fd, c->in + c->filled, room);
        if (count == 0 || (count < 0 && errno != EAGAIN)) {
            drop(c);
            return 0;
        }
        if (count > 0) c->filled += count;
        if (count < (ssize_t)room) break;
    }
    return 1;
}

static long body_length(const char *head, size_t length) {
    for (const char *line = head, *end = head + length; (line = memchr(line, '\n', end - line));)
        if (end - ++line > 16 && !strncasecmp(line, "content-length:", 15)) return atol(line + 15);
    return -1;
}

/* Moves a piece of the body through the client's pipe: 1 moved, 0 nothing to be had for now, -1 broken. */
static int move(struct client *c) {
    if (!c->pipe[0]) {
        if (pipe2(c->pipe, O_NONBLOCK | O_CLOEXEC)) return -1;
        fcntl(c->pipe[1], F_SETPIPE_SZ, PIPE_SIZE);
    }
    const unsigned flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;
    if (!c->piped) {
        size_t wanted = c->left < PIPE_SIZE ? c->left : PIPE_SIZE;
        ssize_t count = splice(c->upstream->fd, NULL, c->pipe[1], NULL, wanted, flags);
        if (count <= 0) return count < 0 && errno == EAGAIN ? 0 : -1;
        c->piped = count;
    }
    ssize_t count = splice(c->pipe[0], NULL, c->fd, NULL, c->piped, flags);
    if (count < 0) return errno == EAGAIN ? 0 : -1;
    c->piped -= count;
    c->left -= count;
    return 1;
}

/* What the auth service said, whole in one read. */
static void judge(struct client *c, ssize_t count) {
    int is_good = c->left == count && !memcmp(buffer + 9, "200", 3);
    give(c);
    if (!is_good) refuse(c);
    else if (!forward(c, &data)) drop(c);
}

/* From the upstream to the client, until one of them has no more, or takes no more. */
static void relay(struct client *c) {
    while (c->left) {
        if (splices && c->left > 4096) {
            int moved = move(c);
            if (moved < 0) drop(c);
            if (moved <= 0) return;
            continue;
        }
        ssize_t count = read(c->upstream->fd, buffer, buffer_size);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) return drop(c);
        if (c->left < 0) {
            char *end = memmem(buffer, count, "\r\n\r\n", 4);
            long body = end ? body_length(buffer, end + 4 - buffer) : -1;
            if (body < 0) return drop(c);
            c->left = (end + 4 - buffer) + body;
            if (c->upstream->is_auth) return judge(c, count);
        }
        if (count > c->left) return drop(c);
        ssize_t sent = send(c->fd, buffer, count, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return drop(c);
        if (sent < 0) sent = 0;
        c->left -= count;
        if (sent < count) {
            c->rest = malloc(count - sent);
            c->rest_sent = 0;
            c->rest_length = count - sent;
            memcpy(c->rest, buffer + sent, count - sent);
            return;
        }
        if (c->left && count < (ssize_t)buffer_size && !splices) return;   /* drained: the edge will come */
    }
    if (c->rest_length) return;
    give(c);
    finish(c);
}

static void write_on(struct client *c) {
    if (c->rest_length) {
        ssize_t count = send(c->fd, c->rest + c->rest_sent, c->rest_length, MSG_NOSIGNAL);
        if (count < 0) {
            if (errno != EAGAIN) drop(c);
            return;
        }
        c->rest_sent += count;
        c->rest_length -= count;
        if (c->rest_length) return;
        free(c->rest);
        c->rest = NULL;
    }
    if (c->upstream && c->left >= 0 && !c->upstream->is_auth) relay(c);
}

static void accept_all(int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        struct client *c = calloc(1, sizeof *c);
        c->kind = CLIENT;
        c->fd = fd;
        struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c };
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

static void handle_client(struct client *c, unsigned what) {
    if (what & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) return drop(c);
    if ((what & EPOLLIN) && !fill(c)) return;
    if (!c->head && c->filled) serve_next(c);
    else if (c->head && (what & EPOLLOUT) && (c->rest_length || c->piped)) write_on(c);
}

static void handle_upstream(struct upstream *u, unsigned what) {
    if (u->client) {
        if (!u->client->rest_length) relay(u->client);
    } else if (what & (EPOLLHUP | EPOLLERR)) {
        struct upstream **link = u->is_auth ? &auth.free : &data.free;
        while (*link && *link != u) link = &(*link)->next;
        if (*link) *link = u->next;
        drop_upstream(u);
    }
}

static void set_address(struct pool *pool, const char *path) {
    pool->address.sun_family = AF_UNIX;
    snprintf(pool->address.sun_path, sizeof pool->address.sun_path, "%s", path);
}

int main(void) {
    caches = getenv("FLOOR_CACHE") != NULL;
    splices = getenv("FLOOR_SPLICE") != NULL;
    if (getenv("FLOOR_BUFFER")) buffer_size = atol(getenv("FLOOR_BUFFER"));
    buffer = malloc(buffer_size);
    bearer_set_secret(getenv("SECRET"));
    set_address(&data, getenv("DATA_SOCK"));
    set_address(&auth, getenv("AUTH_SOCK"));
    signal(SIGPIPE, SIG_IGN);

    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(atoi(getenv("PORT"))), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct client listener = { .kind = LISTENER, .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) };
    setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener.fd, (void *)&address, sizeof address) || listen(listener.fd, 1024)) {
        perror("floor");
        return 1;
    }
    epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &listener };
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener.fd, &event);
    for (;;) {
        event_count = epoll_wait(epoll, events, EVENTS, -1);
        for (event_index = 0; event_index < event_count; event_index++) {
            void *subject = events[event_index].data.ptr;
            if (!subject) continue;
            enum kind kind = *(enum kind *)subject;
            if (kind == LISTENER) accept_all(listener.fd);
            else if (kind == CLIENT) handle_client(subject, events[event_index].events);
            else handle_upstream(subject, events[event_index].events);
        }
    }
}
