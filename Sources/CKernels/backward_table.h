// One entry a kernel of the backward pass; backward_v4.c, backward_v3.c and backward_base.c each fill one.
#ifndef CK_BACKWARD_TABLE_H
#define CK_BACKWARD_TABLE_H

#include "CKernels.h"

typedef struct {
    void (*product)(long m, long n, long k, const float *a, long ar, long as, const float *b, long ldb, float *c,
                    long ldc, int adding);
    void (*rmsnorm_backward)(long rows, long columns, float epsilon, float shift, const float *x, const float *weight,
                             const float *dy, float *dx, float *dweight);
    void (*silu_mul_backward)(long count, const float *dm, float *gate, float *up, float *m);
    void (*gelu_mul_backward)(long count, const float *dm, float *gate, float *up, float *m);
    void (*rope_backward)(long heads, long head_dim, const float *cosine, const float *sine, float *dx);
    void (*causal_softmax)(long rows, long stride, long first, long window, float scale, float *scores);
    void (*softmax_backward)(long rows, long stride, long first, long window, float scale, const float *p,
                             float *dp);
    void (*logits_backward)(long count, float temperature, ck_log_sum sum, float total, float entropy, float dentropy,
                            float *logits);
    void (*scatter_add)(long rows, long columns, long stride, const int *ids, const float *dx, float *dtable);
    void (*column_sums)(long rows, long columns, const float *dy, float *sums);
    void (*add)(long count, const float *from, float *to);
    void (*scale)(long count, float factor, float *values);
    double (*sum_of_squares)(long count, const float *values);
    void (*adamw)(long count, float keep, float forget1, float beta2, float forget2, float step, float root,
                  float epsilon, const float *gradient, float *weight, float *mean, float *square);
} ck_backward_table;

extern const ck_backward_table ck_backward_v4, ck_backward_v3, ck_backward_base;

/// The one in use. dispatch.c sets it before main begins; nobody writes it later.
extern const ck_backward_table *ck_backward;

#endif
