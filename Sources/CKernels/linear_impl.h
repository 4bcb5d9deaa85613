// The linear layer. Each output is one dot product in the lanes of `v16` along k, then `sum16`: its bits depend
// on its own row of x and of w only, never on how many rows are computed together.

/// Rows of w dequantised at a time: with k = 576 they and the rows of x at hand stay in a 1 MB L2.
#define CK_PANEL 32

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
#define CK_VECTOR(NAME, block)                                                                    \
    static void NAME(const float *x, long k, const uint8_t *w, long row_bytes, long n, float *y) { \
        for (long j = 0; j < n; j += 4) {                                                         \
            const long rows = n - j < 4 ? n - j : 4;                                              \
            const long ahead = 16 * row_bytes, step = row_bytes / (k / 32);                       \
            v16 acc[4] = {splat16(0.0f), splat16(0.0f), splat16(0.0f), splat16(0.0f)};            \
            for (long b = 0; b < k / 32; b++) {                                                   \
                const v16 low = load16(x + 32 * b), high = load16(x + 32 * b + 16);               \
                for (int i = 0; i < 4; i++) {                                                     \
                    __builtin_prefetch(w + (j + i) * row_bytes + ahead + step * b);               \
                    const pair16 v = block(w + (j + (i < rows ? i : 0)) * row_bytes, b);          \
                    acc[i] += low * v.low;                                                        \
                    acc[i] += high * v.high;                                                      \
                }                                                                                 \
            }                                                                                     \
            for (int i = 0; i < rows; i++) y[j + i] = sum16(acc[i]);                              \
        }                                                                                         \
    }

CK_VECTOR(vector_q8_0, block_q8_0)
CK_VECTOR(vector_q4_1, block_q4_1)
CK_VECTOR(vector_q4_0, block_q4_0)
CK_VECTOR(vector_q5_0, block_q5_0)
CK_VECTOR(vector_q5_1, block_q5_1)
CK_VECTOR(vector_q4_k, block_q4_k)
CK_VECTOR(vector_q5_k, block_q5_k)
CK_VECTOR(vector_q6_k, block_q6_k)

static void linear(const float *x, long m, long ldx, const void *w, int type, long k,
                                   long row_bytes, long n, float *y, long ldy, float *scratch) {
    if (m == 1 && type >= CK_Q8_0) {
        switch (type) {
        case CK_Q8_0: return vector_q8_0(x, k, w, row_bytes, n, y);
        case CK_Q4_1: return vector_q4_1(x, k, w, row_bytes, n, y);
        case CK_Q4_0: return vector_q4_0(x, k, w, row_bytes, n, y);
        case CK_Q5_0: return vector_q5_0(x, k, w, row_bytes, n, y);
        case CK_Q5_1: return vector_q5_1(x, k, w, row_bytes, n, y);
        case CK_Q4_K: return vector_q4_k(x, k, w, row_bytes, n, y);
        case CK_Q5_K: return vector_q5_k(x, k, w, row_bytes, n, y);
        case CK_Q6_K: return vector_q6_k(x, k, w, row_bytes, n, y);
        }
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
