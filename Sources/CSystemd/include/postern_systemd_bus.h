// What this project asks of the service manager over D-Bus (org.freedesktop.systemd1(5)), by sd-bus of libsystemd.
// One connection is one thread's matter. No systemd header here, as in postern_systemd.h.
#ifndef POSTERN_SYSTEMD_BUS_H
#define POSTERN_SYSTEMD_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct postern_bus;

/// One unit of a list. The texts are good until the next call on the same connection.
struct postern_unit {
    const char *name;
    const char *load_state;
    const char *active_state;
    const char *sub_state;
    /// Of its object on the bus.
    const char *path;
};

/// Connects to the manager of the system: root directly, anybody else over the system bus. Each later call may take
/// `timeout_usec`. 0, or a negative errno; then `*bus` is NULL.
int postern_bus_open(struct postern_bus **bus, uint64_t timeout_usec);
void postern_bus_close(struct postern_bus *bus);

/// Of the last call that failed: the error's name on the bus and its words; empty where the bus gave none.
const char *postern_bus_error_name(const struct postern_bus *bus);
const char *postern_bus_error_text(const struct postern_bus *bus);

// All of these return a negative errno on failure.

/// Enqueues a job by `method` (StartUnit, StopUnit, RestartUnit); `*job` gets its number.
int postern_bus_enqueue(struct postern_bus *bus, const char *method, const char *unit, uint32_t *job);
/// The next job that has ended, whoever enqueued it, and its result ("done", "failed", "dependency", "timeout", …).
/// 1, or 0 when none has within `timeout_usec`.
int postern_bus_next_job(struct postern_bus *bus, uint64_t timeout_usec, uint32_t *job, char *result, size_t capacity);

/// Begins a list of the units in memory whose names match a pattern as in a shell (ListUnitsByPatterns).
int postern_bus_list_units(struct postern_bus *bus, const char *pattern);
/// The next one of it: 1, or 0 at its end.
int postern_bus_next_unit(struct postern_bus *bus, struct postern_unit *unit);

/// The path of a unit's object; it is loaded if it was not. A unit without a file is loaded too: see its LoadState.
int postern_bus_load_unit(struct postern_bus *bus, const char *unit, char *path, size_t capacity);
/// A property that is a text, a path, or a list of texts, whose first it is. Cut where it is longer.
int postern_bus_text(
    struct postern_bus *bus, const char *path, const char *interface, const char *property, char *text,
    size_t capacity);
/// A property that is a number or a truth value.
int postern_bus_number(
    struct postern_bus *bus, const char *path, const char *interface, const char *property, uint64_t *number);
/// What a socket unit listens on (Listen), one entry a line: "Stream /run/x.sock".
int postern_bus_listen(struct postern_bus *bus, const char *path, char *text, size_t capacity);

/// Has a unit started at boot, or no longer. 1 where links were made or taken away, 0 where nothing changed; of a unit
/// without [Install], `*has_install` is false.
int postern_bus_enable(struct postern_bus *bus, const char *unit, bool *has_install);
int postern_bus_disable(struct postern_bus *bus, const char *unit);
/// Has the manager read its files again.
int postern_bus_reload(struct postern_bus *bus);

#endif
