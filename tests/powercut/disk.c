/* What a program does to the files below $DISK_ROOT, in its order, written to $DISK_LOG.
 *
 * Loaded with LD_PRELOAD, so that SQLite's own calls are seen as well. Each record is
 *   kind (1 byte), length of path, length of data (4 bytes each), inode, offset (8 bytes each), path, data
 * all numbers in the machine's order. One lock is held over a call and its record: what is written down as
 * synced was written before.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_to = -1;
static const char *root;
static size_t root_length;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("DISK_LOG");
    root = getenv("DISK_ROOT");
    if (path && root) {
        root_length = strlen(root);
        log_to = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
}

static int inside(const char *path) {
    return log_to >= 0 && path && !strncmp(path, root, root_length) && path[root_length] == '/';
}

static int place(int fd, char *path, uint64_t *inode) {
    char link[64];
    struct stat found;
    if (log_to < 0 || fd == log_to) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    if (!inside(path) || fstat(fd, &found)) return 0;
    *inode = found.st_ino;
    return 1;
}

static void note(char kind, const char *path, uint64_t inode, uint64_t offset, const void *data, uint32_t size) {
    uint32_t length = (uint32_t)strlen(path);
    int before = errno;
    char head[25];
    head[0] = kind;
    memcpy(head + 1, &length, 4);
    memcpy(head + 5, &size, 4);
    memcpy(head + 9, &inode, 8);
    memcpy(head + 17, &offset, 8);
    struct iovec parts[3] = {{head, sizeof head}, {(void *)path, length}, {(void *)data, size}};
    if (REAL(writev)(log_to, parts, 3) < 0) abort();
    errno = before;
}

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    struct stat found;
    if (!inside(path)) return real(path, flags, mode);
    pthread_mutex_lock(&lock);
    int fresh = stat(path, &found) != 0;
    int fd = real(path, flags, mode);
    if (fd >= 0 && !fstat(fd, &found) && S_ISREG(found.st_mode)) {
        if (fresh) note('C', path, found.st_ino, 0, "", 0);
        else if (flags & O_TRUNC) note('T', path, found.st_ino, 0, "", 0);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define OPEN(name)                                             \
    int name(const char *path, int flags, ...) {               \
        va_list more;                                          \
        va_start(more, flags);                                 \
        mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                          \
        return opened(REAL(name), path, flags, mode);          \
    }
OPEN(open)
OPEN(open64)

static void wrote(int fd, int64_t at, const void *data, ssize_t size) {
    char path[PATH_MAX];
    uint64_t inode;
    if (size > 0 && place(fd, path, &inode)) note('W', path, inode, (uint64_t)at, data, (uint32_t)size);
}

ssize_t write(int fd, const void *data, size_t size) {
    if (log_to < 0) return REAL(write)(fd, data, size);
    pthread_mutex_lock(&lock);
    ssize_t done = REAL(write)(fd, data, size);
    int before = errno;
    /* After an appending write the position is behind it. */
    if (done > 0) wrote(fd, lseek(fd, 0, SEEK_CUR) - done, data, done);
    errno = before;
    pthread_mutex_unlock(&lock);
    return done;
}

#define PWRITE(name, kind)                                                 \
    ssize_t name(int fd, const void *data, size_t size, kind offset) {     \
        pthread_mutex_lock(&lock);                                         \
        ssize_t done = REAL(name)(fd, data, size, offset);                 \
        wrote(fd, offset, data, done);                                     \
        pthread_mutex_unlock(&lock);                                       \
        return done;                                                       \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define ON_FILE(name, kind, arguments, call, offset)                       \
    int name arguments {                                                   \
        char path[PATH_MAX];                                               \
        uint64_t inode;                                                    \
        pthread_mutex_lock(&lock);                                         \
        int failed = REAL(name) call;                                      \
        int before = errno;                                                \
        if (!failed && place(fd, path, &inode)) note(kind, path, inode, (uint64_t)offset, "", 0); \
        errno = before;                                                    \
        pthread_mutex_unlock(&lock);                                       \
        return failed;                                                     \
    }
ON_FILE(ftruncate, 'T', (int fd, off_t length), (fd, length), length)
ON_FILE(ftruncate64, 'T', (int fd, off64_t length), (fd, length), length)
ON_FILE(fsync, 'S', (int fd), (fd), 0)
ON_FILE(fdatasync, 'S', (int fd), (fd), 0)

int rename(const char *from, const char *to) {
    pthread_mutex_lock(&lock);
    int failed = REAL(rename)(from, to);
    if (!failed && inside(from)) note('R', from, 0, 0, to, (uint32_t)strlen(to));
    pthread_mutex_unlock(&lock);
    return failed;
}

#define ON_PATH(name, kind, arguments, call)                               \
    int name arguments {                                                   \
        pthread_mutex_lock(&lock);                                         \
        int failed = REAL(name) call;                                      \
        if (!failed && inside(path)) note(kind, path, 0, 0, "", 0);        \
        pthread_mutex_unlock(&lock);                                       \
        return failed;                                                     \
    }
ON_PATH(unlink, 'U', (const char *path), (path))
ON_PATH(mkdir, 'M', (const char *path, mode_t mode), (path, mode))
