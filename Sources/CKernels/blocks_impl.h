// What stored weights mean: thirty-two at a time in registers, or a row as f32. Layouts: ggml's `ggml-common.h`. Each
// product of scales and quants is exact in f32, so a weight is rounded at most once (where a minimum is added): the
// same bits on every instruction set, and those of the `gguf` package.

/// Thirty-two consecutive weights.
typedef struct {
    v16 low, high;
} pair16;

/// An fp16 at any address. Through a zeroed vector: a lone insert would wait for the register's last value.
CK_INLINE float half_at(const uint8_t *p) {
    f16x8 h = {0};
    memcpy(&h, p, 2);
    return __builtin_convertvector(h, v8)[0];
}

CK_INLINE u8x16 bytes_at(const uint8_t *p) {
    u8x16 q;
    memcpy(&q, p, sizeof q);
    return q;
}

/// Sixteen where bit (first + lane) of `bits` is set.
CK_INLINE i16 fifth_bits(uint32_t bits, int first) {
    const u32x16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return (i16)(((bits >> first) >> lane & 1) << 4);
}

/// q8_0: fp16 scale, 32 int8.
CK_INLINE pair16 block_q8_0(const uint8_t *row, long b) {
    const uint8_t *p = row + 34 * b;
    s8x16 low, high;
    memcpy(&low, p + 2, 16);
    memcpy(&high, p + 18, 16);
    const v16 scale = splat16(half_at(p));
    return (pair16){scale * __builtin_convertvector(low, v16), scale * __builtin_convertvector(high, v16)};
}

/// q4_1: fp16 scale and minimum, low nibbles are elements 0..15, high ones 16..31.
CK_INLINE pair16 block_q4_1(const uint8_t *row, long b) {
    const uint8_t *p = row + 20 * b;
    const u8x16 q = bytes_at(p + 4);
    const v16 scale = splat16(half_at(p)), least = splat16(half_at(p + 2));
    return (pair16){scale * __builtin_convertvector(q & 15, v16) + least,
                    scale * __builtin_convertvector(q >> 4, v16) + least};
}

/// q4_0: fp16 scale, nibbles minus 8 in the order of q4_1.
CK_INLINE pair16 block_q4_0(const uint8_t *row, long b) {
    const uint8_t *p = row + 18 * b;
    const u8x16 q = bytes_at(p + 2);
    const v16 scale = splat16(half_at(p)), eight = splat16(8.0f);
    return (pair16){scale * (__builtin_convertvector(q & 15, v16) - eight),
                    scale * (__builtin_convertvector(q >> 4, v16) - eight)};
}

/// q5_0: fp16 scale, 32 fifth bits, nibbles as q4_1; minus 16.
CK_INLINE pair16 block_q5_0(const uint8_t *row, long b) {
    const uint8_t *p = row + 22 * b;
    const u8x16 q = bytes_at(p + 6);
    uint32_t fifth;
    memcpy(&fifth, p + 2, 4);
    const v16 scale = splat16(half_at(p));
    const i16 low = (__builtin_convertvector(q & 15, i16) | fifth_bits(fifth, 0)) - 16;
    const i16 high = (__builtin_convertvector(q >> 4, i16) | fifth_bits(fifth, 16)) - 16;
    return (pair16){scale * __builtin_convertvector(low, v16), scale * __builtin_convertvector(high, v16)};
}

/// q5_1: fp16 scale and minimum, 32 fifth bits, nibbles as q4_1.
CK_INLINE pair16 block_q5_1(const uint8_t *row, long b) {
    const uint8_t *p = row + 24 * b;
    const u8x16 q = bytes_at(p + 8);
    uint32_t fifth;
    memcpy(&fifth, p + 4, 4);
    const v16 scale = splat16(half_at(p)), least = splat16(half_at(p + 2));
    const i16 low = __builtin_convertvector(q & 15, i16) | fifth_bits(fifth, 0);
    const i16 high = __builtin_convertvector(q >> 4, i16) | fifth_bits(fifth, 16);
    return (pair16){scale * __builtin_convertvector(low, v16) + least,
                    scale * __builtin_convertvector(high, v16) + least};
}

/// Scale and minimum of part j (0..7) of a q4_K or q5_K block: fp16 factors of both, then eight pairs of six bits.
typedef struct {
    v16 scale, least;
} scale_k;

CK_INLINE scale_k scale_of_k(const uint8_t *p, int j) {
    const uint8_t *s = p + 4;
    const int q = j < 4 ? s[j] & 63 : (s[j + 4] & 15) | (s[j - 4] >> 6) << 4;
    const int m = j < 4 ? s[j + 4] & 63 : s[j + 4] >> 4 | (s[j] >> 6) << 4;
    return (scale_k){splat16(half_at(p) * (float)q), splat16(half_at(p + 2) * (float)m)};
}

/// q4_K: 256 weights in eight parts; parts 2i and 2i + 1 are the low and high nibbles of 32 bytes.
CK_INLINE pair16 block_q4_k(const uint8_t *row, long b) {
    const uint8_t *p = row + 144 * (b / 8), *q = p + 16 + 32 * (b % 8 / 2);
    const int shift = b % 2 ? 4 : 0;
    const scale_k s = scale_of_k(p, (int)(b % 8));
    return (pair16){s.scale * __builtin_convertvector(bytes_at(q) >> shift & 15, v16) - s.least,
                    s.scale * __builtin_convertvector(bytes_at(q + 16) >> shift & 15, v16) - s.least};
}

/// q5_K: q4_K with 32 bytes of fifth bits, bit j of a byte for part j.
CK_INLINE pair16 block_q5_k(const uint8_t *row, long b) {
    const uint8_t *p = row + 176 * (b / 8), *q = p + 48 + 32 * (b % 8 / 2);
    const int shift = b % 2 ? 4 : 0, j = (int)(b % 8);
    const scale_k s = scale_of_k(p, j);
    const u8x16 low = (bytes_at(q) >> shift & 15) | (bytes_at(p + 16) >> j & 1) << 4;
    const u8x16 high = (bytes_at(q + 16) >> shift & 15) | (bytes_at(p + 32) >> j & 1) << 4;
    return (pair16){s.scale * __builtin_convertvector(low, v16) - s.least,
                    s.scale * __builtin_convertvector(high, v16) - s.least};
}

/// q6_K: 256 weights in two halves of four parts: 64 bytes of nibbles and 32 of pairs of higher bits a half, then int8
/// scales of sixteen weights each, then their fp16 factor; minus 32.
CK_INLINE pair16 block_q6_k(const uint8_t *row, long b) {
    const int half = (int)(b % 8 / 4), part = (int)(b % 4), shift = part / 2 * 4;
    const uint8_t *p = row + 210 * (b / 8), *q = p + 64 * half + 32 * (part % 2), *h = p + 128 + 32 * half;
    const int8_t *scales = (const int8_t *)p + 192 + 8 * half + 2 * part;
    const float factor = half_at(p + 208);
    const u8x16 low = (bytes_at(q) >> shift & 15) | (bytes_at(h) >> 2 * part & 3) << 4;
    const u8x16 high = (bytes_at(q + 16) >> shift & 15) | (bytes_at(h + 16) >> 2 * part & 3) << 4;
    return (pair16){splat16(factor * (float)scales[0]) * __builtin_convertvector((s8x16)low - 32, v16),
                    splat16(factor * (float)scales[1]) * __builtin_convertvector((s8x16)high - 32, v16)};
}

#define CK_DEQUANTISE_BLOCKS(block)                       \
    for (long b = 0; b < k / 32; b++) {                   \
        const pair16 w = block(row, b);                   \
        store16(out + 32 * b, w.low);                     \
        store16(out + 32 * b + 16, w.high);               \
    }                                                     \
    break;

/// One row of w, in any type, as f32 into `out[k]`.
static void dequantise_row(const uint8_t *row, int type, long k, float *out) {
    switch (type) {
    case CK_F32:
        memcpy(out, row, (size_t)k * 4);
        break;
    case CK_F16:
        for (long i = 0; i + 16 <= k; i += 16) {
            f16x16 h;
            memcpy(&h, row + 2 * i, sizeof h);
            store16(out + i, __builtin_convertvector(h, v16));
        }
        for (long i = k & ~15L; i < k; i++) {
            _Float16 h;
            memcpy(&h, row + 2 * i, 2);
            out[i] = (float)h;
        }
        break;
    case CK_BF16:
        for (long i = 0; i + 16 <= k; i += 16) {
            u16x16 h;
            memcpy(&h, row + 2 * i, sizeof h);
            store16(out + i, (v16)(__builtin_convertvector(h, u32x16) << 16));
        }
        for (long i = k & ~15L; i < k; i++) {
            uint16_t h;
            memcpy(&h, row + 2 * i, 2);
            uint32_t bits = (uint32_t)h << 16;
            memcpy(out + i, &bits, 4);
        }
        break;
    case CK_Q8_0:
        CK_DEQUANTISE_BLOCKS(block_q8_0)
    case CK_Q4_1:
        CK_DEQUANTISE_BLOCKS(block_q4_1)
    case CK_Q4_0:
        CK_DEQUANTISE_BLOCKS(block_q4_0)
    case CK_Q5_0:
        CK_DEQUANTISE_BLOCKS(block_q5_0)
    case CK_Q5_1:
        CK_DEQUANTISE_BLOCKS(block_q5_1)
    case CK_Q4_K:
        CK_DEQUANTISE_BLOCKS(block_q4_k)
    case CK_Q5_K:
        CK_DEQUANTISE_BLOCKS(block_q5_k)
    case CK_Q6_K:
        CK_DEQUANTISE_BLOCKS(block_q6_k)
    }
}
