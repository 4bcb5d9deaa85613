// Every stored type against M rows of x, one thread, processor time: in the cache, and streamed from memory.
//   clang -O2 -D_GNU_SOURCE -I Sources/CKernels/include -o /tmp/types Benchmarks/types.c Sources/CKernels/*.c -lm
//   /tmp/types M [COLUMNS]        GENAC_KERNELS=x86-64-v3 or baseline asks for lesser kernels
// The last column is a hash of the outputs: the same for every M, or a row's bits depend on what is beside it.
#include "CKernels.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    const char *name;
    int type, weights, bytes;
    /// Where the fp16 scale of a block stands.
    int scale;
} stored;

static const stored types[] = {
    {"F32", CK_F32, 1, 4, -1},        {"F16", CK_F16, 1, 2, -1},        {"BF16", CK_BF16, 1, 2, -1},
    {"Q8_0", CK_Q8_0, 32, 34, 0},     {"Q6_K", CK_Q6_K, 256, 210, 208}, {"Q5_K", CK_Q5_K, 256, 176, 0},
    {"Q5_1", CK_Q5_1, 32, 24, 0},     {"Q5_0", CK_Q5_0, 32, 22, 0},     {"Q4_K", CK_Q4_K, 256, 144, 0},
    {"Q4_1", CK_Q4_1, 32, 20, 0},     {"Q4_0", CK_Q4_0, 32, 18, 0},
};

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// Bytes whose f32, f16 and bf16 are numbers below 2, and scales of 2^-8.
static uint8_t *weights(const stored *t, long bytes) {
    uint8_t *w = aligned_alloc(64, (size_t)(bytes / 64 + 1) * 64);
    uint64_t state = 1;
    for (long i = 0; i < bytes; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        w[i] = (uint8_t)(state >> 56);
        if (t->scale < 0 && i % t->bytes == t->bytes - 1) w[i] &= 0xbf & ~0x40;
    }
    const uint16_t scale = 0x1c00;
    for (long b = 0; t->scale >= 0 && b < bytes / t->bytes; b++) {
        memcpy(w + b * t->bytes + t->scale, &scale, 2);
        if (t->scale == 0 && t->bytes != 34) memcpy(w + b * t->bytes + 2, &scale, 2);
    }
    return w;
}

/// The best of five passes over n rows of w.
static double best(const float *x, long m, const uint8_t *w, const stored *t, long k, long n, float *y,
                   float *scratch) {
    const long row = k / t->weights * t->bytes, repeats = 1 + 4000000 / (n * k);
    double least = 1e9;
    for (int run = 0; run < 5; run++) {
        const double start = seconds();
        for (long r = 0; r < repeats; r++)
            for (long j = 0; j < n; j += 256)
                ck_linear(x, m, k, w + j * row, t->type, k, row, n - j < 256 ? n - j : 256, y + j, n, scratch);
        const double used = (seconds() - start) / (double)repeats;
        if (used < least) least = used;
    }
    return least;
}

int main(int count, char **words) {
    const long m = count > 1 ? atol(words[1]) : 1, k = count > 2 ? atol(words[2]) : 768, n = 40000000 / k / 32 * 32;
    float *x = aligned_alloc(64, (size_t)(4 * m * k + 63) / 64 * 64), *y = aligned_alloc(64, (size_t)(4 * m * n));
    float *scratch = aligned_alloc(64, (size_t)(4 * ck_linear_scratch(k) + 63) / 64 * 64);
    for (long i = 0; i < m * k; i++) x[i] = (float)(i % k % 13) - 6;
    printf("%s, %ld rows of %ld against %ld\n", ck_instruction_set(), m, k, n);
    for (unsigned i = 0; i < sizeof types / sizeof *types; i++) {
        const stored *t = &types[i];
        if (k % t->weights) continue;
        uint8_t *w = weights(t, n * (k / t->weights * t->bytes));
        const double near = best(x, m, w, t, k, 32, y, scratch) / 32;
        const double far = best(x, m, w, t, k, n, y, scratch) / (double)n;
        uint32_t hash = 0;
        for (long j = 0; j < n; j++) {
            uint32_t bits;
            memcpy(&bits, y + (m - 1) * n + j, 4);
            hash = hash * 31 + bits;
        }
        const double work = 2e-9 * (double)(m * k), read = 1e-9 * (double)(k / t->weights * t->bytes);
        printf("%-5s cache %6.1f GFLOP/s, memory %6.1f GFLOP/s %5.1f GB/s  %08x\n", t->name, work / near, work / far,
               read / far, hash);
        free(w);
    }
    return 0;
}
