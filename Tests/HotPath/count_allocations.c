/* Preloaded into a program (ld.so(8), LD_PRELOAD), counts its heap allocations by thread, and what is live of them, in
   a file that others may map: ALLOCATION_COUNTS. While `is_recording` is set it keeps the stacks of those who allocate. */
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { THREADS = 64, STACKS = 64, FRAMES = 24 };

/* allocations.py reads this layout: eight bytes each. */
struct counts {
    _Atomic int64_t is_recording, live_blocks, live_bytes, thread_count, stack_count;
    struct { _Atomic int64_t thread, allocations; } threads[THREADS];
    struct { int64_t thread, count, depth, frames[FRAMES]; } stacks[STACKS];
};

/* glibc's own functions, by the names that it keeps for those who stand in front of it. */
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static struct counts *counts;
static atomic_flag is_locked = ATOMIC_FLAG_INIT;
static __thread int slot = -1, is_inside;

__attribute__((constructor)) static void map_counts(void) {
    const char *path = getenv("ALLOCATION_COUNTS");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0 || ftruncate(file, sizeof *counts)) return;
    void *memory = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    void *frames[2];
    backtrace(frames, 2);   /* loads what it needs, which allocates */
    if (memory != MAP_FAILED) counts = memory;
}

static void record(void) {
    void *frames[FRAMES + 2];
    is_inside = 1;
    int depth = backtrace(frames, FRAMES + 2) - 2;   /* without this function and its caller */
    is_inside = 0;
    if (depth < 0) depth = 0;
    int64_t thread = gettid();
    while (atomic_flag_test_and_set(&is_locked)) {}
    int64_t used = counts->stack_count, found = 0;
    while (found < used && (counts->stacks[found].thread != thread || counts->stacks[found].depth != depth ||
                            memcmp(counts->stacks[found].frames, frames + 2, depth * sizeof *frames))) found++;
    if (found == used && used < STACKS) {
        counts->stacks[used].thread = thread;
        counts->stacks[used].count = 0;
        counts->stacks[used].depth = depth;
        memcpy(counts->stacks[used].frames, frames + 2, depth * sizeof *frames);
        counts->stack_count = used + 1;
    }
    if (found < STACKS) counts->stacks[found].count++;
    atomic_flag_clear(&is_locked);
}

__attribute__((noinline)) static void *counted(void *block) {
    if (!counts || is_inside || !block) return block;
    if (slot < 0) {
        slot = atomic_fetch_add(&counts->thread_count, 1) % THREADS;
        counts->threads[slot].thread = gettid();
    }
    counts->threads[slot].allocations++;
    counts->live_blocks++;
    counts->live_bytes += malloc_usable_size(block);
    if (counts->is_recording) record();
    return block;
}

static void forget(void *block) {
    if (!counts || is_inside || !block) return;
    counts->live_blocks--;
    counts->live_bytes -= malloc_usable_size(block);
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }
void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }
void *valloc(size_t size) { return counted(__libc_memalign(sysconf(_SC_PAGESIZE), size)); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1))) return EINVAL;
    void *made = counted(__libc_memalign(alignment, size));
    if (!made) return ENOMEM;
    *block = made;
    return 0;
}

void *realloc(void *block, size_t size) {
    size_t before = block ? malloc_usable_size(block) : 0;
    void *made = __libc_realloc(block, size);
    if (counts && !is_inside && block && (made || !size)) {
        counts->live_blocks--;
        counts->live_bytes -= before;
    }
    return counted(made);
}

void *reallocarray(void *block, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(block, bytes);
}

void free(void *block) {
    forget(block);
    __libc_free(block);
}
