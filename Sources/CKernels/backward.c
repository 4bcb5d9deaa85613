// Hands each call to the backward kernels that dispatch.c chose.
#include "backward_table.h"

void ck_product(long m, long n, long k, const float *a, long ar, long as, const float *b, long ldb, float *c, long ldc,
                int adding) {
    ck_backward->product(m, n, k, a, ar, as, b, ldb, c, ldc, adding);
}

void ck_rmsnorm_backward(long rows, long columns, float epsilon, float shift, const float *x, const float *weight,
                         const float *dy, float *dx, float *dweight) {
    ck_backward->rmsnorm_backward(rows, columns, epsilon, shift, x, weight, dy, dx, dweight);
}

void ck_silu_mul_backward(long count, const float *dm, float *gate, float *up, float *m) {
    ck_backward->silu_mul_backward(count, dm, gate, up, m);
}

void ck_gelu_mul_backward(long count, const float *dm, float *gate, float *up, float *m) {
    ck_backward->gelu_mul_backward(count, dm, gate, up, m);
}

void ck_rope_backward(long heads, long head_dim, const float *cosine, const float *sine, float *dx) {
    ck_backward->rope_backward(heads, head_dim, cosine, sine, dx);
}

void ck_causal_softmax(long rows, long stride, long first, long window, float scale, float *scores) {
    ck_backward->causal_softmax(rows, stride, first, window, scale, scores);
}

void ck_softmax_backward(long rows, long stride, long first, long window, float scale, const float *p, float *dp) {
    ck_backward->softmax_backward(rows, stride, first, window, scale, p, dp);
}

void ck_logits_backward(long count, float temperature, ck_log_sum sum, float total, float entropy, float dentropy,
                        float *logits) {
    ck_backward->logits_backward(count, temperature, sum, total, entropy, dentropy, logits);
}

void ck_scatter_add(long rows, long columns, long stride, const int *ids, const float *dx, float *dtable) {
    ck_backward->scatter_add(rows, columns, stride, ids, dx, dtable);
}

void ck_column_sums(long rows, long columns, const float *dy, float *sums) {
    ck_backward->column_sums(rows, columns, dy, sums);
}

void ck_add(long count, const float *from, float *to) {
    ck_backward->add(count, from, to);
}

void ck_scale(long count, float factor, float *values) {
    ck_backward->scale(count, factor, values);
}

double ck_sum_of_squares(long count, const float *values) {
    return ck_backward->sum_of_squares(count, values);
}

void ck_adamw(long count, float keep, float forget1, float beta2, float forget2, float step, float root, float epsilon,
              const float *gradient, float *weight, float *mean, float *square) {
    ck_backward->adamw(count, keep, forget1, beta2, forget2, step, root, epsilon, gradient, weight, mean, square);
}
