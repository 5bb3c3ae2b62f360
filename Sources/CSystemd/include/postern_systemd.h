// What this project asks of libsystemd: notification, passed sockets, the journal.
// No systemd header here: versions and macros of the library stay in the implementation.
#ifndef POSTERN_SYSTEMD_H
#define POSTERN_SYSTEMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "postern_systemd_bus.h"

/// Whether a service manager listens: $NOTIFY_SOCKET is set.
bool postern_systemd_is_supervised(void);
/// Sends a state in the form of sd_notify(3), for example "READY=1\nSTATUS=…".
/// 1 when it was sent, 0 when nobody listens, a negative errno otherwise.
int postern_systemd_notify(const char *state);
/// Microseconds after which the manager gives a silent process up (sd_watchdog_enabled(3)); 0 for no watchdog.
uint64_t postern_systemd_watchdog_usec(void);

/// Descriptors that the manager passed (sd_listen_fds_with_names(3)): their number, or a negative errno.
/// They are `postern_systemd_first_fd()` and those after it, close-on-exec from now on. `*names` gets their names,
/// each ended by '\n' (which no name can hold), NULL when there are none; free(3) it.
/// The variables are taken out of the environment: call it once, before another thread reads the environment.
int postern_systemd_take_listen_fds(char **names);
int postern_systemd_first_fd(void);
/// The path of a bound Unix socket: its length, 0 for another family or no path, -1 with errno.
int postern_systemd_socket_path(int fd, char *path, size_t capacity);

/// Whether the descriptor is the stream that systemd-journald reads ($JOURNAL_STREAM, systemd.exec(5)).
bool postern_systemd_is_journal(int fd);
/// Sends one entry (sd_journal_sendv(3)): `count` fields "NAME=value", `lengths[i]` bytes each, one after the other
/// in `bytes`. 0, or a negative errno. Fields past `postern_systemd_journal_field_limit()` are left out.
int postern_systemd_journal_send(const uint8_t *bytes, const size_t *lengths, int count);
int postern_systemd_journal_field_limit(void);

#endif
