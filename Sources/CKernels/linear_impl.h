// The linear layer. Each output is one dot product in the lanes of `v16` along k, then `sum16`: its bits depend
// on its own row of x and of w only, never on how many rows are computed together.

/// y[i][j] = x_i · w_j for MT rows of x and NT of w; k runs in whole lanes, then a zero-filled part.
#define CK_TILE(MT, NT, TILE)                                                                            \
    static void TILE(const float *x, long ldx, const float *w, long k, float *y, long ldy) {             \
        const long ldw = k;                                                                              \
        v16 acc[MT][NT];                                                                                 \
        CK_UNROLLED for (int i = 0; i < MT; i++)                                                         \
            CK_UNROLLED for (int j = 0; j < NT; j++) acc[i][j] = splat16(0.0f);                          \
        long c = 0;                                                                                      \
        for (; c + 16 <= k; c += 16) {                                                                   \
            v16 b[NT];                                                                                   \
            CK_UNROLLED for (int j = 0; j < NT; j++) b[j] = load16(w + j * ldw + c);                     \
            CK_UNROLLED for (int i = 0; i < MT; i++) {                                                   \
                v16 a = load16(x + i * ldx + c);                                                         \
                CK_UNROLLED for (int j = 0; j < NT; j++) acc[i][j] += a * b[j];                          \
            }                                                                                            \
        }                                                                                                \
        if (c < k)                                                                                       \
            CK_UNROLLED for (int i = 0; i < MT; i++) {                                                   \
                v16 a = load_part(x + i * ldx + c, k - c, 0.0f);                                         \
                CK_UNROLLED for (int j = 0; j < NT; j++)                                                 \
                    acc[i][j] += a * load_part(w + j * ldw + c, k - c, 0.0f);                            \
            }                                                                                            \
        if (MT == 4 && NT == 4) {                                                                        \
            float sums[16];                                                                              \
            store16(sums, sum16_of_16(&acc[0][0]));                                                      \
            CK_UNROLLED for (int i = 0; i < MT; i++) memcpy(y + i * ldy, sums + 4 * i, 16);              \
            return;                                                                                      \
        }                                                                                                \
        CK_UNROLLED for (int i = 0; i < MT; i++)                                                         \
            CK_UNROLLED for (int j = 0; j < NT; j++) y[i * ldy + j] = sum16(acc[i][j]);                  \
    }

CK_TILE(CK_MT, CK_NT, tile_many)
CK_TILE(1, CK_NT, tile_row)
CK_TILE(CK_MT, 1, tile_column)
CK_TILE(1, 1, tile_one)

/// Bytes from the weights that one row of x meets to those that are fetched from memory.
#define CK_AHEAD 8192

CK_INLINE void fetch(const uint8_t *p, long bytes) {
    CK_UNROLLED for (long i = 0; i < bytes; i += 64) __builtin_prefetch(p + i);
}

/// Fetches some bytes, none of them beyond `end`; returns where to go on.
CK_INLINE const uint8_t *fetch_some(const uint8_t *next, long bytes, const uint8_t *end) {
    for (long i = 0; i < bytes && next < end; i += 64, next += 64) __builtin_prefetch(next);
    return next;
}

/// One row of x against n rows of w, CK_ROWS at a time, dequantised in registers: the same products and sums as the
/// tiles, without the way through memory.
#define CK_VECTOR(CODE, name, UNIT, SIZE)                                                                   \
    static void name##_vector(const float *x, long k, const uint8_t *w, long row_bytes, long n, float *y) { \
        const long blocks = k / (UNIT), rest = k % (UNIT);                                                  \
        const uint8_t *end = w + n * row_bytes;                                                             \
        float last_x[UNIT] = {0};                                                                           \
        if (rest) memcpy(last_x, x + (UNIT) * blocks, (size_t)rest * 4);                                    \
        fetch_some(w, CK_AHEAD, end);                                                                       \
        for (long j = 0; j < n; j += CK_ROWS) {                                                             \
            const long rows = n - j < CK_ROWS ? n - j : CK_ROWS;                                            \
            const uint8_t *row[CK_ROWS];                                                                    \
            sink to[CK_ROWS];                                                                               \
            CK_UNROLLED for (int i = 0; i < CK_ROWS; i++) {                                                 \
                row[i] = w + (j + (i < rows ? i : 0)) * row_bytes;                                          \
                to[i] = (sink){.keep = 0, .sum = splat16(0.0f)};                                            \
            }                                                                                               \
            const uint8_t *ahead = end - row[0] > CK_AHEAD ? row[0] + CK_AHEAD : row[0];                    \
            for (long b = 0; b < blocks; b++) {                                                             \
                fetch(ahead + CK_ROWS * (SIZE) * b, CK_ROWS * (SIZE));                                      \
                CK_UNROLLED for (int i = 0; i < CK_ROWS; i++) {                                             \
                    to[i].x = x + (UNIT) * b;                                                               \
                    block_##name(&to[i], row[i] + (SIZE) * b);                                              \
                }                                                                                           \
            }                                                                                               \
            if (rest)                                                                                       \
                CK_UNROLLED for (int i = 0; i < CK_ROWS; i++) {                                             \
                    uint8_t last[SIZE] = {0};                                                               \
                    memcpy(last, row[i] + (SIZE) * blocks, (size_t)((SIZE) / (UNIT) * rest));               \
                    to[i].x = last_x;                                                                       \
                    block_##name(&to[i], last);                                                             \
                }                                                                                           \
            for (int i = 0; i < rows; i++) y[j + i] = sum16(to[i].sum);                                     \
        }                                                                                                   \
    }
CK_EACH_TYPE(CK_VECTOR)

/// Many rows of x against n rows of w, CK_PANEL of which are f32 in the L1 cache at a time while all rows of x pass by.
/// What the next panel needs is fetched meanwhile.
static void panels(const float *x, long m, long ldx, const uint8_t *w, int type, long k, long row_bytes, long n,
                   float *y, long ldy, float *scratch) {
    const uint8_t *end = w + n * row_bytes;
    const long groups = (m + CK_MT - 1) / CK_MT, slice = (CK_PANEL * row_bytes / groups + 63) & ~63L;
    for (long p = 0; p < n; p += CK_PANEL) {
        const long rows = n - p < CK_PANEL ? n - p : CK_PANEL, whole = rows - rows % CK_NT;
        const uint8_t *stored = w + p * row_bytes, *next = stored + CK_PANEL * row_bytes;
        const float *f = scratch;
        if (type == CK_F32) f = (const float *)stored;
        else
            for (long j = 0; j < rows; j++) dequantise_row(stored + j * row_bytes, type, k, scratch + j * k);
        long i = 0;
        for (; i + CK_MT <= m; i += CK_MT) {
            const float *xi = x + i * ldx;
            float *yi = y + i * ldy + p;
            next = fetch_some(next, slice, end);
            for (long j = 0; j < whole; j += CK_NT) tile_many(xi, ldx, f + j * k, k, yi + j, ldy);
            for (long j = whole; j < rows; j++) tile_column(xi, ldx, f + j * k, k, yi + j, ldy);
        }
        for (; i < m; i++) {
            const float *xi = x + i * ldx;
            float *yi = y + i * ldy + p;
            next = fetch_some(next, slice, end);
            for (long j = 0; j < whole; j += CK_NT) tile_row(xi, ldx, f + j * k, k, yi + j, ldy);
            for (long j = whole; j < rows; j++) tile_one(xi, ldx, f + j * k, k, yi + j, ldy);
        }
    }
}

/// Floats of x that stay in an L2 cache of 1 MB beside everything else.
#define CK_NEAR 98304

static void linear(const float *x, long m, long ldx, const void *w, int type, long k, long row_bytes, long n, float *y,
                   long ldy, float *scratch) {
    if (m == 1) {
#define CK_CASE(CODE, name, UNIT, SIZE) \
    case CK_##CODE: name##_vector(x, k, w, row_bytes, n, y); return;
        switch (type) { CK_EACH_TYPE(CK_CASE) }
#undef CK_CASE
    }
    const long near = k < CK_NEAR / 16 ? CK_NEAR / (k > 0 ? k : 1) / CK_MT * CK_MT : 16;
    for (long i = 0; i < m; i += near)
        panels(x + i * ldx, m - i < near ? m - i : near, ldx, w, type, k, row_bytes, n, y + i * ldy, ldy, scratch);
}
