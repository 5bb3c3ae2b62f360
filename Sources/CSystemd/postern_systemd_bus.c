#define _GNU_SOURCE
#include "postern_systemd_bus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

static const char SERVICE[] = "org.freedesktop.systemd1";
static const char OBJECT[] = "/org/freedesktop/systemd1";
static const char MANAGER[] = "org.freedesktop.systemd1.Manager";
/// Where the manager listens for root alone, without a message bus in between, as systemctl(1) does.
static const char PRIVATE[] = "unix:path=/run/systemd/private";

// Jobs that have ended and were not asked for yet; the oldest gives way.
enum { ENDED_JOBS = 256, RESULT = 24 };

struct ended_job {
    uint32_t number;
    char result[RESULT];
};

struct postern_bus {
    sd_bus *bus;
    sd_bus_error error;
    /// The list under way.
    sd_bus_message *list;
    struct ended_job jobs[ENDED_JOBS];
    size_t first, count;
};

static int job_removed(sd_bus_message *message, void *userdata, sd_bus_error *error) {
    (void)error;
    struct postern_bus *bus = userdata;
    uint32_t number;
    const char *path, *unit, *result;
    if (sd_bus_message_read(message, "uoss", &number, &path, &unit, &result) < 0) return 0;
    if (bus->count == ENDED_JOBS) {
        bus->first = (bus->first + 1) % ENDED_JOBS;
        bus->count--;
    }
    struct ended_job *job = &bus->jobs[(bus->first + bus->count++) % ENDED_JOBS];
    job->number = number;
    snprintf(job->result, sizeof job->result, "%s", result);
    return 0;
}

static int open_private(sd_bus **bus) {
    sd_bus *new = NULL;
    int r = sd_bus_new(&new);
    if (r >= 0) r = sd_bus_set_address(new, PRIVATE);
    if (r >= 0) r = sd_bus_start(new);
    // The answer to the first question tells whether anybody is there.
    if (r >= 0) {
        sd_bus_message *pong = NULL;
        r = sd_bus_call_method(new, SERVICE, OBJECT, "org.freedesktop.DBus.Peer", "Ping", NULL, &pong, NULL);
        sd_bus_message_unref(pong);
    }
    if (r < 0) {
        sd_bus_close_unref(new);
        return r;
    }
    *bus = new;
    return 0;
}

int postern_bus_open(struct postern_bus **opened, uint64_t timeout_usec) {
    *opened = NULL;
    struct postern_bus *bus = calloc(1, sizeof *bus);
    if (!bus) return -ENOMEM;
    int r = -EACCES;
    if (geteuid() == 0) r = open_private(&bus->bus);
    if (r < 0) r = sd_bus_open_system(&bus->bus);
    if (r >= 0) r = sd_bus_set_method_call_timeout(bus->bus, timeout_usec);
    // Without a sender: on the direct connection signals carry none.
    if (r >= 0) r = sd_bus_match_signal(bus->bus, NULL, NULL, OBJECT, MANAGER, "JobRemoved", job_removed, bus);
    // The manager tells of jobs only where somebody wants to hear of them.
    if (r >= 0) r = sd_bus_call_method(bus->bus, SERVICE, OBJECT, MANAGER, "Subscribe", NULL, NULL, NULL);
    if (r < 0) {
        postern_bus_close(bus);
        return r;
    }
    *opened = bus;
    return 0;
}

void postern_bus_close(struct postern_bus *bus) {
    if (!bus) return;
    sd_bus_message_unref(bus->list);
    sd_bus_error_free(&bus->error);
    sd_bus_close_unref(bus->bus);
    free(bus);
}

const char *postern_bus_error_name(const struct postern_bus *bus) { return bus->error.name ? bus->error.name : ""; }
const char *postern_bus_error_text(const struct postern_bus *bus) {
    return bus->error.message ? bus->error.message : "";
}

static sd_bus_error *fresh_error(struct postern_bus *bus) {
    sd_bus_error_free(&bus->error);
    return &bus->error;
}

static int copy(const char *text, char *to, size_t capacity) {
    snprintf(to, capacity, "%s", text);
    return 0;
}

int postern_bus_enqueue(struct postern_bus *bus, const char *method, const char *unit, uint32_t *job) {
    sd_bus_message *reply = NULL;
    int r = sd_bus_call_method(
        bus->bus, SERVICE, OBJECT, MANAGER, method, fresh_error(bus), &reply, "ss", unit, "replace");
    const char *path = NULL;
    if (r >= 0) r = sd_bus_message_read(reply, "o", &path);
    // A job's object is /org/freedesktop/systemd1/job/NUMBER.
    const char *number = r >= 0 ? strrchr(path, '/') : NULL;
    if (number) *job = (uint32_t)strtoul(number + 1, NULL, 10);
    sd_bus_message_unref(reply);
    return r < 0 ? r : 0;
}

static uint64_t now_usec(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int postern_bus_next_job(
    struct postern_bus *bus, uint64_t timeout_usec, uint32_t *job, char *result, size_t capacity) {
    uint64_t deadline = now_usec() + timeout_usec;
    while (bus->count == 0) {
        int r = sd_bus_process(bus->bus, NULL);
        if (r < 0) return r;
        if (r > 0) continue;
        uint64_t now = now_usec();
        if (now >= deadline) return 0;
        r = sd_bus_wait(bus->bus, deadline - now);
        if (r < 0 && r != -EINTR) return r;
    }
    struct ended_job *ended = &bus->jobs[bus->first];
    bus->first = (bus->first + 1) % ENDED_JOBS;
    bus->count--;
    *job = ended->number;
    copy(ended->result, result, capacity);
    return 1;
}

int postern_bus_list_units(struct postern_bus *bus, const char *pattern) {
    bus->list = sd_bus_message_unref(bus->list);
    int r = sd_bus_call_method(
        bus->bus, SERVICE, OBJECT, MANAGER, "ListUnitsByPatterns", fresh_error(bus), &bus->list, "asas", 0, 1,
        pattern);
    if (r >= 0) r = sd_bus_message_enter_container(bus->list, 'a', "(ssssssouso)");
    return r < 0 ? r : 0;
}

int postern_bus_next_unit(struct postern_bus *bus, struct postern_unit *unit) {
    if (!bus->list) return 0;
    int r = sd_bus_message_read(
        bus->list, "(ssssssouso)", &unit->name, NULL, &unit->load_state, &unit->active_state, &unit->sub_state, NULL,
        &unit->path, NULL, NULL, NULL);
    if (r <= 0) bus->list = sd_bus_message_unref(bus->list);
    return r < 0 ? r : r > 0;
}

int postern_bus_load_unit(struct postern_bus *bus, const char *unit, char *path, size_t capacity) {
    sd_bus_message *reply = NULL;
    int r = sd_bus_call_method(bus->bus, SERVICE, OBJECT, MANAGER, "LoadUnit", fresh_error(bus), &reply, "s", unit);
    const char *object = NULL;
    if (r >= 0) r = sd_bus_message_read(reply, "o", &object);
    if (r >= 0) r = copy(object, path, capacity);
    sd_bus_message_unref(reply);
    return r;
}

/// Asks for a property and steps into its value, whose type `*type` is.
static int get(
    struct postern_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message **reply,
    const char **type) {
    int r = sd_bus_call_method(
        bus->bus, SERVICE, path, "org.freedesktop.DBus.Properties", "Get", fresh_error(bus), reply, "ss", interface,
        property);
    if (r >= 0) r = sd_bus_message_peek_type(*reply, NULL, type);
    if (r >= 0) r = sd_bus_message_enter_container(*reply, 'v', *type);
    return r;
}

int postern_bus_text(
    struct postern_bus *bus, const char *path, const char *interface, const char *property, char *text,
    size_t capacity) {
    sd_bus_message *reply = NULL;
    const char *type = NULL, *value = NULL;
    int r = get(bus, path, interface, property, &reply, &type);
    if (r >= 0 && strcmp(type, "as") == 0) {
        r = sd_bus_message_enter_container(reply, 'a', "s");
        type = "s";
        if (r >= 0 && sd_bus_message_at_end(reply, 0) > 0) r = copy("", text, capacity), type = NULL;
    }
    if (r >= 0 && type && strcmp(type, "s") != 0 && strcmp(type, "o") != 0) r = -EBADMSG;
    if (r >= 0 && type) r = sd_bus_message_read_basic(reply, type[0], &value);
    if (r >= 0 && value) r = copy(value, text, capacity);
    sd_bus_message_unref(reply);
    return r < 0 ? r : 0;
}

int postern_bus_number(
    struct postern_bus *bus, const char *path, const char *interface, const char *property, uint64_t *number) {
    sd_bus_message *reply = NULL;
    const char *type = NULL;
    int r = get(bus, path, interface, property, &reply, &type);
    union {
        uint64_t wide;
        uint32_t narrow;
        int truth;
    } value = {0};
    if (r >= 0 && (strlen(type) != 1 || !strchr("tuxib", type[0]))) r = -EBADMSG;
    if (r >= 0) r = sd_bus_message_read_basic(reply, type[0], &value);
    if (r >= 0) *number = type[0] == 't' || type[0] == 'x' ? value.wide : value.narrow;
    sd_bus_message_unref(reply);
    return r < 0 ? r : 0;
}

int postern_bus_listen(struct postern_bus *bus, const char *path, char *text, size_t capacity) {
    sd_bus_message *reply = NULL;
    const char *type = NULL, *kind, *address;
    int r = get(bus, path, "org.freedesktop.systemd1.Socket", "Listen", &reply, &type);
    if (r >= 0 && strcmp(type, "a(ss)") != 0) r = -EBADMSG;
    if (r >= 0) r = sd_bus_message_enter_container(reply, 'a', "(ss)");
    size_t length = 0;
    if (capacity > 0) text[0] = 0;
    while (r >= 0 && (r = sd_bus_message_read(reply, "(ss)", &kind, &address)) > 0) {
        int written = snprintf(text + length, capacity - length, "%s %s\n", kind, address);
        if (written < 0 || (size_t)written >= capacity - length) {
            text[length] = 0;
            break;
        }
        length += (size_t)written;
    }
    sd_bus_message_unref(reply);
    return r < 0 ? r : 0;
}

/// Whether an answer's list of links holds any.
static int has_changes(sd_bus_message *reply) {
    int r = sd_bus_message_enter_container(reply, 'a', "(sss)");
    if (r < 0) return r;
    r = sd_bus_message_at_end(reply, 0);
    return r < 0 ? r : r == 0;
}

int postern_bus_enable(struct postern_bus *bus, const char *unit, bool *has_install) {
    sd_bus_message *reply = NULL;
    int carries = 0;
    int r = sd_bus_call_method(
        bus->bus, SERVICE, OBJECT, MANAGER, "EnableUnitFiles", fresh_error(bus), &reply, "asbb", 1, unit, false, false);
    if (r >= 0) r = sd_bus_message_read(reply, "b", &carries);
    if (r >= 0) r = has_changes(reply);
    *has_install = carries != 0;
    sd_bus_message_unref(reply);
    return r;
}

int postern_bus_disable(struct postern_bus *bus, const char *unit) {
    sd_bus_message *reply = NULL;
    int r = sd_bus_call_method(
        bus->bus, SERVICE, OBJECT, MANAGER, "DisableUnitFiles", fresh_error(bus), &reply, "asb", 1, unit, false);
    if (r >= 0) r = has_changes(reply);
    sd_bus_message_unref(reply);
    return r;
}

int postern_bus_reload(struct postern_bus *bus) {
    int r = sd_bus_call_method(bus->bus, SERVICE, OBJECT, MANAGER, "Reload", fresh_error(bus), NULL, NULL);
    return r < 0 ? r : 0;
}
