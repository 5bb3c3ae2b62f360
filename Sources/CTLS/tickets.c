#include "internal.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

/// The key in use, and two that were.
enum { KEYS = 3, NAME = 16, SECRET = 32 };

struct ticket_key {
    bool is_set;
    uint8_t name[NAME];
    uint8_t cipher[SECRET];
    uint8_t mac[SECRET];
};

struct tickets {
    /// Taken once a handshake, which costs a thousand times as much.
    pthread_mutex_t lock;
    struct ticket_key keys[KEYS];
};

static int context_index = -1;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_index(void) { context_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL); }

bool postern_tls_tickets_rotate(postern_tls_tickets handle) {
    struct tickets *tickets = (struct tickets *)handle;
    struct ticket_key key = {.is_set = true};
    if (RAND_bytes(key.name, NAME) != 1 || RAND_priv_bytes(key.cipher, SECRET) != 1
        || RAND_priv_bytes(key.mac, SECRET) != 1) {
        OPENSSL_cleanse(&key, sizeof key);
        return false;
    }
    pthread_mutex_lock(&tickets->lock);
    memmove(&tickets->keys[1], &tickets->keys[0], sizeof key * (KEYS - 1));
    tickets->keys[0] = key;
    pthread_mutex_unlock(&tickets->lock);
    OPENSSL_cleanse(&key, sizeof key);
    return true;
}

postern_tls_tickets postern_tls_tickets_create(void) {
    pthread_once(&once, find_index);
    struct tickets *tickets = calloc(1, sizeof *tickets);
    if (!tickets) return 0;
    pthread_mutex_init(&tickets->lock, NULL);
    if (context_index < 0 || !postern_tls_tickets_rotate((postern_tls_tickets)tickets)) {
        postern_tls_tickets_destroy((postern_tls_tickets)tickets);
        return 0;
    }
    return (postern_tls_tickets)tickets;
}

void postern_tls_tickets_destroy(postern_tls_tickets handle) {
    struct tickets *tickets = (struct tickets *)handle;
    if (!tickets) return;
    pthread_mutex_destroy(&tickets->lock);
    OPENSSL_cleanse(tickets, sizeof *tickets);
    free(tickets);
}

/// The key named `name`, or the one in use; its age in rotations, -1 where there is none.
static int find(struct tickets *tickets, const uint8_t *name, struct ticket_key *key) {
    int age = -1;
    pthread_mutex_lock(&tickets->lock);
    for (int i = 0; i < KEYS && age < 0; i++) {
        if (!tickets->keys[i].is_set) break;
        if (name && CRYPTO_memcmp(tickets->keys[i].name, name, NAME) != 0) continue;
        *key = tickets->keys[i];
        age = i;
    }
    pthread_mutex_unlock(&tickets->lock);
    return age;
}

/// SSL_CTX_set_tlsext_ticket_key_evp_cb(3).
static int seal(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int sealing) {
    struct tickets *tickets = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), context_index);
    struct ticket_key key;
    int age = tickets ? find(tickets, sealing ? NULL : name, &key) : -1;
    // Unknown, or too old: a whole handshake.
    if (age < 0) return 0;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac, SECRET),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    bool good = EVP_MAC_CTX_set_params(mac, parameters) == 1;
    if (sealing) {
        good = good && RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) == 1
               && EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.cipher, iv) == 1;
        memcpy(name, key.name, NAME);
    } else {
        good = good && EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.cipher, iv) == 1;
    }
    OPENSSL_cleanse(&key, sizeof key);
    if (!good) return -1;
    // 2: taken, and another ticket is to follow. With TLS 1.3 clients use each once (RFC 8446 appendix C.4).
    return !sealing && (age > 0 || SSL_version(ssl) == TLS1_3_VERSION) ? 2 : 1;
}

void postern_tls_use_tickets(SSL_CTX *context, struct tickets *tickets) {
    SSL_CTX_set_ex_data(context, context_index, tickets);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, seal);
}
