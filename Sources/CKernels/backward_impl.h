// The backward pass and the optimiser, for the instruction set of the including file (backward_v4.c and its like).
// Every reduction runs in an order fixed by its arguments, so results never depend on threads.
#include "simd.h"

typedef double wide __attribute__((vector_size(64), aligned(8)));
enum { WIDE = 8 };

// e^x to about 2 units in the last place, for loops that the compiler vectorises: Taylor's polynomial of degree 7 after
// the range reduction of `exp16`, whose own polynomial is another (Cephes'), so that the two differ in the last places.
CK_INLINE float fast_exp(float x) {
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    const float magic = 12582912.0f;
    float n = (x * 1.44269504f + magic) - magic;
    float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    float p = 1.98412698e-4f;
    p = p * r + 1.38888889e-3f;
    p = p * r + 8.33333333e-3f;
    p = p * r + 4.16666667e-2f;
    p = p * r + 1.66666667e-1f;
    p = p * r + 0.5f;
    p = p * r * r + r + 1.0f;
    int bits = ((int)n + 127) << 23;
    float scale;
    memcpy(&scale, &bits, 4);
    return p * scale;
}

CK_INLINE float row_maximum(const float *row, long count) {
    v16 tops = splat16(row[0]);
    long j = 0;
    for (; j + 16 <= count; j += 16) tops = __builtin_elementwise_max(tops, load16(row + j));
    float top = max16(tops);
    for (; j < count; j++) top = row[j] > top ? row[j] : top;
    return top;
}

/// c[MR, 16 NV] (+)= Σ a(i, t) · b[t, 16 NV] over `k` steps; a's rows are `ar` apart and its steps `as`.
#define CK_PRODUCT_TILE(MR, NV, TILE)                                                                        \
    static void TILE(long k, const float *a, long ar, long as, const float *b, long ldb, float *c, long ldc, \
                     int adding) {                                                                           \
        v16 sum[MR][NV];                                                                                     \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < MR; i++)                                      \
            _Pragma("clang loop unroll(full)") for (int j = 0; j < NV; j++)                                  \
                sum[i][j] = adding ? load16(c + i * ldc + 16 * j) : splat16(0.0f);                           \
        for (long t = 0; t < k; t++) {                                                                       \
            v16 row[NV];                                                                                     \
            _Pragma("clang loop unroll(full)") for (int j = 0; j < NV; j++) row[j] = load16(b + t * ldb + 16 * j); \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < MR; i++) {                                \
                v16 s = splat16(a[i * ar + t * as]);                                                         \
                _Pragma("clang loop unroll(full)") for (int j = 0; j < NV; j++) sum[i][j] += s * row[j];     \
            }                                                                                                \
        }                                                                                                    \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < MR; i++)                                      \
            _Pragma("clang loop unroll(full)") for (int j = 0; j < NV; j++)                                  \
                store16(c + i * ldc + 16 * j, sum[i][j]);                                                    \
    }

CK_PRODUCT_TILE(CK_MR, CK_NV, product_many)
CK_PRODUCT_TILE(1, CK_NV, product_row)
CK_PRODUCT_TILE(CK_MR, 1, product_column)
CK_PRODUCT_TILE(1, 1, product_one)

/// The last columns, fewer than a vector.
static void product_rest(long m, long n, long k, const float *a, long ar, long as, const float *b, long ldb, float *c,
                         long ldc, int adding) {
    for (long i = 0; i < m; i++)
        for (long j = 0; j < n; j++) {
            float sum = adding ? c[i * ldc + j] : 0.0f;
            for (long t = 0; t < k; t++) sum += a[i * ar + t * as] * b[t * ldb + j];
            c[i * ldc + j] = sum;
        }
}

/// Steps taken at a time: with 64 columns, this much of b stays in the first caches.
enum { CK_STEPS = 256 };

static void product(long m, long n, long k, const float *a, long ar, long as, const float *b, long ldb, float *c,
                    long ldc, int adding) {
    for (long t = 0; t < k; t += CK_STEPS) {
        const long steps = k - t < CK_STEPS ? k - t : CK_STEPS;
        const float *at = a + t * as, *bt = b + t * ldb;
        long j = 0;
        for (; j + 16 * CK_NV <= n; j += 16 * CK_NV) {
            long i = 0;
            for (; i + CK_MR <= m; i += CK_MR)
                product_many(steps, at + i * ar, ar, as, bt + j, ldb, c + i * ldc + j, ldc, adding);
            for (; i < m; i++) product_row(steps, at + i * ar, ar, as, bt + j, ldb, c + i * ldc + j, ldc, adding);
        }
        for (; j + 16 <= n; j += 16) {
            long i = 0;
            for (; i + CK_MR <= m; i += CK_MR)
                product_column(steps, at + i * ar, ar, as, bt + j, ldb, c + i * ldc + j, ldc, adding);
            for (; i < m; i++) product_one(steps, at + i * ar, ar, as, bt + j, ldb, c + i * ldc + j, ldc, adding);
        }
        if (j < n) product_rest(m, n - j, steps, at, ar, as, bt + j, ldb, c + j, ldc, adding);
        adding = 1;
    }
}

static void rmsnorm_backward(long rows, long columns, float epsilon, float shift, const float *x,
                             const float *weight, const float *dy, float *dx, float *dweight) {
    for (long i = 0; i < rows; i++) {
        const float *xi = x + i * columns, *dyi = dy + i * columns;
        float *dxi = dx + i * columns;
        v16 squares = splat16(0.0f), products = splat16(0.0f);
        long j = 0;
        for (; j + 16 <= columns; j += 16) {
            v16 xv = load16(xi + j);
            squares += xv * xv;
            products += xv * load16(dyi + j) * (load16(weight + j) + splat16(shift));
        }
        float square = sum16(squares), product = sum16(products);
        for (; j < columns; j++) {
            square += xi[j] * xi[j];
            product += xi[j] * dyi[j] * (weight[j] + shift);
        }
        float inverse = 1.0f / sqrtf(square / (float)columns + epsilon);
        float pull = product * inverse * inverse * inverse / (float)columns;
        for (j = 0; j < columns; j++) {
            dweight[j] += dyi[j] * xi[j] * inverse;
            dxi[j] += inverse * dyi[j] * (weight[j] + shift) - pull * xi[j];
        }
    }
}

static void silu_mul_backward(long count, const float *dm, float *gate, float *up, float *m) {
    for (long i = 0; i < count; i++) {
        float g = gate[i], u = up[i], d = dm[i];
        float s = 1.0f / (1.0f + fast_exp(-g));
        float silu = g * s;
        m[i] = silu * u;
        up[i] = d * silu;
        gate[i] = d * u * s * (1.0f + g - silu);
    }
}

/// gelu as gelu16 of rows_impl.h: g · s, s = sigmoid(g (a + b g²)), whose slope is s + g s (1 - s) (a + 3 b g²).
static void gelu_mul_backward(long count, const float *dm, float *gate, float *up, float *m) {
    const float a = 1.5957691216f, b = 0.0713548128f;
    for (long i = 0; i < count; i++) {
        float g = gate[i], u = up[i], d = dm[i];
        float s = 1.0f / (1.0f + fast_exp(-g * (a + b * g * g)));
        float gelu = g * s;
        m[i] = gelu * u;
        up[i] = d * gelu;
        gate[i] = d * u * (s + gelu * (1.0f - s) * (a + 3.0f * b * g * g));
    }
}

static void rope_backward(long heads, long head_dim, const float *cosine, const float *sine, float *dx) {
    long half = head_dim / 2;
    for (long h = 0; h < heads; h++) {
        float *low = dx + h * head_dim, *high = low + half;
        for (long j = 0; j < half; j++) {
            float a = low[j], b = high[j];
            low[j] = a * cosine[j] + b * sine[j];
            high[j] = b * cosine[j] - a * sine[j];
        }
    }
}

static void causal_softmax(long rows, long stride, long first, long window, float scale, float *scores) {
    for (long i = 0; i < rows; i++) {
        const long unseen = first + i > window ? first + i - window : 0;
        float *row = scores + i * stride + unseen;
        long valid = first + i - unseen;
        float top = row_maximum(row, valid);
        for (long j = 0; j < valid; j++) row[j] = fast_exp((row[j] - top) * scale);
        v16 sums = splat16(0.0f);
        long j = 0;
        for (; j + 16 <= valid; j += 16) sums += load16(row + j);
        float sum = sum16(sums);
        for (; j < valid; j++) sum += row[j];
        float inverse = 1.0f / sum;
        for (j = 0; j < valid; j++) row[j] *= inverse;
        for (j = valid; j < first + rows - 1 - unseen; j++) row[j] = 0;
        for (j = 0; j < unseen; j++) scores[i * stride + j] = 0;
    }
}

static void softmax_backward(long rows, long stride, long first, long window, float scale, const float *p, float *dp) {
    for (long i = 0; i < rows; i++) {
        const long unseen = first + i > window ? first + i - window : 0;
        const float *pi = p + i * stride + unseen;
        float *di = dp + i * stride + unseen;
        long valid = first + i - unseen;
        v16 sums = splat16(0.0f);
        long j = 0;
        for (; j + 16 <= valid; j += 16) sums += load16(pi + j) * load16(di + j);
        float sum = sum16(sums);
        for (; j < valid; j++) sum += pi[j] * di[j];
        for (j = 0; j < valid; j++) di[j] = scale * pi[j] * (di[j] - sum);
        for (j = valid; j < first + rows - 1 - unseen; j++) di[j] = 0;
        for (j = 0; j < unseen; j++) dp[i * stride + j] = 0;
    }
}

static void logits_backward(long count, float temperature, ck_log_sum sum, float total, float entropy,
                                  float dentropy, float *logits) {
    float inverse = 1.0f / temperature;
    for (long j = 0; j < count; j++) {
        float logp = (logits[j] - sum.top) * inverse - sum.rest;
        float p = fast_exp(logp);
        logits[j] = -inverse * p * (total + dentropy * (logp + entropy));
    }
}

static void scatter_add(long rows, long columns, long stride, const int *ids, const float *dx, float *dtable) {
    for (long i = 0; i < rows; i++) {
        const float *from = dx + i * stride;
        float *to = dtable + (long)ids[i] * stride;
        for (long j = 0; j < columns; j++) to[j] += from[j];
    }
}

static void column_sums(long rows, long columns, const float *dy, float *sums) {
    for (long i = 0; i < rows; i++)
        for (long j = 0; j < columns; j++) sums[j] += dy[i * columns + j];
}

static void add(long count, const float *from, float *to) {
    for (long j = 0; j < count; j++) to[j] += from[j];
}

static void scale(long count, float factor, float *values) {
    for (long j = 0; j < count; j++) values[j] *= factor;
}

static double sum_of_squares(long count, const float *values) {
    wide sums = {0};
    long j = 0;
    for (; j + WIDE <= count; j += WIDE) {
        wide v;
        for (int k = 0; k < WIDE; k++) v[k] = (double)values[j + k];
        sums += v * v;
    }
    double sum = 0;
    for (int k = 0; k < WIDE; k++) sum += sums[k];
    for (; j < count; j++) sum += (double)values[j] * (double)values[j];
    return sum;
}

static void adamw(long count, float keep, float forget1, float beta2, float forget2, float step, float root,
                        float epsilon, const float *gradient, float *weight, float *mean, float *square) {
    for (long j = 0; j < count; j++) {
        float g = gradient[j];
        float m = mean[j] + forget1 * (g - mean[j]);
        float v = square[j] * beta2 + forget2 * g * g;
        mean[j] = m;
        square[j] = v;
        weight[j] = weight[j] * keep - step * (m / (sqrtf(v) / root + epsilon));
    }
}

#define CK_BACKWARD_TABLE                                                                              \
    {product, rmsnorm_backward, silu_mul_backward, gelu_mul_backward, rope_backward, causal_softmax, \
     softmax_backward, logits_backward, scatter_add, column_sums, add, scale, sum_of_squares, adamw}
