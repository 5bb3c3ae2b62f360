// Password hashing by libxcrypt (crypt(3), crypt_gensalt(3), crypt(5)), behind our own prefix: none of its structures
// reaches Swift. Every function may be called on any number of threads at once.
#ifndef POSTERN_PASSWORD_H
#define POSTERN_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    /// Bytes of the longest hash or setting, its final NUL included.
    POSTERN_PASSWORD_CAPACITY = 384,
    /// Bytes of the longest password that is hashed (crypt(3)).
    POSTERN_PASSWORD_LONGEST = 511,
    /// Random bytes that a bcrypt setting is made from.
    POSTERN_PASSWORD_SALT = 16,
};

/// Hashes a password, up to its first NUL, as `setting` says, which may be a whole hash, and writes the hash to `hash`
/// (POSTERN_PASSWORD_CAPACITY bytes). False for a setting that the library does not know, for a password that is too
/// long, and when memory is short. What was derived from the password is overwritten before it returns.
bool postern_password_hash(const uint8_t *password, size_t length, const char *setting, char *hash);

/// Writes a setting of the method that `prefix` names (`$2b$`) and of that cost to `setting`
/// (POSTERN_PASSWORD_CAPACITY bytes); false for a method or a cost that the library does not know.
bool postern_password_setting(const char *prefix, unsigned long cost, const uint8_t salt[POSTERN_PASSWORD_SALT],
                              char *setting);

/// Puts the calling thread behind all others of the process: it gets the processor last (setpriority(2)), and gives it up
/// at once to a thread that wakes (a short slice, sched_setattr(2), since Linux 6.12; before that the kernel passes over it).
/// What the kernel refuses stays as it was.
void postern_password_step_back(int niceness);

#endif
