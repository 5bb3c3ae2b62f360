/* The services behind every gateway of the comparison: answers made once, an epoll loop, one thread, Unix sockets.
     backend [-n COUNT] PATH       data: /api/posts, /api/users and whatever else below /api (300 bytes of JSON),
                                   /blob/64k, /blob/1m; with COUNT, on PATH/1.sock to PATH/COUNT.sock
     backend -a SECRET PATH        verdicts: 200 for a good HS256 bearer token, else 401
   It takes requests without a body alone, pipelined or not. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "bearer.h"

enum { IN_SIZE = 16384, QUEUE = 64 };
struct answer { char *bytes; size_t length; };
struct connection {
    int fd, is_listener, is_blocked;
    int first, last;               /* answers under way in `queue` */
    size_t filled, sent;
    struct answer *queue[QUEUE];
    char in[IN_SIZE];
};

static struct answer json, blob_64k, blob_1m, missing, accepted, refused;
static int epoll, judges;

static struct answer make(const char *status, size_t body, const char *fields) {
    static const char text[] = "{\"id\":1,\"title\":\"post\",\"text\":\"lorem ipsum\"},";
    char *head;
    int head_length = asprintf(&head,
        "HTTP/1.1 %s\r\nServer: backend/1.0\r\nX-Powered-By: Express\r\n"
        "Content-Type: application/json; charset=utf-8\r\nContent-Length: %zu\r\n"
        "ETag: W/\"12c-abcdefghijklmnop\"\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
        "Connection: keep-alive\r\nKeep-Alive: timeout=60\r\n%s\r\n", status, body, fields);
    struct answer answer = { malloc(head_length + body), head_length + body };
    memcpy(answer.bytes, head, head_length);
    free(head);
    for (size_t i = 0; i < body; i++) answer.bytes[head_length + i] = text[i % (sizeof text - 1)];
    if (body) answer.bytes[head_length] = '[', answer.bytes[answer.length - 1] = ']';
    return answer;
}

static int starts(const char *head, size_t length, const char *with) {
    return length > strlen(with) && !memcmp(head, with, strlen(with));
}

static struct answer *choose(const char *head, size_t length) {
    if (judges) {
        size_t count;
        const char *token = bearer_find(head, length, &count);
        return token && bearer_is_good(token, count) ? &accepted : &refused;
    }
    if (starts(head, length, "GET /api/")) return &json;
    if (starts(head, length, "GET /blob/64k")) return &blob_64k;
    if (starts(head, length, "GET /blob/1m")) return &blob_1m;
    return &missing;
}

/* 0: all is sent; 1: the socket takes no more for now; -1: it is broken. */
static int flush(struct connection *c) {
    for (; c->first < c->last; c->first++, c->sent = 0) {
        struct answer *answer = c->queue[c->first];
        while (c->sent < answer->length) {
            ssize_t count = send(c->fd, answer->bytes + c->sent, answer->length - c->sent, MSG_NOSIGNAL);
            if (count < 0) return errno == EAGAIN ? 1 : -1;
            c->sent += count;
        }
    }
    c->first = c->last = 0;
    return 0;
}

static void serve(struct connection *c) {
    for (;;) {
        size_t used = 0;
        char *end;
        while (c->last < QUEUE && (end = memmem(c->in + used, c->filled - used, "\r\n\r\n", 4))) {
            size_t length = end + 4 - (c->in + used);
            c->queue[c->last++] = choose(c->in + used, length);
            used += length;
        }
        if (used) memmove(c->in, c->in + used, c->filled -= used);
        int was_full = c->last == QUEUE, state = flush(c);
        if (state < 0) {
            close(c->fd);
            free(c);
            return;
        }
        if (state != c->is_blocked) {
            struct epoll_event event = { .events = state ? EPOLLOUT : EPOLLIN, .data.ptr = c };
            epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
            c->is_blocked = state;
        }
        if (state || !was_full) return;
    }
}

static void watch(int fd, int is_listener) {
    struct connection *c = calloc(1, sizeof *c);
    c->fd = fd;
    c->is_listener = is_listener;
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void handle(struct connection *c) {
    if (c->is_listener) {
        int fd;
        while ((fd = accept4(c->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) watch(fd, 0);
        return;
    }
    if (!c->is_blocked) {
        ssize_t count = read(c->fd, c->in + c->filled, IN_SIZE - c->filled);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) {
            close(c->fd);
            free(c);
            return;
        }
        c->filled += count;
    }
    serve(c);
}

static int listen_at(const char *path) {
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(fd, (void *)&address, sizeof address) || listen(fd, 1024)) {
        perror(path);
        return -1;
    }
    watch(fd, 1);
    return 0;
}

int main(int argc, char **argv) {
    int option, count = 0;
    while ((option = getopt(argc, argv, "n:a:")) != -1) {
        if (option == 'n') count = atoi(optarg);
        else if (option == 'a') judges = 1, bearer_set_secret(optarg);
        else return 2;
    }
    if (optind + 1 != argc) return 2;
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    json = make("200 OK", 300, "");
    blob_64k = make("200 OK", 65536, "");
    blob_1m = make("200 OK", 1048576, "");
    missing = make("404 Not Found", 2, "");
    refused = make("401 Unauthorized", 2, "");
    accepted = make("200 OK", 0,
        "Cache-Control: private, max-age=60\r\nPostern-User: 1\r\nPostern-Claims: eyJzdWIiOiIxIn0\r\n");

    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!count && listen_at(argv[optind])) return 1;
    for (int i = 1; i <= count; i++) {
        char path[108];
        snprintf(path, sizeof path, "%s/%d.sock", argv[optind], i);
        if (listen_at(path)) return 1;
    }
    for (;;) {
        struct epoll_event events[128];
        int ready = epoll_wait(epoll, events, 128, -1);
        for (int i = 0; i < ready; i++) handle(events[i].data.ptr);
    }
}
