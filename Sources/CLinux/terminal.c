#define _GNU_SOURCE
#include "postern_linux.h"

#include <sys/ioctl.h>

int postern_terminal_size(int fd, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}
