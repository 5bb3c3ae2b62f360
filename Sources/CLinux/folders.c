#define _GNU_SOURCE
#include "postern_linux.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

int postern_inotify(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int postern_inotify_watch(int inotify, const char *path) {
    return inotify_add_watch(
        inotify, path,
        IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
}

int postern_inotify_forget(int inotify, int watch) { return inotify_rm_watch(inotify, watch); }

int postern_inotify_drain(int inotify) {
    _Alignas(struct inotify_event) char buffer[8192];
    int found = 0;
    ssize_t count;
    while ((count = read(inotify, buffer, sizeof buffer)) > 0) {
        if (found == 0) found = 1;
        for (ssize_t at = 0; at < count;) {
            const struct inotify_event *event = (const struct inotify_event *)(buffer + at);
            if (event->mask & IN_Q_OVERFLOW) found = 2;
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
    return found;
}

struct postern_folder {
    DIR *stream;
};

struct postern_folder *postern_folder_open(const char *path, uid_t *owner) {
    struct postern_folder *folder = malloc(sizeof *folder);
    if (!folder) return NULL;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat status;
    folder->stream = fd >= 0 && fstat(fd, &status) == 0 ? fdopendir(fd) : NULL;
    if (!folder->stream) {
        int code = errno;
        if (fd >= 0) close(fd);
        free(folder);
        errno = code;
        return NULL;
    }
    *owner = status.st_uid;
    return folder;
}

int postern_folder_next(struct postern_folder *folder, struct postern_socket_file *file) {
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(folder->stream);
        if (!entry) return errno ? -1 : 0;
        if (entry->d_type != DT_SOCK && entry->d_type != DT_UNKNOWN) continue;
        struct stat status;
        // One that is gone in between was no socket of this folder any more.
        if (fstatat(dirfd(folder->stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0) continue;
        if (!S_ISSOCK(status.st_mode)) continue;
        file->name = entry->d_name;
        file->owner = status.st_uid;
        file->inode = status.st_ino;
        // A socket's file is not written to: this is when it was made.
        file->born_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
        return 1;
    }
}

void postern_folder_close(struct postern_folder *folder) {
    closedir(folder->stream);
    free(folder);
}
