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
typedef float v8 __attribute__((vector_size(32)));
typedef float v4 __attribute__((vector_size(16)));
typedef float v2 __attribute__((vector_size(8)));
typedef int32_t i16 __attribute__((vector_size(64)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));
typedef int8_t s8x16 __attribute__((vector_size(16)));
typedef uint8_t u8x32 __attribute__((vector_size(32)));
typedef int8_t s8x32 __attribute__((vector_size(32)));
typedef uint16_t u16x16 __attribute__((vector_size(32)));
typedef uint16_t u16x4 __attribute__((vector_size(8)));
typedef uint32_t u32x16 __attribute__((vector_size(64)));
typedef uint32_t u32x4 __attribute__((vector_size(16)));
typedef _Float16 f16x16 __attribute__((vector_size(32)));
typedef _Float16 f16x4 __attribute__((vector_size(8)));

#define CK_UNROLLED _Pragma("clang loop unroll(full)")
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

/// Halves added to halves, four times.
CK_INLINE float sum16(v16 v) {
    v8 a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)
         + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
    v4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
    v2 c = __builtin_shufflevector(b, b, 0, 1) + __builtin_shufflevector(b, b, 2, 3);
    return c[0] + c[1];
}

/// sum16 of sixteen vectors at once, each in the very order of sum16, by halving pairs of vectors side by side.
CK_INLINE v16 sum16_of_16(const v16 *a) {
    v16 b[8], c[4], d[2];
    CK_UNROLLED for (int i = 0; i < 8; i++)
        b[i] = __builtin_shufflevector(a[2 * i], a[2 * i + 1], 0, 1, 2, 3, 4, 5, 6, 7,
                                       16, 17, 18, 19, 20, 21, 22, 23)
             + __builtin_shufflevector(a[2 * i], a[2 * i + 1], 8, 9, 10, 11, 12, 13, 14, 15,
                                       24, 25, 26, 27, 28, 29, 30, 31);
    CK_UNROLLED for (int i = 0; i < 4; i++)
        c[i] = __builtin_shufflevector(b[2 * i], b[2 * i + 1], 0, 1, 2, 3, 8, 9, 10, 11,
                                       16, 17, 18, 19, 24, 25, 26, 27)
             + __builtin_shufflevector(b[2 * i], b[2 * i + 1], 4, 5, 6, 7, 12, 13, 14, 15,
                                       20, 21, 22, 23, 28, 29, 30, 31);
    CK_UNROLLED for (int i = 0; i < 2; i++)
        d[i] = __builtin_shufflevector(c[2 * i], c[2 * i + 1], 0, 1, 4, 5, 8, 9, 12, 13,
                                       16, 17, 20, 21, 24, 25, 28, 29)
             + __builtin_shufflevector(c[2 * i], c[2 * i + 1], 2, 3, 6, 7, 10, 11, 14, 15,
                                       18, 19, 22, 23, 26, 27, 30, 31);
    return __builtin_shufflevector(d[0], d[1], 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
         + __builtin_shufflevector(d[0], d[1], 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
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
