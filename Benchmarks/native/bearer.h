/* A bearer token (RFC 6750) found in a request's head and checked by HS256 (RFC 7515): signature, algorithm, exp. */
#pragma once
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* HMAC's two padded keys, hashed once: a check is one pass over the token and one over its digest. */
static SHA256_CTX bearer_inner, bearer_outer;
static signed char bearer_digits[256];

static void bearer_set_secret(const char *secret) {
    unsigned char key[64] = {0}, pad[64];
    size_t length = strlen(secret);
    if (length > sizeof key) SHA256((const unsigned char *)secret, length, key);
    else memcpy(key, secret, length);
    for (int i = 0; i < 64; i++) pad[i] = key[i] ^ 0x36;
    SHA256_Init(&bearer_inner);
    SHA256_Update(&bearer_inner, pad, sizeof pad);
    for (int i = 0; i < 64; i++) pad[i] = key[i] ^ 0x5c;
    SHA256_Init(&bearer_outer);
    SHA256_Update(&bearer_outer, pad, sizeof pad);
    memset(bearer_digits, -1, sizeof bearer_digits);
    const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < 64; i++) bearer_digits[(unsigned char)alphabet[i]] = i;
}

/* base64url to bytes; -1 for what is none, or too long. */
static int bearer_decode(const char *text, size_t length, unsigned char *out, size_t room) {
    unsigned bits = 0;
    int held = 0;
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = bearer_digits[(unsigned char)text[i]];
        if (digit < 0) return -1;
        bits = bits << 6 | digit;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        if (count == room) return -1;
        out[count++] = bits >> held;
    }
    return (int)count;
}

/* Whether the token is signed with the secret and not out of date. */
static int bearer_is_good(const char *token, size_t length) {
    const char *payload = memchr(token, '.', length);
    if (!payload++) return 0;
    const char *signature = memchr(payload, '.', length - (payload - token));
    if (!signature++) return 0;

    unsigned char found[32], wanted[32], text[1024];
    if (bearer_decode(signature, length - (signature - token), found, sizeof found) != 32) return 0;
    SHA256_CTX context = bearer_inner;
    SHA256_Update(&context, token, signature - 1 - token);
    SHA256_Final(wanted, &context);
    context = bearer_outer;
    SHA256_Update(&context, wanted, sizeof wanted);
    SHA256_Final(wanted, &context);
    unsigned difference = 0;
    for (int i = 0; i < 32; i++) difference |= found[i] ^ wanted[i];
    if (difference) return 0;

    int count = bearer_decode(token, payload - 1 - token, text, sizeof text - 1);
    if (count < 0) return 0;
    text[count] = 0;
    if (!strstr((char *)text, "\"HS256\"")) return 0;
    count = bearer_decode(payload, signature - 1 - payload, text, sizeof text - 1);
    if (count < 0) return 0;
    text[count] = 0;
    const char *end = strstr((char *)text, "\"exp\":");
    return !end || atoll(end + 6) > time(NULL);
}

/* The token of the head's Authorization field, or NULL. */
static const char *bearer_find(const char *head, size_t head_length, size_t *length) {
    static const char name[] = "authorization: bearer ";
    const size_t name_length = sizeof name - 1;
    const char *end = head + head_length, *line = head;
    while ((line = memchr(line, '\n', end - line))) {
        line++;
        if ((size_t)(end - line) <= name_length || strncasecmp(line, name, name_length)) continue;
        const char *token = line + name_length, *stop = memchr(token, '\r', end - token);
        if (!stop) return NULL;
        *length = stop - token;
        return token;
    }
    return NULL;
}
