/* One client of a verification, which asks again when it has the answer:
     ask PATH COUNT TOKEN     COUNT times GET /verify with the token on one connection to the socket PATH; ends with 1
                              where an answer is not 200
   Small, so that what the server's processor has in its cache is the server's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv) {
    static char question[32768], answer[65536];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc != 4 || strlen(argv[1]) >= sizeof address.sun_path) return 2;
    strcpy(address.sun_path, argv[1]);
    int length = snprintf(question, sizeof question, "GET /verify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n",
                          argv[3]);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    if (length >= (int)sizeof question || connect(client, (struct sockaddr *)&address, sizeof address)) return 2;
    for (long left = atol(argv[2]); left > 0; left--) {
        if (send(client, question, length, MSG_NOSIGNAL) != length) return 1;
        size_t count = 0;
        do {
            ssize_t more = recv(client, answer + count, sizeof answer - 1 - count, 0);
            if (more <= 0) return 1;
            count += more;
            answer[count] = 0;
        } while (!strstr(answer, "\r\n\r\n"));
        // An answer without a body, as every good verdict is.
        if (strncmp(answer, "HTTP/1.1 200", 12) || !strstr(answer, "Content-Length: 0\r\n")) return 1;
    }
    return 0;
}
