// What stored weights mean: whole blocks in registers, which go to a sink: into a dot product, or to memory as f32.
// Layouts: ggml's `ggml-common.h`. Each product of scales and quants is exact in f32, so a weight is rounded at most
// once (where a minimum is added): the same bits on every instruction set, and those of the `gguf` package.

/// Where sixteen weights at a time go: `out`, or multiplied by those of x into `sum`. `keep` is a constant wherever a
/// sink is made, so that one of the two ways is all that is compiled.
typedef struct {
    int keep;
    float *out;
    const float *x;
    v16 sum;
} sink;

CK_INLINE void take(sink *to, long at, v16 w) {
    if (to->keep) store16(to->out + at, w);
    else to->sum += load16(to->x + at) * w;
}

/// No minimum: adding -0 changes nothing, not even a zero's sign.
#define CK_NONE -0.0f

CK_INLINE void block_f32(sink *to, const uint8_t *p) {
    v16 w;
    memcpy(&w, p, sizeof w);
    take(to, 0, w);
}

CK_INLINE void block_f16(sink *to, const uint8_t *p) { take(to, 0, halves16(p)); }

CK_INLINE void block_bf16(sink *to, const uint8_t *p) {
    u16x16 h;
    memcpy(&h, p, sizeof h);
    take(to, 0, (v16)(__builtin_convertvector(h, u32x16) << 16));
}

/// fp16 scale, 32 int8.
CK_INLINE void block_q8_0(sink *to, const uint8_t *p) {
    const v16 scale = splat16(halves4(p).at[0]);
    take(to, 0, scale * __builtin_convertvector((s8x16)bytes16(p + 2), v16));
    take(to, 16, scale * __builtin_convertvector((s8x16)bytes16(p + 18), v16));
}

/// fp16 scale and minimum, 16 bytes whose low nibbles are elements 0..15 and whose high ones are 16..31.
CK_INLINE void block_q4_1(sink *to, const uint8_t *p) {
    const floats4 head = halves4(p);
    const levels l = levels_of(head.at[0], 0, head.at[1]);
    const nibbles q = nibbles_of(bytes16(p + 4));
    take(to, 0, low4(l, q));
    take(to, 16, high4(l, q));
}

/// fp16 scale, nibbles in the order of q4_1, minus 8.
CK_INLINE void block_q4_0(sink *to, const uint8_t *p) {
    const levels l = levels_of(halves4(p).at[0], 8, CK_NONE);
    const nibbles q = nibbles_of(bytes16(p + 2));
    take(to, 0, low4(l, q));
    take(to, 16, high4(l, q));
}

/// fp16 scale, 32 fifth bits, nibbles in the order of q4_1, minus 16.
CK_INLINE void block_q5_0(sink *to, const uint8_t *p) {
    const levels l = levels_of(halves4(p).at[0], 16, CK_NONE);
    const nibbles q = nibbles_of(bytes16(p + 6));
    take(to, 0, low5(l, q, bits_at(p + 2, 0)));
    take(to, 16, high5(l, q, bits_at(p + 2, 16)));
}

/// fp16 scale and minimum, 32 fifth bits, nibbles in the order of q4_1.
CK_INLINE void block_q5_1(sink *to, const uint8_t *p) {
    const floats4 head = halves4(p);
    const levels l = levels_of(head.at[0], 0, head.at[1]);
    const nibbles q = nibbles_of(bytes16(p + 8));
    take(to, 0, low5(l, q, bits_at(p + 4, 0)));
    take(to, 16, high5(l, q, bits_at(p + 4, 16)));
}

/// Scales and negated minima of the eight parts of a q4_K or q5_K block: fp16 factors of both, then eight six-bit
/// numbers of both, packed: the first four of each in the low bits of bytes 0..3 and 4..7, of the others the low four
/// bits in bytes 8..11 and the high two in bytes 0..7.
typedef struct {
    float scale[8], least[8];
} scales_k;

CK_INLINE scales_k scales_of_k(const uint8_t *p) {
    uint32_t s[3];
    memcpy(s, p + 4, 12);
    const uint32_t packed[4] = {s[0] & 0x3f3f3f3f, (s[2] & 0x0f0f0f0f) | (s[0] >> 2 & 0x30303030), s[1] & 0x3f3f3f3f,
                                (s[2] >> 4 & 0x0f0f0f0f) | (s[1] >> 2 & 0x30303030)};
    u8x16 numbers;
    memcpy(&numbers, packed, 16);
    const floats4 head = halves4(p);
    const float d = head.at[0], m = -head.at[1];
    const v16 factors = {d, d, d, d, d, d, d, d, m, m, m, m, m, m, m, m};
    scales_k out;
    store16(out.scale, factors * __builtin_convertvector(numbers, v16));
    return out;
}

/// 256 weights in eight parts; parts 2i and 2i + 1 are the low and high nibbles of 32 bytes.
CK_INLINE void block_q4_k(sink *to, const uint8_t *p) {
    const scales_k s = scales_of_k(p);
    CK_UNROLLED for (int i = 0; i < 4; i++) {
        const nibbles left = nibbles_of(bytes16(p + 16 + 32 * i)), right = nibbles_of(bytes16(p + 32 + 32 * i));
        const levels low = levels_of(s.scale[2 * i], 0, s.least[2 * i]);
        const levels high = levels_of(s.scale[2 * i + 1], 0, s.least[2 * i + 1]);
        take(to, 64 * i, low4(low, left));
        take(to, 64 * i + 16, low4(low, right));
        take(to, 64 * i + 32, high4(high, left));
        take(to, 64 * i + 48, high4(high, right));
    }
}

/// q4_K with 32 bytes of fifth bits before the nibbles, bit j of each for part j.
CK_INLINE void block_q5_k(sink *to, const uint8_t *p) {
    const scales_k s = scales_of_k(p);
    const nibbles fifth[2] = {nibbles_of(bytes16(p + 16)), nibbles_of(bytes16(p + 32))};
    CK_UNROLLED for (int i = 0; i < 4; i++) {
        const nibbles left = nibbles_of(bytes16(p + 48 + 32 * i)), right = nibbles_of(bytes16(p + 64 + 32 * i));
        const levels low = levels_of(s.scale[2 * i], 0, s.least[2 * i]);
        const levels high = levels_of(s.scale[2 * i + 1], 0, s.least[2 * i + 1]);
        take(to, 64 * i, low5(low, left, bits_of(fifth[0], 2 * i)));
        take(to, 64 * i + 16, low5(low, right, bits_of(fifth[1], 2 * i)));
        take(to, 64 * i + 32, high5(high, left, bits_of(fifth[0], 2 * i + 1)));
        take(to, 64 * i + 48, high5(high, right, bits_of(fifth[1], 2 * i + 1)));
    }
}

/// 256 weights in two halves of four parts. A half has 64 bytes of nibbles and 32 of higher bits, two for each part;
/// behind both halves stand int8 scales of sixteen weights each and their fp16 factor. Minus 32.
CK_INLINE void block_q6_k(sink *to, const uint8_t *p) {
    float scale[16];
    store16(scale, splat16(halves4(p + 202).at[3]) * __builtin_convertvector((s8x16)bytes16(p + 192), v16));
    CK_UNROLLED for (int i = 0; i < 8; i++) {
        const int half = i / 4, part = i % 4;
        const u8x32 nibbles = bytes32(p + 64 * half + 32 * (part % 2)) >> (part / 2 * 4) & 15;
        const u8x32 above = bytes32(p + 128 + 32 * half) >> (2 * part) & 3;
        const s8x32 q = (s8x32)(nibbles | above << 4) - 32;
        s8x16 side[2];
        memcpy(side, &q, sizeof side);
        take(to, 32 * i, splat16(scale[2 * i]) * __builtin_convertvector(side[0], v16));
        take(to, 32 * i + 16, splat16(scale[2 * i + 1]) * __builtin_convertvector(side[1], v16));
    }
}

/// Every stored type: its name, the weights that a block function takes at once, and their bytes.
#define CK_EACH_TYPE(DO)   \
    DO(F32, f32, 16, 64)    \
    DO(F16, f16, 16, 32)    \
    DO(BF16, bf16, 16, 32)  \
    DO(Q8_0, q8_0, 32, 34)  \
    DO(Q4_1, q4_1, 32, 20)  \
    DO(Q4_0, q4_0, 32, 18)  \
    DO(Q5_0, q5_0, 32, 22)  \
    DO(Q5_1, q5_1, 32, 24)  \
    DO(Q4_K, q4_k, 256, 144) \
    DO(Q5_K, q5_k, 256, 176) \
    DO(Q6_K, q6_k, 256, 210)

/// name_row: one row of w as f32 into `out[k]`.
#define CK_ROW(CODE, name, UNIT, SIZE)                                            \
    static void name##_row(const uint8_t *row, long k, float *out) {              \
        for (long b = 0; b < k / (UNIT); b++) {                                   \
            sink to = {.keep = 1, .out = out + (UNIT) * b};                       \
            block_##name(&to, row + (SIZE) * b);                                  \
        }                                                                         \
        if (k % (UNIT)) {                                                         \
            uint8_t last[SIZE] = {0};                                             \
            float floats[UNIT];                                                   \
            const long whole = k / (UNIT), rest = k % (UNIT);                     \
            memcpy(last, row + (SIZE) * whole, (size_t)((SIZE) / (UNIT) * rest)); \
            sink to = {.keep = 1, .out = floats};                                 \
            block_##name(&to, last);                                              \
            memcpy(out + (UNIT) * whole, floats, (size_t)rest * 4);               \
        }                                                                         \
    }
CK_EACH_TYPE(CK_ROW)

static void dequantise_row(const uint8_t *row, int type, long k, float *out) {
#define CK_CASE(CODE, name, UNIT, SIZE) \
    case CK_##CODE: name##_row(row, k, out); break;
    switch (type) { CK_EACH_TYPE(CK_CASE) }
#undef CK_CASE
}
