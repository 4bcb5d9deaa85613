// From small whole numbers and halves in memory to sixteen floats, by what each instruction set has: the same bits.

/// A register that the compiler may not look into: it would take apart what is cheaper whole.
#ifdef CK_AVX512
#define CK_WHOLE(v) __asm__("" : "+v"(v))
/// An address that the compiler may not know: it would make one load of two, and take that apart by shifts.
#define CK_APART(p) __asm__("" : "+r"(p))
#else
#define CK_WHOLE(v)
#endif

/// Four halves as f32, exactly: one load and one conversion, where a lone half would take four steps.
typedef struct {
    float at[4];
} floats4;

#ifdef CK_PLAIN_HALVES
/// Without the instruction: the magnitude's bits shifted into place are 2^112 too small, subnormal or not; infinities
/// and NaN get the exponent that they have in f32.
CK_INLINE floats4 halves4(const uint8_t *p) {
    u16x4 h;
    memcpy(&h, p, sizeof h);
    const u32x4 bits = __builtin_convertvector(h, u32x4), size = (bits & 0x7fff) << 13;
    const u32x4 odd = (u32x4)(size >= (0x7c00u << 13));
    const u32x4 number = (u32x4)((v4)size * 0x1p112f);
    const u32x4 all = (number & ~odd) | ((size | 0x7f800000u) & odd) | (bits & 0x8000) << 16;
    floats4 out;
    memcpy(out.at, &all, sizeof all);
    return out;
}

CK_INLINE v16 halves16(const uint8_t *p) {
    float out[16];
    for (int i = 0; i < 4; i++) memcpy(out + 4 * i, halves4(p + 8 * i).at, 16);
    return load16(out);
}
#else
CK_INLINE floats4 halves4(const uint8_t *p) {
    f16x4 h;
    memcpy(&h, p, sizeof h);
    v4 floats = __builtin_convertvector(h, v4);
    CK_WHOLE(floats);
    floats4 out;
    memcpy(out.at, &floats, sizeof floats);
    return out;
}

CK_INLINE v16 halves16(const uint8_t *p) {
    f16x16 h;
    memcpy(&h, p, sizeof h);
    return __builtin_convertvector(h, v16);
}
#endif

CK_INLINE u8x16 bytes16(const uint8_t *p) {
    u8x16 q;
    memcpy(&q, p, sizeof q);
    return q;
}

CK_INLINE u8x32 bytes32(const uint8_t *p) {
    u8x32 q;
    memcpy(&q, p, sizeof q);
    return q;
}

// A level is scale · (q - zero) + least, q of four or five bits. AVX-512 looks it up in a register of all sixteen
// levels (in two of five bits); the others compute it.
#ifdef CK_AVX512
typedef struct {
    v16 lower, upper;
} levels;

CK_INLINE levels levels_of(float scale, float zero, float least) {
    const v16 q = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const v16 s = splat16(scale), l = splat16(least);
    levels all = {s * (q - splat16(zero)) + l, s * (q + splat16(16.0f - zero)) + l};
    CK_WHOLE(all.lower);
    CK_WHOLE(all.upper);
    return all;
}

/// Sixteen bytes of two nibbles each.
typedef i16 nibbles;

CK_INLINE nibbles nibbles_of(u8x16 q) {
    i16 lanes = __builtin_convertvector(q, i16);
    CK_WHOLE(lanes);
    return lanes;
}

/// The levels of the lower nibbles, and of the upper ones.
CK_INLINE v16 low4(levels l, nibbles q) { return (v16)_mm512_permutexvar_ps((__m512i)q, (__m512)l.lower); }
CK_INLINE v16 high4(levels l, nibbles q) { return (v16)_mm512_permutexvar_ps((__m512i)(q >> 4), (__m512)l.lower); }

/// A fifth bit for each lane, in its bit 4; its other bits are anything.
typedef i16 bits16;

/// Bits first ..< first + 16 of 32 at p, and bit j of sixteen bytes.
CK_INLINE bits16 bits_at(const uint8_t *p, int first) {
    const i16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    int32_t bits;
    CK_APART(p);
    memcpy(&bits, p, 4);
    return (i16)_mm512_rorv_epi32(_mm512_set1_epi32(bits), (__m512i)((lane + (first + 28)) & 31));
}
CK_INLINE bits16 bits_of(nibbles q, int j) { return j < 4 ? q << (4 - j) : q >> (j - 4); }

/// The level at the lower four bits of q and that fifth bit.
CK_INLINE v16 level5(levels l, i16 q, bits16 fifth) {
    const __m512i index = _mm512_ternarylogic_epi32(_mm512_set1_epi32(16), (__m512i)fifth, (__m512i)q, 0xca);
    return (v16)_mm512_permutex2var_ps((__m512)l.lower, index, (__m512)l.upper);
}
CK_INLINE v16 low5(levels l, nibbles q, bits16 fifth) { return level5(l, q, fifth); }
CK_INLINE v16 high5(levels l, nibbles q, bits16 fifth) { return level5(l, q >> 4, fifth); }
#else
typedef struct {
    v16 scale, zero, least;
} levels;

CK_INLINE levels levels_of(float scale, float zero, float least) {
    return (levels){splat16(scale), splat16(zero), splat16(least)};
}

typedef u8x16 nibbles;

CK_INLINE nibbles nibbles_of(u8x16 q) { return q; }

CK_INLINE v16 level(levels l, u8x16 q) { return l.scale * (__builtin_convertvector(q, v16) - l.zero) + l.least; }
CK_INLINE v16 low4(levels l, nibbles q) { return level(l, q & 15); }
CK_INLINE v16 high4(levels l, nibbles q) { return level(l, q >> 4); }

/// 16 or 0 for each lane.
typedef u8x16 bits16;

CK_INLINE bits16 bits_at(const uint8_t *bits, int first) {
    const uint8_t *p = bits + first / 8;
    const u8x16 bit = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const u8x16 q = {p[0], p[0], p[0], p[0], p[0], p[0], p[0], p[0], p[1], p[1], p[1], p[1], p[1], p[1], p[1], p[1]};
    return (u8x16)((q & bit) == bit) & 16;
}
CK_INLINE bits16 bits_of(u8x16 q, int j) { return (j < 4 ? q << (4 - j) : q >> (j - 4)) & 16; }

CK_INLINE v16 low5(levels l, nibbles q, bits16 fifth) { return level(l, (q & 15) | fifth); }
CK_INLINE v16 high5(levels l, nibbles q, bits16 fifth) { return level(l, q >> 4 | fifth); }
#endif
