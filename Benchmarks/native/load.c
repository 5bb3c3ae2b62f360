/* Asks a gateway on 127.0.0.1 over keep-alive connections, and says how it fared in one line of JSON.
     load -p PORT [-s] [-c CONNECTIONS] [-d SECONDS] [-r RATE] [-a TOKEN] PATH...
   With -s it speaks TLS 1.3, and asks nobody who he is.
   Without -r each connection asks again as soon as it was answered (closed loop: as much as the gateway can do).
   With -r requests are due at a constant rate whatever the answers do (open loop), and a latency counts from the moment
   at which the request was due: a stall is not hidden by the requests that it kept from being sent.
   The paths are asked for in turn. An answer that is not 200 with a Content-Length is an error. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "histogram.h"

enum { HEAD_SIZE = 4096, READ_SIZE = 262144, EVENTS = 256 };
static const int64_t second = 1000000000, grace = 1000000000;

struct connection {
    int fd, is_busy, is_bad;
    int64_t due;                     /* when the request was to be sent */
    long left;                       /* body bytes still to come; -1 while the head is read */
    size_t filled;
    char head[HEAD_SIZE];
    SSL *tls;                        /* with -s */
};
struct request { char *bytes; size_t length; };

static struct sockaddr_in gateway = { .sin_family = AF_INET };
static struct request *requests;
static struct connection **idle;
static int request_count, next_request, idle_count, epoll, is_open_loop, is_over;
static uint64_t answered, errors;
static struct histogram latencies;
static char buffer[READ_SIZE];
static SSL_CTX *secure;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * second + time.tv_nsec;
}

static void open_connection(struct connection *c) {
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(c->fd, (void *)&gateway, sizeof gateway)) {
        perror("load: connect");
        exit(1);
    }
    if (secure) {
        SSL_free(c->tls);
        c->tls = SSL_new(secure);
        SSL_set_fd(c->tls, c->fd);
        if (SSL_connect(c->tls) != 1) {
            fprintf(stderr, "load: no TLS\n");
            exit(1);
        }
    }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event);
}

static ssize_t put(struct connection *c, const char *bytes, size_t count) {
    return c->tls ? SSL_write(c->tls, bytes, count) : send(c->fd, bytes, count, MSG_NOSIGNAL);
}

/* As read(2). Of TLS a record at most. */
static ssize_t get(struct connection *c, char *bytes, size_t room) {
    if (!c->tls) return read(c->fd, bytes, room);
    int count = SSL_read(c->tls, bytes, room);
    if (count <= 0 && SSL_get_error(c->tls, count) == SSL_ERROR_WANT_READ) errno = EAGAIN, count = -1;
    else if (count < 0) errno = EIO;
    return count;
}

static void send_request(struct connection *c, int64_t due) {
    struct request *request = &requests[next_request];
    next_request = (next_request + 1) % request_count;
    c->is_busy = 1;
    c->is_bad = 0;
    c->due = due;
    c->left = -1;
    c->filled = 0;
    /* One that is not sent whole is not answered: the end of the connection tells. */
    if (put(c, request->bytes, request->length) < 0) shutdown(c->fd, SHUT_RDWR);
}

static void rest_or_repeat(struct connection *c) {
    c->is_busy = 0;
    if (is_open_loop || is_over) idle[idle_count++] = c;
    else send_request(c, now());
}

static void reopen(struct connection *c) {
    int was_busy = c->is_busy;
    close(c->fd);
    open_connection(c);
    if (!was_busy) return;           /* it rests, and may: the gateway ended a connection that nobody used */
    errors++;
    rest_or_repeat(c);
}

static void finish(struct connection *c) {
    if (c->is_bad) errors++;
    else answered++, histogram_add(&latencies, (now() - c->due) / 1000);
    rest_or_repeat(c);
}

/* Whether the head is whole; then `left` is what its body still owes. */
static int read_head(struct connection *c, const char *bytes, size_t count) {
    size_t room = HEAD_SIZE - 1 - c->filled, taken = count < room ? count : room, before = c->filled;
    memcpy(c->head + before, bytes, taken);
    c->filled += taken;
    c->head[c->filled] = 0;
    char *end = strstr(c->head, "\r\n\r\n");
    if (!end) return 0;
    size_t head_length = end + 4 - c->head;
    *end = 0;
    char *field = strcasestr(c->head, "\r\ncontent-length:");
    c->is_bad = strncmp(c->head, "HTTP/1.1 200", 12) != 0 || !field;
    c->left = (field ? atol(field + 17) : 0) - (long)(count - (head_length - before));
    return 1;
}

static void receive(struct connection *c) {
    for (;;) {
        ssize_t count = get(c, buffer, READ_SIZE);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0 || !c->is_busy) return reopen(c);
        if (c->left >= 0) c->left -= count;
        else if (!read_head(c, buffer, count)) {
            if (c->filled == HEAD_SIZE - 1) return reopen(c);
            continue;
        }
        if (c->left < 0) return reopen(c);
        if (c->left == 0) return finish(c);
        if (count < READ_SIZE && !c->tls) return;
    }
}

static void wait_for(int64_t nanoseconds) {
    struct epoll_event events[EVENTS];
    struct timespec time = { nanoseconds / second, nanoseconds % second };
    int ready = epoll_pwait2(epoll, events, EVENTS, &time, NULL);
    for (int i = 0; i < ready; i++) receive(events[i].data.ptr);
}

/* Sends what is due until `end`; a request for which no connection is free waits, and its latency grows. */
static void run_open(double rate, int64_t start, int64_t end) {
    uint64_t sent = 0;
    for (;;) {
        int64_t time = now(), due = start + (int64_t)(sent * (second / rate));
        if (time >= end) return;
        while (due <= time && idle_count) {
            send_request(idle[--idle_count], due);
            due = start + (int64_t)(++sent * (second / rate));
        }
        wait_for(due <= time || due > end ? end - time : due - time);
    }
}

static void run_closed(int64_t end) {
    int64_t time;
    while (idle_count) send_request(idle[--idle_count], now());
    while ((time = now()) < end) wait_for(end - time);
}

static void make_requests(char **paths, int count, const char *token) {
    requests = calloc(count, sizeof *requests);
    request_count = count;
    for (int i = 0; i < count; i++) {
        char *field = "";
        if (token && asprintf(&field, "Authorization: Bearer %s\r\n", token) < 0) exit(1);
        requests[i].length = asprintf(&requests[i].bytes, "GET %s HTTP/1.1\r\nHost: localhost:%d\r\n%s\r\n", paths[i],
            ntohs(gateway.sin_port), field);
    }
}

int main(int argc, char **argv) {
    int option, connections = 64;
    double seconds = 1, rate = 0;
    const char *token = NULL;
    while ((option = getopt(argc, argv, "p:sc:d:r:a:")) != -1) {
        if (option == 'p') gateway.sin_port = htons(atoi(optarg));
        else if (option == 's') secure = SSL_CTX_new(TLS_client_method());
        else if (option == 'c') connections = atoi(optarg);
        else if (option == 'd') seconds = atof(optarg);
        else if (option == 'r') rate = atof(optarg);
        else if (option == 'a') token = optarg;
        else return 2;
    }
    if (optind == argc || connections < 1) return 2;
    if (secure) {
        SSL_CTX_set_min_proto_version(secure, TLS1_3_VERSION);
        SSL_CTX_set_read_ahead(secure, 1);
    }
    gateway.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_TIMERSLACK, 1);
    is_open_loop = rate > 0;
    make_requests(argv + optind, argc - optind, token);

    epoll = epoll_create1(EPOLL_CLOEXEC);
    idle = calloc(connections, sizeof *idle);
    struct connection *all = calloc(connections, sizeof *all);
    for (int i = 0; i < connections; i++) {
        open_connection(&all[i]);
        idle[idle_count++] = &all[i];
    }

    int64_t start = now(), end = start + (int64_t)(seconds * second);
    if (is_open_loop) run_open(rate, start, end);
    else run_closed(end);
    double lasted = (double)(now() - start) / second;
    is_over = 1;
    for (int64_t time; idle_count < connections && (time = now()) < end + grace;) wait_for(end + grace - time);
    errors += connections - idle_count;
    printf("{\"answered\": %lu, \"errors\": %lu, \"seconds\": %.6f, \"p50\": %ld, \"p99\": %ld, \"p999\": %ld}\n",
        answered, errors, lasted, histogram_at(&latencies, 0.5), histogram_at(&latencies, 0.99),
        histogram_at(&latencies, 0.999));
    return 0;
}
