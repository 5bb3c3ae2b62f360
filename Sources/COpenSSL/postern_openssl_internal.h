// What the files of this shim share, and Swift does not see.
#ifndef POSTERN_OPENSSL_INTERNAL_H
#define POSTERN_OPENSSL_INTERNAL_H

#include <openssl/evp.h>

/// Places where the contexts of a key rest between two uses. One that is in use belongs to its thread alone.
enum { POSTERN_OPENSSL_PLACES = 16 };

/// The place where the calling thread begins its search, so that loops do not share a cache line's fate.
unsigned postern_openssl_own_place(void);

/// The digest of that number (POSTERN_OPENSSL_SHA…), fetched once; NULL for another number.
const EVP_MD *postern_openssl_digest(int digest);

#endif
