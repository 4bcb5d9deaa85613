// Chooses the kernels, forward and backward, once, when the program is loaded and has one thread.
// GENAC_KERNELS=x86-64-v3 or baseline asks for a lesser set,
// which is how one machine tests them all.
#include "backward_table.h"
#include "table.h"
#include <stdlib.h>

static const ck_table *kernels = &ck_table_base;
const ck_backward_table *ck_backward = &ck_backward_base;
static const char *name = "baseline";

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    const char *asked = getenv("GENAC_KERNELS");
    if (asked && strcmp(asked, "baseline") == 0) return;
    if (__builtin_cpu_supports("x86-64-v4") && !(asked && strcmp(asked, "x86-64-v3") == 0)) {
        kernels = &ck_table_v4;
        ck_backward = &ck_backward_v4;
        name = "x86-64-v4";
    } else if (__builtin_cpu_supports("x86-64-v3")) {
        kernels = &ck_table_v3;
        ck_backward = &ck_backward_v3;
        name = "x86-64-v3";
    }
#endif
}

const char *ck_instruction_set(void) { return name; }

long ck_linear_scratch(long k) { return CK_PANEL * k; }

void ck_linear(const float *x, long m, long ldx, const void *w, int type, long k, long row_bytes, long n, float *y,
               long ldy, float *scratch) {
    kernels->linear(x, m, ldx, w, type, k, row_bytes, n, y, ldy, scratch);
}

void ck_dequantise_row(const void *row, int type, long k, float *out) { kernels->dequantise_row(row, type, k, out); }

void ck_attention(const ck_run *runs, const long *visible, long window, long rows, long group,
                  const float *q, long ldq, long head_dim, long key_offset, long value_offset, float scale, float *out,
                  long ldo, float *lse, long ldlse, float *scratch, long stride) {
    kernels->attention(runs, visible, window, rows, group, q, ldq, head_dim, key_offset, value_offset, scale, out, ldo,
                       lse, ldlse, scratch, stride);
}

float ck_rms_norm(const float *x, const float *w, long n, float epsilon, float shift, float *out) {
    return kernels->rms_norm(x, w, n, epsilon, shift, out);
}

void ck_rope(float *x, long heads, long head_dim, const float *cosine, const float *sine) {
    kernels->rope(x, heads, head_dim, cosine, sine);
}

void ck_silu_multiply(float *gate, const float *up, long n) { kernels->silu_multiply(gate, up, n); }

void ck_gelu_multiply(float *gate, const float *up, long n) { kernels->gelu_multiply(gate, up, n); }

ck_log_sum ck_log_sum_exp(const float *x, long n, float inverse) { return kernels->log_sum_exp(x, n, inverse); }

float ck_entropy(const float *x, long n, float inverse, ck_log_sum sum) { return kernels->entropy(x, n, inverse, sum); }

void ck_softmax(const float *x, long n, float inverse, ck_log_sum sum, float *out) {
    kernels->softmax(x, n, inverse, sum, out);
}

long ck_first_not_finite(const float *x, long n) { return kernels->first_not_finite(x, n); }

float ck_fma_chain(long n) { return kernels->fma_chain(n); }

float ck_read_stream(const float *x, long n) { return kernels->read_stream(x, n); }
