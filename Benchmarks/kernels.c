// The linear kernel beside OpenBLAS, one thread, in processor time: y[m,1536] = x[m,576] · wᵀ in f32.
//   clang -O2 -D_GNU_SOURCE -I Sources/CKernels/include -o /tmp/kernels Benchmarks/kernels.c Sources/CKernels/*.c -lm \
//     -lopenblas && /tmp/kernels
// (apt-get install libopenblas-dev; OPENBLAS_CORETYPE=SkylakeX asks OpenBLAS for its AVX-512 kernels.)
#include "CKernels.h"
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(void) {
    const long k = 576, n = 1536, sizes[] = {1, 4, 16, 64, 512};
    openblas_set_num_threads(1);
    printf("OpenBLAS core %s, our kernels %s\n", openblas_get_corename(), ck_instruction_set());
    for (int s = 0; s < 5; s++) {
        const long m = sizes[s], repeats = 1 + 1024 / m;
        float *x = aligned_alloc(64, 4 * m * k), *w = aligned_alloc(64, 4 * n * k), *y = aligned_alloc(64, 4 * m * n);
        float *scratch = aligned_alloc(64, 4 * ck_linear_scratch(k));
        for (long i = 0; i < m * k; i++) x[i] = (float)(i % 7);
        for (long i = 0; i < n * k; i++) w[i] = (float)(i % 5);
        double best[2] = {1e9, 1e9};
        for (int run = 0; run < 10; run++)
            for (int who = 0; who < 2; who++) {
                const double start = seconds();
                for (long r = 0; r < repeats; r++)
                    if (who) cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, x, k, w, k, 0, y, n);
                    else ck_linear(x, m, k, w, CK_F32, k, 4 * k, n, y, n, scratch);
                const double used = (seconds() - start) / (double)repeats;
                if (used < best[who]) best[who] = used;
            }
        const double work = 2.0 * (double)(m * n * k) / 1e9;
        printf("m %3ld: ours %6.1f GFLOP/s, OpenBLAS %6.1f GFLOP/s\n", m, work / best[0], work / best[1]);
    }
    return 0;
}
