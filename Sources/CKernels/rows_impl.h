// Work on single rows: norms, rotations, activations, log-softmax. What is summed is summed in an order fixed by the
// row's length.

/// out = x · (w + shift) / sqrt(mean(x²) + epsilon); returns the reciprocal root.
static float rms_norm(const float *x, const float *w, long n, float epsilon, float shift, float *out) {
    v16 sum = splat16(0.0f);
    long i = 0;
    for (; i + 16 <= n; i += 16) {
        v16 v = load16(x + i);
        sum += v * v;
    }
    if (i < n) {
        v16 v = load_part(x + i, n - i, 0.0f);
        sum += v * v;
    }
    const float scale = 1.0f / __builtin_sqrtf(sum16(sum) / (float)n + epsilon);
    for (i = 0; i + 16 <= n; i += 16)
        store16(out + i, load16(x + i) * splat16(scale) * (load16(w + i) + splat16(shift)));
    for (; i < n; i++) out[i] = x[i] * scale * (w[i] + shift);
    return scale;
}

/// Rotates `heads` heads in place by half-split pairs (d, d + headDim/2); cosine, sine: [headDim / 2] of the position.
static void rope(float *x, long heads, long head_dim, const float *cosine, const float *sine) {
    const long half = head_dim / 2;
    for (long h = 0; h < heads; h++) {
        float *a = x + h * head_dim, *b = a + half;
        for (long d = 0; d < half; d++) {
            const float u = a[d], v = b[d];
            a[d] = u * cosine[d] - v * sine[d];
            b[d] = v * cosine[d] + u * sine[d];
        }
    }
}

/// gate = silu(gate) · up.
static void silu_multiply(float *gate, const float *up, long n) {
    long i = 0;
    for (; i + 16 <= n; i += 16) {
        v16 g = load16(gate + i);
        v16 e = exp16(-g);
        store16(gate + i, g / (splat16(1.0f) + e) * load16(up + i));
    }
    if (i < n) {
        v16 g = load_part(gate + i, n - i, 0.0f), u = load_part(up + i, n - i, 0.0f);
        v16 r = g / (splat16(1.0f) + exp16(-g)) * u;
        memcpy(gate + i, &r, (size_t)(n - i) * sizeof(float));
    }
}

/// gelu(g) = g / 2 · (1 + tanh(√(2/π) (g + 0.044715 g³))), which is g · sigmoid(2 √(2/π) (g + 0.044715 g³)).
CK_INLINE v16 gelu16(v16 g) {
    const v16 twice = g * (splat16(1.5957691216f) + splat16(0.0713548128f) * g * g);
    return g / (splat16(1.0f) + exp16(-twice));
}

/// gate = gelu(gate) · up.
static void gelu_multiply(float *gate, const float *up, long n) {
    long i = 0;
    for (; i + 16 <= n; i += 16) store16(gate + i, gelu16(load16(gate + i)) * load16(up + i));
    if (i < n) {
        v16 r = gelu16(load_part(gate + i, n - i, 0.0f)) * load_part(up + i, n - i, 0.0f);
        memcpy(gate + i, &r, (size_t)(n - i) * sizeof(float));
    }
}

/// The largest of a row, and log Σ exp((x - top) · inverse), `inverse` being 1 / temperature. The largest entries,
/// whose exponential is 1, are counted and not added: where one token has nearly all the probability, what is left of
/// the sum is all there is to know of it, and 1 + that would round most of it away.
static ck_log_sum log_sum_exp(const float *x, long n, float inverse) {
    v16 most = splat16(-__builtin_inff());
    long i = 0;
    for (; i + 16 <= n; i += 16) {
        v16 v = load16(x + i);
        most = select16(v > most, v, most);
    }
    if (i < n) {
        v16 v = load_part(x + i, n - i, -__builtin_inff());
        most = select16(v > most, v, most);
    }
    const float top = max16(most);
    v16 others = splat16(0.0f);
    i16 tops = {0};
    for (i = 0; i < n; i += 16) {
        v16 gap = (i + 16 <= n ? load16(x + i) : load_part(x + i, n - i, -__builtin_inff())) - splat16(top);
        i16 is_top = gap == splat16(0.0f);
        others += select16(is_top, splat16(0.0f), exp16(gap * splat16(inverse)));
        tops -= is_top;
    }
    int count = 0;
    for (int j = 0; j < 16; j++) count += tops[j];
    return (ck_log_sum){top, (float)log1p((double)(count - 1) + (double)sum16(others))};
}

/// Entropy in nats of softmax(x · inverse) given its log-sum. Masked logits (-infinity) count nothing.
static float entropy(const float *x, long n, float inverse, ck_log_sum sum) {
    const v16 least = splat16(-100.0f);
    v16 total = splat16(0.0f);
    long i = 0;
    for (; i + 16 <= n; i += 16) {
        v16 l = (load16(x + i) - splat16(sum.top)) * splat16(inverse) - splat16(sum.rest);
        total += exp16(l) * select16(l > least, l, least);
    }
    float rest = 0.0f;
    if (i < n) {
        v16 l = (load_part(x + i, n - i, 0.0f) - splat16(sum.top)) * splat16(inverse) - splat16(sum.rest);
        v16 e = exp16(l) * select16(l > least, l, least);
        for (long j = 0; j < n - i; j++) rest += e[j];
    }
    return -(sum16(total) + rest);
}

/// out = softmax(x · inverse) given its log-sum.
static void softmax(const float *x, long n, float inverse, ck_log_sum sum, float *out) {
    long i = 0;
    for (; i + 16 <= n; i += 16)
        store16(out + i, exp16((load16(x + i) - splat16(sum.top)) * splat16(inverse) - splat16(sum.rest)));
    if (i < n) {
        v16 e = exp16((load_part(x + i, n - i, 0.0f) - splat16(sum.top)) * splat16(inverse) - splat16(sum.rest));
        memcpy(out + i, &e, (size_t)(n - i) * sizeof(float));
    }
}

/// Where the first infinity or NaN stands; -1 where there is none. x - x is 0 for a finite x and NaN for any other.
static long first_not_finite(const float *x, long n) {
    v16 gaps = splat16(0.0f);
    long i = 0;
    for (; i + 16 <= n; i += 16) {
        v16 v = load16(x + i);
        gaps += v - v;
    }
    float rest = sum16(gaps);
    for (; i < n; i++) rest += x[i] - x[i];
    if (rest == 0.0f) return -1;
    for (i = 0; i < n; i++)
        if (!(x[i] - x[i] == 0.0f)) return i;
    return -1;
}

/// 2 · 16 · 16 · n floating-point operations in registers: what the machine could do if nothing else were needed.
static float fma_chain(long n) {
    v16 acc[16];
    for (int i = 0; i < 16; i++) acc[i] = splat16((float)i + 2.0f);
    const v16 a = splat16(0.999f), b = splat16(0.001f);
    for (long t = 0; t < n; t++)
        for (int i = 0; i < 16; i++) acc[i] = acc[i] * a + b;
    for (int i = 1; i < 16; i++) acc[0] += acc[i];
    return sum16(acc[0]);
}

/// Reads n floats (a multiple of 64) once.
static float read_stream(const float *x, long n) {
    v16 acc[4] = {splat16(0.0f), splat16(0.0f), splat16(0.0f), splat16(0.0f)};
    for (long i = 0; i < n; i += 64)
        for (int j = 0; j < 4; j++) acc[j] += load16(x + i + 16 * j);
    return sum16(acc[0] + acc[1] + acc[2] + acc[3]);
}
