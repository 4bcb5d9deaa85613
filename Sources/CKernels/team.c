// A team of threads that share one piece of work at a time. Workers spin briefly for the next piece, then sleep: a
// layer has five pieces a few microseconds apart, and an idle shell must cost nothing. Chunks are claimed one by one,
// and the caller waits for claimed chunks only: on a busy machine a worker that gets no core delays nobody.
#include "CKernels.h"
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SPINS = 4000 };

struct ck_team {
    pthread_mutex_t turn;
    int workers;
    ck_work *work;
    void *context;
    atomic_uint count;
    /// Which piece of work (high 32 bits) and its next unclaimed chunk (low 32): a claim is one exchange, and fails
    /// when the piece has changed in between.
    atomic_ullong claim;
    /// The same piece number, for sleepers.
    atomic_int piece;
    atomic_int done;
    atomic_int sleepers;
};

static void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static void futex_wait(atomic_int *word, int seen) {
    syscall(SYS_futex, (int *)word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

static void futex_wake(atomic_int *word) {
    syscall(SYS_futex, (int *)word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

/// Waits until *word differs from `seen`.
static void wait_change(ck_team *team, atomic_int *word, int seen) {
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(word, memory_order_acquire) != seen) return;
        relax();
    }
    atomic_fetch_add(&team->sleepers, 1);
    while (atomic_load(word) == seen) futex_wait(word, seen);
    atomic_fetch_sub(&team->sleepers, 1);
}

static void take_chunks(ck_team *team, unsigned piece, int worker) {
    for (;;) {
        unsigned long long seen = atomic_load(&team->claim);
        const unsigned count = atomic_load(&team->count);
        if ((unsigned)(seen >> 32) != piece || (unsigned)seen >= count) return;
        if (!atomic_compare_exchange_weak(&team->claim, &seen, seen + 1)) continue;
        team->work(team->context, (long)(unsigned)seen, worker);
        if (atomic_fetch_add(&team->done, 1) + 1 == (int)count && atomic_load(&team->sleepers) > 0)
            futex_wake(&team->done);
    }
}

typedef struct {
    ck_team *team;
    int worker;
} seat;

static void *worker_main(void *argument) {
    seat mine = *(seat *)argument;
    free(argument);
    int seen = 0;
    for (;;) {
        wait_change(mine.team, &mine.team->piece, seen);
        seen = atomic_load(&mine.team->piece);
        take_chunks(mine.team, (unsigned)seen, mine.worker);
    }
    return NULL;
}

int ck_cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

ck_team *ck_team_create(int threads) {
    ck_team *team = calloc(1, sizeof *team);
    if (!team) return NULL;
    pthread_mutex_init(&team->turn, NULL);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int i = 1; i < threads; i++) {
        seat *place = malloc(sizeof *place);
        pthread_t thread;
        if (!place) break;
        *place = (seat){team, i};
        if (pthread_create(&thread, NULL, worker_main, place) != 0) {
            free(place);
            break;
        }
        pthread_detach(thread);
        team->workers++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return team;
}

int ck_team_threads(const ck_team *team) { return team->workers + 1; }

void ck_team_run(ck_team *team, long count, ck_work *work, void *context) {
    if (count <= 1 || team->workers == 0) {
        for (long i = 0; i < count; i++) work(context, i, 0);
        return;
    }
    pthread_mutex_lock(&team->turn);
    const unsigned piece = (unsigned)atomic_load(&team->piece) + 1;
    // Closed while the piece changes, or a late worker could claim a chunk of the next piece as one of the last.
    atomic_store(&team->claim, (unsigned long long)piece << 32 | UINT_MAX);
    team->work = work;
    team->context = context;
    atomic_store(&team->done, 0);
    atomic_store(&team->count, (unsigned)count);
    atomic_store(&team->claim, (unsigned long long)piece << 32);
    atomic_store(&team->piece, (int)piece);
    if (atomic_load(&team->sleepers) > 0) futex_wake(&team->piece);
    take_chunks(team, piece, 0);
    for (int done = atomic_load(&team->done); done < count; done = atomic_load(&team->done))
        wait_change(team, &team->done, done);
    pthread_mutex_unlock(&team->turn);
}
