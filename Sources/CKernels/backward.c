// Kernels of the backward pass and the optimiser: plain loops and vector extensions, no intrinsics.
// Every reduction runs in an order fixed by its arguments, so results never depend on threads.
#include "CKernels.h"
#include <math.h>
#include <string.h>

#define CK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#define CK_INLINE static inline __attribute__((always_inline))

typedef float lanes __attribute__((vector_size(64), aligned(4)));
typedef double wide __attribute__((vector_size(64), aligned(8)));
enum { LANES = 16, WIDE = 8 };

CK_INLINE float lane_sum(const lanes *v) {
    float sum = 0;
    for (int i = 0; i < LANES; i++) sum += (*v)[i];
    return sum;
}

// e^x to about 2 ulp: x = n ln2 + r with |r| <= ln2 / 2, Taylor in r, exponent by integer arithmetic.
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
    lanes tops;
    for (int k = 0; k < LANES; k++) tops[k] = row[0];
    long j = 0;
    for (; j + LANES <= count; j += LANES) tops = __builtin_elementwise_max(tops, *(const lanes *)(row + j));
    float top = tops[0];
    for (int k = 1; k < LANES; k++) top = tops[k] > top ? tops[k] : top;
    for (; j < count; j++) top = row[j] > top ? row[j] : top;
    return top;
}

CK_CLONES void ck_rmsnorm_backward(long rows, long columns, float epsilon, const float *x, const float *weight,
                                   const float *dy, float *dx, float *dweight) {
    for (long i = 0; i < rows; i++) {
        const float *xi = x + i * columns, *dyi = dy + i * columns;
        float *dxi = dx + i * columns;
        lanes squares = {0}, products = {0};
        long j = 0;
        for (; j + LANES <= columns; j += LANES) {
            lanes xv = *(const lanes *)(xi + j);
            squares += xv * xv;
            products += xv * *(const lanes *)(dyi + j) * *(const lanes *)(weight + j);
        }
        float square = lane_sum(&squares), product = lane_sum(&products);
        for (; j < columns; j++) {
            square += xi[j] * xi[j];
            product += xi[j] * dyi[j] * weight[j];
        }
        float inverse = 1.0f / sqrtf(square / (float)columns + epsilon);
        float pull = product * inverse * inverse * inverse / (float)columns;
        for (j = 0; j < columns; j++) {
            dweight[j] += dyi[j] * xi[j] * inverse;
            dxi[j] += inverse * dyi[j] * weight[j] - pull * xi[j];
        }
    }
}

CK_CLONES void ck_silu_mul_backward(long count, const float *dm, float *gate, float *up, float *m) {
    for (long i = 0; i < count; i++) {
        float g = gate[i], u = up[i], d = dm[i];
        float s = 1.0f / (1.0f + fast_exp(-g));
        float silu = g * s;
        m[i] = silu * u;
        up[i] = d * silu;
        gate[i] = d * u * s * (1.0f + g - silu);
    }
}

CK_CLONES void ck_rope_backward(long heads, long head_dim, const float *cosine, const float *sine, float *dx) {
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

CK_CLONES void ck_causal_softmax(long rows, long stride, long first, float scale, float *scores) {
    for (long i = 0; i < rows; i++) {
        float *row = scores + i * stride;
        long valid = first + i;
        float top = row_maximum(row, valid);
        for (long j = 0; j < valid; j++) row[j] = fast_exp((row[j] - top) * scale);
        lanes sums = {0};
        long j = 0;
        for (; j + LANES <= valid; j += LANES) sums += *(const lanes *)(row + j);
        float sum = lane_sum(&sums);
        for (; j < valid; j++) sum += row[j];
        float inverse = 1.0f / sum;
        for (j = 0; j < valid; j++) row[j] *= inverse;
        for (j = valid; j < first + rows - 1; j++) row[j] = 0;
    }
}

CK_CLONES void ck_softmax_backward(long rows, long stride, long first, float scale, const float *p, float *dp) {
    for (long i = 0; i < rows; i++) {
        const float *pi = p + i * stride;
        float *di = dp + i * stride;
        long valid = first + i;
        lanes sums = {0};
        long j = 0;
        for (; j + LANES <= valid; j += LANES) sums += *(const lanes *)(pi + j) * *(const lanes *)(di + j);
        float sum = lane_sum(&sums);
        for (; j < valid; j++) sum += pi[j] * di[j];
        for (j = 0; j < valid; j++) di[j] = scale * pi[j] * (di[j] - sum);
        for (j = valid; j < first + rows - 1; j++) di[j] = 0;
    }
}

CK_CLONES void ck_logits_backward(long count, float temperature, float log_sum, float total, float entropy,
                                  float dentropy, float *logits) {
    float inverse = 1.0f / temperature;
    for (long j = 0; j < count; j++) {
        float logp = logits[j] * inverse - log_sum;
        float p = fast_exp(logp);
        logits[j] = -inverse * p * (total + dentropy * (logp + entropy));
    }
}

CK_CLONES void ck_scatter_add(long rows, long columns, long stride, const int *ids, const float *dx, float *dtable) {
    for (long i = 0; i < rows; i++) {
        const float *from = dx + i * stride;
        float *to = dtable + (long)ids[i] * stride;
        for (long j = 0; j < columns; j++) to[j] += from[j];
    }
}

CK_CLONES void ck_column_sums(long rows, long columns, const float *dy, float *sums) {
    for (long i = 0; i < rows; i++)
        for (long j = 0; j < columns; j++) sums[j] += dy[i * columns + j];
}

CK_CLONES void ck_add(long count, const float *from, float *to) {
    for (long j = 0; j < count; j++) to[j] += from[j];
}

CK_CLONES void ck_scale(long count, float factor, float *values) {
    for (long j = 0; j < count; j++) values[j] *= factor;
}

CK_CLONES double ck_sum_of_squares(long count, const float *values) {
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

CK_CLONES void ck_adamw(long count, float keep, float forget1, float beta2, float forget2, float step, float root,
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
