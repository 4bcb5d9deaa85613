// One entry a kernel; kernels_v4.c, kernels_v3.c and kernels_base.c each fill one from the same source.
#ifndef CK_TABLE_H
#define CK_TABLE_H

#include "CKernels.h"
#include <stdint.h>
#include <string.h>

/// Rows of w that are f32 at a time: with k = 1536 they stay in a 32 KB L1 cache.
enum { CK_PANEL = 4 };

typedef struct {
    void (*linear)(const float *x, long m, long ldx, const void *w, int type, long k, long row_bytes, long n, float *y,
                   long ldy, float *scratch);
    void (*dequantise_row)(const uint8_t *row, int type, long k, float *out);
    void (*attention)(const ck_run *runs, const long *visible, long window, long rows, long group, const float *q,
                      long ldq, long head_dim, long key_offset, long value_offset, float scale, float *out, long ldo,
                      float *lse, long ldlse, float *scratch, long stride);
    float (*rms_norm)(const float *x, const float *w, long n, float epsilon, float shift, float *out);
    void (*rope)(float *x, long heads, long head_dim, const float *cosine, const float *sine);
    void (*silu_multiply)(float *gate, const float *up, long n);
    void (*gelu_multiply)(float *gate, const float *up, long n);
    ck_log_sum (*log_sum_exp)(const float *x, long n, float inverse);
    float (*entropy)(const float *x, long n, float inverse, ck_log_sum sum);
    void (*softmax)(const float *x, long n, float inverse, ck_log_sum sum, float *out);
    long (*first_not_finite)(const float *x, long n);
    float (*fma_chain)(long n);
    float (*read_stream)(const float *x, long n);
} ck_table;

extern const ck_table ck_table_v4, ck_table_v3, ck_table_base;

#endif
