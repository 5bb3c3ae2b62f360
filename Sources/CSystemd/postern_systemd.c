#define _GNU_SOURCE
// Without it, sd_journal_sendv() is a macro that adds this file's name and line to every entry.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include "postern_systemd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

enum { JOURNAL_FIELDS = 64 };

bool postern_systemd_is_supervised(void) {
    const char *socket = getenv("NOTIFY_SOCKET");
    return socket && *socket;
}

int postern_systemd_notify(const char *state) {
    int sent = sd_notify(0, state);
    return sent > 0 ? 1 : sent;
}

uint64_t postern_systemd_watchdog_usec(void) {
    uint64_t usec = 0;
    return sd_watchdog_enabled(0, &usec) > 0 ? usec : 0;
}

static void free_names(char **names) {
    if (!names) return;
    for (char **name = names; *name; name++) free(*name);
    free(names);
}

int postern_systemd_take_listen_fds(char **names) {
    *names = NULL;
    char **list = NULL;
    int count = sd_listen_fds_with_names(1, &list);
    if (count <= 0) {
        free_names(list);
        return count;
    }
    size_t size = 1;
    for (int i = 0; i < count; i++) size += strlen(list[i]) + 1;
    char *joined = malloc(size), *at = joined;
    if (joined) {
        for (int i = 0; i < count; i++) {
            at = stpcpy(at, list[i]);
            *at++ = '\n';
        }
        *at = 0;
    }
    free_names(list);
    *names = joined;
    return joined ? count : -ENOMEM;
}

int postern_systemd_first_fd(void) { return SD_LISTEN_FDS_START; }

int postern_systemd_socket_path(int fd, char *path, size_t capacity) {
    struct sockaddr_un address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) return -1;
    if (length > sizeof address) length = sizeof address;
    size_t offset = offsetof(struct sockaddr_un, sun_path);
    if (address.sun_family != AF_UNIX || length <= offset || address.sun_path[0] == 0) return 0;
    // A path of the full 108 bytes has no final NUL (unix(7), BUGS).
    size_t count = strnlen(address.sun_path, length - offset);
    if (count >= capacity) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(path, address.sun_path, count);
    path[count] = 0;
    return (int)count;
}

bool postern_systemd_is_journal(int fd) {
    const char *stream = getenv("JOURNAL_STREAM");
    if (!stream) return false;
    unsigned long long device, inode;
    int end = 0;
    if (sscanf(stream, "%llu:%llu%n", &device, &inode, &end) != 2 || stream[end]) return false;
    struct stat status;
    return fstat(fd, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

int postern_systemd_journal_field_limit(void) { return JOURNAL_FIELDS; }

int postern_systemd_journal_send(const uint8_t *bytes, const size_t *lengths, int count) {
    struct iovec fields[JOURNAL_FIELDS];
    if (count > JOURNAL_FIELDS) count = JOURNAL_FIELDS;
    for (int i = 0; i < count; i++) {
        fields[i] = (struct iovec){.iov_base = (void *)bytes, .iov_len = lengths[i]};
        bytes += lengths[i];
    }
    return sd_journal_sendv(fields, count);
}
