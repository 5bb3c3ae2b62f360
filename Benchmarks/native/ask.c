/* One client of a verification, which asks again when it has the answer:
     ask PATH COUNT TOKEN [DEPTH]   COUNT times GET /verify with the token on one connection to the socket PATH, DEPTH of
                                    them at once (1); ends with 1 where an answer is not 200
   Small, so that what the server's processor has in its cache is the server's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define DEEPEST 64

/* How often `part` is in `text`. */
static long times(const char *text, const char *part) {
    long found = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part)) found++;
    return found;
}

int main(int argc, char **argv) {
    static char question[32768], questions[DEEPEST * sizeof question], answers[DEEPEST * 32768];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc < 4 || argc > 5 || strlen(argv[1]) >= sizeof address.sun_path) return 2;
    long depth = argc == 5 ? atol(argv[4]) : 1;
    if (depth < 1 || depth > DEEPEST) return 2;
    strcpy(address.sun_path, argv[1]);
    int length = snprintf(question, sizeof question, "GET /verify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n",
                          argv[3]);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    if (length >= (int)sizeof question || connect(client, (struct sockaddr *)&address, sizeof address)) return 2;
    for (long i = 0; i < depth; i++) memcpy(questions + i * length, question, length);
    for (long left = atol(argv[2]); left > 0; left -= depth) {
        if (send(client, questions, depth * length, MSG_NOSIGNAL) != depth * length) return 1;
        size_t count = 0;
        do {
            ssize_t more = recv(client, answers + count, sizeof answers - 1 - count, 0);
            if (more <= 0) return 1;
            count += more;
            answers[count] = 0;
        } while (times(answers, "\r\n\r\n") < depth);
        /* Answers without a body, as every good verdict is. */
        if (times(answers, "HTTP/1.1 200") != depth || times(answers, "Content-Length: 0\r\n") != depth) return 1;
    }
    return 0;
}
