// Sixteen f32 lanes by the compiler's vector extension: the same source, and the same order of additions,
// for AVX-512, AVX2 and the baseline. What is summed is summed lane by lane and then in the tree of `sum16`,
// so that a result never depends on what else was computed beside it.
#ifndef CK_SIMD_H
#define CK_SIMD_H

#include <stdint.h>
#include <string.h>

// Every helper is inlined, so no vector crosses a call: the ABI the warning is about is never used.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float v16 __attribute__((vector_size(64)));
typedef int32_t i16 __attribute__((vector_size(64)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));
typedef int8_t s8x16 __attribute__((vector_size(16)));
typedef uint16_t u16x16 __attribute__((vector_size(32)));
typedef uint32_t u32x16 __attribute__((vector_size(64)));
typedef _Float16 f16x16 __attribute__((vector_size(32)));

#define CK_INLINE static inline __attribute__((always_inline))

CK_INLINE v16 load16(const float *p) {
    v16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

CK_INLINE void store16(float *p, v16 v) { memcpy(p, &v, sizeof v); }

CK_INLINE v16 splat16(float x) {
    return (v16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

/// The first n (0..15) lanes from p, the others `fill`.
CK_INLINE v16 load_part(const float *p, long n, float fill) {
    v16 v = splat16(fill);
    memcpy(&v, p, (size_t)n * sizeof(float));
    return v;
}

CK_INLINE float sum16(v16 v) {
    float e[16];
    memcpy(e, &v, sizeof e);
    float a[8];
    for (int i = 0; i < 8; i++) a[i] = e[i] + e[i + 8];
    for (int i = 0; i < 4; i++) a[i] += a[i + 4];
    return (a[0] + a[2]) + (a[1] + a[3]);
}

CK_INLINE float max16(v16 v) {
    float m = v[0];
    for (int i = 1; i < 16; i++) m = v[i] > m ? v[i] : m;
    return m;
}

CK_INLINE v16 select16(i16 mask, v16 yes, v16 no) {
    return (v16)((mask & (i16)yes) | (~mask & (i16)no));
}

/// e^x to about 2 units in the last place; 0 below -87.3 (also for -infinity). Range reduction by ln 2 and
/// a polynomial of degree 6 (coefficients: minimax on [-ln2/2, ln2/2], Cephes expf).
CK_INLINE v16 exp16(v16 x) {
    i16 live = x > splat16(-87.3f);
    x = select16(live, x, splat16(0.0f));
    x = select16(x < splat16(88.0f), x, splat16(88.0f));
    const v16 magic = splat16(12582912.0f);
    v16 n = (x * splat16(1.44269504088896341f) + magic) - magic;
    v16 r = x - n * splat16(0.693359375f);
    r = r - n * splat16(-2.12194440e-4f);
    v16 p = splat16(1.9875691500e-4f);
    p = p * r + splat16(1.3981999507e-3f);
    p = p * r + splat16(8.3334519073e-3f);
    p = p * r + splat16(4.1665795894e-2f);
    p = p * r + splat16(1.6666665459e-1f);
    p = p * r + splat16(5.0000001201e-1f);
    p = p * (r * r) + r + splat16(1.0f);
    i16 bits = (__builtin_convertvector(n, i16) + 127) << 23;
    return select16(live, p * (v16)bits, splat16(0.0f));
}

#endif
