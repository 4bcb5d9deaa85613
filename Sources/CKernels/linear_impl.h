// The linear layer. Each output is one dot product in the lanes of `v16` along k, then `sum16`: its bits depend
// on its own row of x and of w only, never on how many rows are computed together.

/// Rows of w dequantised at a time: with k = 576 they and the rows of x at hand stay in a 1 MB L2.
#define CK_PANEL 32

typedef struct {
    v16 low, high;
} pair16;

/// An fp16 at any address. Through a zeroed vector: a lone insert would wait for the register's last value.
CK_INLINE float half_at(const uint8_t *p) {
    f16x8 h = {0};
    memcpy(&h, p, 2);
    return __builtin_convertvector(h, v8)[0];
}

/// 32 weights of a q8_0 block: fp16 scale, 32 int8.
CK_INLINE pair16 block_q8_0(const uint8_t *b) {
    s8x16 low, high;
    memcpy(&low, b + 2, 16);
    memcpy(&high, b + 18, 16);
    const v16 scale = splat16(half_at(b));
    return (pair16){scale * __builtin_convertvector(low, v16), scale * __builtin_convertvector(high, v16)};
}

/// 32 weights of a q4_1 block: fp16 scale and minimum, low nibbles are elements 0..15, high ones 16..31.
CK_INLINE pair16 block_q4_1(const uint8_t *b) {
    u8x16 q;
    memcpy(&q, b + 4, 16);
    const v16 scale = splat16(half_at(b)), least = splat16(half_at(b + 2));
    return (pair16){scale * __builtin_convertvector(q & 15, v16) + least,
                    scale * __builtin_convertvector(q >> 4, v16) + least};
}

/// 32 weights of a q4_0 block: fp16 scale, nibbles minus 8 in the order of q4_1.
CK_INLINE pair16 block_q4_0(const uint8_t *b) {
    u8x16 q;
    memcpy(&q, b + 2, 16);
    const v16 scale = splat16(half_at(b)), eight = splat16(8.0f);
    return (pair16){scale * (__builtin_convertvector(q & 15, v16) - eight),
                    scale * (__builtin_convertvector(q >> 4, v16) - eight)};
}

#define CK_DEQUANTISE_BLOCKS(block, size)                 \
    for (long b = 0; b < k / 32; b++) {                   \
        const pair16 w = block(row + (size) * b);         \
        store16(out + 32 * b, w.low);                     \
        store16(out + 32 * b + 16, w.high);               \
    }

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
        CK_DEQUANTISE_BLOCKS(block_q8_0, 34)
        break;
    case CK_Q4_1:
        CK_DEQUANTISE_BLOCKS(block_q4_1, 20)
        break;
    case CK_Q4_0:
        CK_DEQUANTISE_BLOCKS(block_q4_0, 18)
        break;
    }
}

/// y[i][j] = x_i · w_j for MT rows of x and NT of w; k runs in whole lanes, then a zero-filled part.
#define CK_TILE(MT, NT, TILE)                                                                             \
    static void TILE(const float *x, long ldx, const float *w, long k, float *y, long ldy) { \
        const long ldw = k;                                                                               \
        v16 acc[MT][NT];                                                                                  \
        for (int i = 0; i < MT; i++)                                                                      \
            for (int j = 0; j < NT; j++) acc[i][j] = splat16(0.0f);                                       \
        long c = 0;                                                                                       \
        for (; c + 16 <= k; c += 16) {                                                                    \
            v16 b[NT];                                                                                    \
            for (int j = 0; j < NT; j++) b[j] = load16(w + j * ldw + c);                                  \
            for (int i = 0; i < MT; i++) {                                                                \
                v16 a = load16(x + i * ldx + c);                                                          \
                for (int j = 0; j < NT; j++) acc[i][j] += a * b[j];                                       \
            }                                                                                             \
        }                                                                                                 \
        if (c < k)                                                                                        \
            for (int i = 0; i < MT; i++) {                                                                \
                v16 a = load_part(x + i * ldx + c, k - c, 0.0f);                                          \
                for (int j = 0; j < NT; j++) acc[i][j] += a * load_part(w + j * ldw + c, k - c, 0.0f);    \
            }                                                                                             \
        if (MT == 4 && NT == 4) {                                                                         \
            float sums[16];                                                                               \
            store16(sums, sum16_of_16(&acc[0][0]));                                                       \
            for (int i = 0; i < MT; i++) memcpy(y + i * ldy, sums + 4 * i, 16);                           \
            return;                                                                                       \
        }                                                                                                 \
        for (int i = 0; i < MT; i++)                                                                      \
            for (int j = 0; j < NT; j++) y[i * ldy + j] = sum16(acc[i][j]);                               \
    }

CK_TILE(CK_MT, CK_NT, tile_many)
CK_TILE(1, CK_NT, tile_row)
CK_TILE(CK_MT, 1, tile_column)
CK_TILE(1, 1, tile_one)

/// One row of x against n rows of quantised w, four at a time, dequantised in registers: the same products and sums as
/// the tiles, without the way through memory.
#define CK_VECTOR(NAME, block, size)                                                              \
    static void NAME(const float *x, long k, const uint8_t *w, long row_bytes, long n, float *y) { \
        for (long j = 0; j < n; j += 4) {                                                         \
            const long rows = n - j < 4 ? n - j : 4;                                              \
            v16 acc[4] = {splat16(0.0f), splat16(0.0f), splat16(0.0f), splat16(0.0f)};            \
            for (long b = 0; b < k / 32; b++) {                                                   \
                const v16 low = load16(x + 32 * b), high = load16(x + 32 * b + 16);               \
                for (int i = 0; i < 4; i++) {                                                     \
                    __builtin_prefetch(w + (j + 16 + i) * row_bytes + (size) * b);                 \
                    const pair16 v = block(w + (j + (i < rows ? i : 0)) * row_bytes + (size) * b); \
                    acc[i] += low * v.low;                                                        \
                    acc[i] += high * v.high;                                                      \
                }                                                                                 \
            }                                                                                     \
            for (int i = 0; i < rows; i++) y[j + i] = sum16(acc[i]);                              \
        }                                                                                         \
    }

CK_VECTOR(vector_q8_0, block_q8_0, 34)
CK_VECTOR(vector_q4_1, block_q4_1, 20)
CK_VECTOR(vector_q4_0, block_q4_0, 18)

static void linear(const float *x, long m, long ldx, const void *w, int type, long k,
                                   long row_bytes, long n, float *y, long ldy, float *scratch) {
    if (m == 1 && type >= CK_Q8_0) {
        if (type == CK_Q8_0) vector_q8_0(x, k, w, row_bytes, n, y);
        if (type == CK_Q4_1) vector_q4_1(x, k, w, row_bytes, n, y);
        if (type == CK_Q4_0) vector_q4_0(x, k, w, row_bytes, n, y);
        return;
    }
    for (long p = 0; p < n; p += CK_PANEL) {
        const long rows = n - p < CK_PANEL ? n - p : CK_PANEL;
        const float *f = scratch;
        if (type == CK_F32)
            f = (const float *)w + p * k;
        else
            for (long j = 0; j < rows; j++)
                dequantise_row((const uint8_t *)w + (p + j) * row_bytes, type, k, scratch + j * k);
        const long whole = rows - rows % CK_NT;
        long i = 0;
        for (; i + CK_MT <= m; i += CK_MT) {
            const float *xi = x + i * ldx;
            float *yi = y + i * ldy + p;
            for (long j = 0; j < whole; j += CK_NT) tile_many(xi, ldx, f + j * k, k, yi + j, ldy);
            for (long j = whole; j < rows; j++) tile_column(xi, ldx, f + j * k, k, yi + j, ldy);
        }
        for (; i < m; i++) {
            const float *xi = x + i * ldx;
            float *yi = y + i * ldy + p;
            for (long j = 0; j < whole; j += CK_NT) tile_row(xi, ldx, f + j * k, k, yi + j, ldy);
            for (long j = whole; j < rows; j++) tile_one(xi, ldx, f + j * k, k, yi + j, ldy);
        }
    }
}
