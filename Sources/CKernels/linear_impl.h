// The linear layer. Each output is one dot product in the lanes of `v16` along k, then `sum16`: its bits depend
// on its own row of x and of w only, never on how many rows are computed together.

/// Rows of w dequantised at a time: with k = 576 they and the rows of x at hand stay in a 1 MB L2.
#define CK_PANEL 32

/// 32 weights of a q8_0 block: fp16 scale, 32 int8.
CK_INLINE void block_q8_0(const uint8_t *b, float *out) {
    _Float16 d;
    s8x16 low, high;
    memcpy(&d, b, 2);
    memcpy(&low, b + 2, 16);
    memcpy(&high, b + 18, 16);
    store16(out, splat16((float)d) * __builtin_convertvector(low, v16));
    store16(out + 16, splat16((float)d) * __builtin_convertvector(high, v16));
}

/// 32 weights of a q4_1 block: fp16 scale and minimum, low nibbles are elements 0..15, high ones 16..31.
CK_INLINE void block_q4_1(const uint8_t *b, float *out) {
    _Float16 d, m;
    u8x16 q;
    memcpy(&d, b, 2);
    memcpy(&m, b + 2, 2);
    memcpy(&q, b + 4, 16);
    store16(out, splat16((float)d) * __builtin_convertvector(q & 15, v16) + splat16((float)m));
    store16(out + 16, splat16((float)d) * __builtin_convertvector(q >> 4, v16) + splat16((float)m));
}

/// 32 weights of a q4_0 block: fp16 scale, nibbles minus 8 in the order of q4_1.
CK_INLINE void block_q4_0(const uint8_t *b, float *out) {
    _Float16 d;
    u8x16 q;
    memcpy(&d, b, 2);
    memcpy(&q, b + 2, 16);
    store16(out, splat16((float)d) * (__builtin_convertvector(q & 15, v16) - splat16(8.0f)));
    store16(out + 16, splat16((float)d) * (__builtin_convertvector(q >> 4, v16) - splat16(8.0f)));
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
        for (long b = 0; b < k / 32; b++) block_q8_0(row + 34 * b, out + 32 * b);
        break;
    case CK_Q4_1:
        for (long b = 0; b < k / 32; b++) block_q4_1(row + 20 * b, out + 32 * b);
        break;
    case CK_Q4_0:
        for (long b = 0; b < k / 32; b++) block_q4_0(row + 18 * b, out + 32 * b);
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

static void linear(const float *x, long m, long ldx, const void *w, int type, long k,
                                   long row_bytes, long n, float *y, long ldy, float *scratch) {
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
