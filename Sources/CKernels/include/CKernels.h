// SIMD kernels for the forward pass, compiled for several CPUs and chosen when the program starts.
// Every output row depends on its own inputs alone: the same bits whatever is batched beside it.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

/// The instruction set the kernels run on: "x86-64-v4", "x86-64-v3" or "baseline". Recorded with every run.
const char *ck_instruction_set(void);

/// Element types, in the order of `ElementType.allCases`.
enum {
    CK_F32, CK_F16, CK_BF16, CK_Q8_0, CK_Q4_1, CK_Q4_0, CK_Q5_0, CK_Q5_1, CK_Q4_K, CK_Q5_K, CK_Q6_K
};

/// y[m, n] = x[m, k] · w[n, k]ᵀ. `ldx`, `ldy`: floats from row to row; `row_bytes`: bytes of a row of w.
/// `scratch` holds `ck_linear_scratch(k)` floats and belongs to the calling thread.
void ck_linear(const float *x, long m, long ldx, const void *w, int type, long k, long row_bytes, long n, float *y,
               long ldy, float *scratch);
long ck_linear_scratch(long k);

/// One row of k weights as f32.
void ck_dequantise_row(const void *row, int type, long k, float *out);

/// A run of positions in one page of sixteen: lanes lane ..< lane + count.
typedef struct {
    const float *page;
    int32_t lane;
    int32_t count;
} ck_run;

/// Softmax attention of `rows` query rows of one key/value head with its `group` query heads.
/// Row r sees the last `window` (>= 1; LONG_MAX: all) of the first visible[r] (>= 1) positions of the path `runs`. In a
/// page, this head's keys are the [headDim][16] at `key_offset` and its values the [16][headDim] at `value_offset`.
/// `lse` (or null) receives the log-sum-exp of each row and head, [rows][ldlse]. `scratch` holds 4 * stride floats of
/// the calling thread, stride >= the longest path rounded up to 16, plus 16.
void ck_attention(const ck_run *runs, const long *visible, long window, long rows, long group,
                  const float *q, long ldq, long head_dim, long key_offset, long value_offset, float scale, float *out,
                  long ldo, float *lse, long ldlse, float *scratch, long stride);

/// out[n] = x · (w + shift) / sqrt(mean(x²) + epsilon); returns the reciprocal root.
float ck_rms_norm(const float *x, const float *w, long n, float epsilon, float shift, float *out);

/// Rotates heads in place by half-split pairs; cosine and sine are [head_dim / 2] of the row's position.
void ck_rope(float *x, long heads, long head_dim, const float *cosine, const float *sine);

/// gate = silu(gate) · up, n floats.
void ck_silu_multiply(float *gate, const float *up, long n);
/// gate = gelu(gate) · up, n floats, with GELU's approximation by tanh.
void ck_gelu_multiply(float *gate, const float *up, long n);

/// A row's largest entry, and log Σ exp((x - top) · inverse), inverse = 1 / temperature: never negative. The
/// log-probability of an entry is (x - top) · inverse - rest. Kept apart because their sum would round away what small
/// probabilities have left.
typedef struct {
    float top;
    float rest;
} ck_log_sum;
ck_log_sum ck_log_sum_exp(const float *x, long n, float inverse);

/// Entropy in nats of softmax(x · inverse), given its log-sum.
float ck_entropy(const float *x, long n, float inverse, ck_log_sum sum);

/// out = softmax(x · inverse), given its log-sum.
void ck_softmax(const float *x, long n, float inverse, ck_log_sum sum, float *out);

/// Where the first infinity or NaN of n floats stands; -1 where all are finite.
long ck_first_not_finite(const float *x, long n);

/// 512 · n floating-point operations in registers, and one read of n floats (a multiple of 64): the two floors.
float ck_fma_chain(long n);
float ck_read_stream(const float *x, long n);

/// Cores that this process may run on.
int ck_cores(void);

/// Threads that share one piece of work at a time; the caller is worker 0. Callers take turns; work must not call
/// ck_team_run itself.
typedef struct ck_team ck_team;
typedef void ck_work(void *context, long chunk, int worker);
ck_team *ck_team_create(int threads);
int ck_team_threads(const ck_team *team);
/// Runs work(context, 0 ..< count, worker), each chunk once; returns when all are done.
void ck_team_run(ck_team *team, long count, ck_work *work, void *context);

// ---- Backward pass and optimiser (backward.c). Matrices are row-major f32; `d…` is the loss's gradient. ----

/// c[m, n] = Σ a(i, t) · b[t, n] over k steps, plus c when `adding`. a(i, t) is a[i * ar + t * as], so that a matrix
/// and its transpose both serve; rows of b and c are ldb and ldc apart.
void ck_product(long m, long n, long k, const float *a, long ar, long as, const float *b, long ldb, float *c, long ldc,
                int adding);
/// dx += d(loss)/dx and dweight += d(loss)/dweight of y = x / sqrt(mean(x²) + epsilon) * (weight + shift).
void ck_rmsnorm_backward(long rows, long columns, float epsilon, float shift, const float *x, const float *weight,
                         const float *dy, float *dx, float *dweight);
/// Of m = silu(gate) * up: fills m, and replaces gate and up by their gradients.
void ck_silu_mul_backward(long count, const float *dm, float *gate, float *up, float *m);
/// The same of m = gelu(gate) * up.
void ck_gelu_mul_backward(long count, const float *dm, float *gate, float *up, float *m);
/// Turns one row's `heads` half-split heads back by the angles whose head_dim / 2 cosines and sines are given.
void ck_rope_backward(long heads, long head_dim, const float *cosine, const float *sine, float *dx);
/// Row i keeps the last `window` (LONG_MAX: all) of its first (first + i) scores: softmax(scale * score), and zero
/// before them and after, up to (first + rows - 1).
void ck_causal_softmax(long rows, long stride, long first, long window, float scale, float *scores);
/// dp becomes scale * p * (dp - sum(p * dp)) on the same staircase.
void ck_softmax_backward(long rows, long stride, long first, long window, float scale, const float *p, float *dp);
/// One row of logits becomes the loss's gradient with respect to it, less the targets' own terms: `sum` is the row's
/// log-sum, `total` the sum of the targets' coefficients, `dentropy` the entropy's.
void ck_logits_backward(long count, float temperature, ck_log_sum sum, float total, float entropy, float dentropy,
                        float *logits);
/// dtable[ids[i]] += dx[i] over `columns` columns of matrices whose rows are `stride` apart.
void ck_scatter_add(long rows, long columns, long stride, const int *ids, const float *dx, float *dtable);
void ck_column_sums(long rows, long columns, const float *dy, float *sums);
void ck_add(long count, const float *from, float *to);
void ck_scale(long count, float factor, float *values);
double ck_sum_of_squares(long count, const float *values);
/// PyTorch's AdamW: weight * keep - step * mean / (sqrt(square) / root + epsilon), in that order of rounding;
/// forget1 and forget2 are 1 - beta1 and 1 - beta2, subtracted in double and rounded once.
void ck_adamw(long count, float keep, float forget1, float beta2, float forget2, float step, float root,
              float epsilon, const float *gradient, float *weight, float *mean, float *square);

#endif
