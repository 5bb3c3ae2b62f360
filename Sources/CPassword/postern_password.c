#define _GNU_SOURCE
#include "postern_password.h"

#include <crypt.h>
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(POSTERN_PASSWORD_CAPACITY >= CRYPT_OUTPUT_SIZE && POSTERN_PASSWORD_CAPACITY >= CRYPT_GENSALT_OUTPUT_SIZE,
               "every hash and setting fits");
_Static_assert(POSTERN_PASSWORD_LONGEST < CRYPT_MAX_PASSPHRASE_SIZE, "every password fits");

bool postern_password_hash(const uint8_t *password, size_t length, const char *setting, char *hash) {
    if (length > POSTERN_PASSWORD_LONGEST) return false;
    char phrase[POSTERN_PASSWORD_LONGEST + 1] = {0};
    if (length > 0) memcpy(phrase, password, length);
    void *data = NULL;
    int size = 0;
    // Allocates its working memory, which is too large for the stack of a worker thread.
    const char *result = crypt_ra(phrase, setting, &data, &size);
    bool done = result && result[0] != '*' && strlen(result) < POSTERN_PASSWORD_CAPACITY;
    if (done) memcpy(hash, result, strlen(result) + 1);
    explicit_bzero(phrase, sizeof phrase);
    if (data) {
        explicit_bzero(data, (size_t)size);
        free(data);
    }
    return done;
}

bool postern_password_setting(const char *prefix, unsigned long cost, const uint8_t salt[POSTERN_PASSWORD_SALT],
                              char *setting) {
    return crypt_gensalt_rn(prefix, cost, (const char *)salt, POSTERN_PASSWORD_SALT, setting, POSTERN_PASSWORD_CAPACITY)
           != NULL;
}

void postern_password_step_back(int niceness) {
    // On Linux the priority is the thread's own (setpriority(2), "C library/kernel differences").
    setpriority(PRIO_PROCESS, 0, niceness);
    // The scheduler lets a thread finish its slice, some milliseconds, whoever wakes meanwhile: as long could a
    // verification wait for a hash. A tenth of one is the shortest that there is; the share of the processor stays.
    struct sched_attr attributes = {
        .size = sizeof attributes, .sched_policy = SCHED_NORMAL, .sched_nice = niceness, .sched_runtime = 100 * 1000};
    syscall(SYS_sched_setattr, 0, &attributes, 0);
}
