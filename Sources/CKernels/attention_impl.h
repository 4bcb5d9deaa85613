// Attention of query rows over a path of cached positions. A position's key lies in a page of sixteen:
// [headDim][16] (one lane a position), its value in [16][headDim]. Scores are laid out by logical position and every
// sum runs in that order, from the first position that a row sees, so that the bits do not depend on how the path is
// cut into pages or shared by others.

/// Queries scored together: each page of keys is read once for all of them.
#define CK_QUERIES 4

/// A page's part in the scores of one block of queries: its keys, and the lanes lane ..< lane + count at position t.
typedef struct {
    const float *keys;
    long lane, count, t;
} key_page;

/// scores[q][t + i] = scale · q · key for the lanes of some pages at once, `pages` and `queries` being constants.
CK_INLINE void pages_scores(const float *const *q, int queries, const key_page *page, int pages, long head_dim,
                            float scale, float *const *scores) {
    v16 acc[CK_PAGES][CK_QUERIES];
    CK_UNROLLED for (int r = 0; r < pages; r++)
        CK_UNROLLED for (int i = 0; i < queries; i++) acc[r][i] = splat16(0.0f);
    for (long d = 0; d < head_dim; d++) {
        v16 k[CK_PAGES];
        CK_UNROLLED for (int r = 0; r < pages; r++) k[r] = load16(page[r].keys + 16 * d);
        CK_UNROLLED for (int i = 0; i < queries; i++) {
            const v16 x = splat16(q[i][d]);
            CK_UNROLLED for (int r = 0; r < pages; r++) acc[r][i] += x * k[r];
        }
    }
    CK_UNROLLED for (int r = 0; r < pages; r++)
        CK_UNROLLED for (int i = 0; i < queries; i++) {
            const v16 s = acc[r][i] * splat16(scale);
            if (page[r].lane == 0) {
                store16(scores[i] + page[r].t, s);
            } else {
                float lanes[16];
                store16(lanes, s);
                memcpy(scores[i] + page[r].t, lanes + page[r].lane, (size_t)page[r].count * sizeof(float));
            }
        }
}

/// The scores of all pages of a path, CK_PAGES at a time: their sums wait for one another's products.
CK_INLINE void path_scores(const ck_run *runs, long t, long longest, const float *const *q, int queries,
                           long head_dim, long key_offset, float scale, float *const *scores) {
    while (t < longest) {
        key_page page[CK_PAGES];
        int pages = 0;
        for (; pages < CK_PAGES && t < longest; t += runs->count, runs++)
            page[pages++] = (key_page){runs->page + key_offset, runs->lane, runs->count, t};
        if (pages == CK_PAGES) pages_scores(q, queries, page, CK_PAGES, head_dim, scale, scores);
        else
            for (int r = 0; r < pages; r++) pages_scores(q, queries, page + r, 1, head_dim, scale, scores);
    }
}

/// scores[0..<n] becomes exp(score - max); returns the maximum and the sum. The tail of the last sixteen is zeroed.
CK_INLINE float softmax_row(float *scores, long n, float *maximum) {
    v16 top = splat16(-__builtin_inff());
    long t = 0;
    for (; t + 16 <= n; t += 16) {
        v16 s = load16(scores + t);
        top = select16(s > top, s, top);
    }
    if (t < n) {
        v16 s = load_part(scores + t, n - t, -__builtin_inff());
        store16(scores + t, s);
        top = select16(s > top, s, top);
    }
    const float m = max16(top);
    v16 sum = splat16(0.0f);
    for (t = 0; t < n; t += 16) {
        v16 e = exp16(load16(scores + t) - splat16(m));
        store16(scores + t, e);
        sum += e;
    }
    *maximum = m;
    return sum16(sum);
}

/// out[q][d] += p[q][i] · value for `count` lanes of one page, in the order of i; `wide` vectors of d at once, `wide`
/// and `queries` being constants.
CK_INLINE void page_values_wide(const float *const *p, int queries, const float *values, long head_dim, long count,
                                float *const *out, int wide) {
    v16 acc[CK_QUERIES][CK_WIDE];
    CK_UNROLLED for (int i = 0; i < queries; i++)
        CK_UNROLLED for (int j = 0; j < wide; j++) acc[i][j] = load16(out[i] + 16 * j);
    for (long t = 0; t < count; t++) {
        v16 v[CK_WIDE];
        CK_UNROLLED for (int j = 0; j < wide; j++) v[j] = load16(values + t * head_dim + 16 * j);
        CK_UNROLLED for (int i = 0; i < queries; i++) {
            const v16 w = splat16(p[i][t]);
            CK_UNROLLED for (int j = 0; j < wide; j++) acc[i][j] += w * v[j];
        }
    }
    CK_UNROLLED for (int i = 0; i < queries; i++)
        CK_UNROLLED for (int j = 0; j < wide; j++) store16(out[i] + 16 * j, acc[i][j]);
}

CK_INLINE void page_values(const float *const *p, int queries, const float *values, long head_dim, long count,
                           float *const *out) {
    float *to[CK_QUERIES];
    for (int i = 0; i < queries; i++) to[i] = out[i];
    long d = 0;
    for (; d + 16 * CK_WIDE <= head_dim; d += 16 * CK_WIDE) {
        page_values_wide(p, queries, values + d, head_dim, count, to, CK_WIDE);
        for (int i = 0; i < queries; i++) to[i] += 16 * CK_WIDE;
    }
    for (; d + 16 <= head_dim; d += 16) {
        page_values_wide(p, queries, values + d, head_dim, count, to, 1);
        for (int i = 0; i < queries; i++) to[i] += 16;
    }
    for (int i = 0; i < queries; i++)
        for (long e = d; e < head_dim; e++)
            for (long t = 0; t < count; t++) out[i][e] += p[i][t] * values[t * head_dim + e];
}

/// Query i sees the positions unseen[i] ..< visible[i] of a path.
typedef struct {
    long unseen[CK_QUERIES], visible[CK_QUERIES];
} sight;

/// out[q] += Σ p · value over a path whose position `t` is that of `runs`.
CK_INLINE void path_values(const ck_run *runs, long t, long longest, const sight *seen, const float *const *p,
                           int queries, long head_dim, long value_offset, float *const *out) {
    for (; t < longest; t += runs->count, runs++) {
        const float *values = runs->page + value_offset + runs->lane * head_dim;
        const float *here[CK_QUERIES];
        int whole = 1;
        for (int i = 0; i < queries; i++) {
            here[i] = p[i] + t;
            whole &= seen->unseen[i] <= t && seen->visible[i] >= t + runs->count;
        }
        if (whole) {
            page_values(here, queries, values, head_dim, runs->count, out);
            continue;
        }
        for (int i = 0; i < queries; i++) {
            const long skip = seen->unseen[i] > t ? seen->unseen[i] - t : 0, left = seen->visible[i] - t;
            const long end = left < runs->count ? left : runs->count;
            const float *rest = here[i] + skip;
            if (end > skip) page_values(&rest, 1, values + skip * head_dim, head_dim, end - skip, out + i);
        }
    }
}

CK_INLINE void attention_block(const ck_run *runs, const sight *seen, const float *const *q, int queries,
                               long head_dim, long key_offset, long value_offset, float scale, float *const *out,
                               float *lse, float *scratch, long stride) {
    float *scores[CK_QUERIES];
    const float *p[CK_QUERIES];
    long longest = 0, start = seen->visible[0], first = 0;
    for (int i = 0; i < queries; i++) {
        p[i] = scores[i] = scratch + i * stride;
        if (seen->unseen[i] < start) start = seen->unseen[i];
        if (seen->visible[i] > longest) longest = seen->visible[i];
        memset(out[i], 0, (size_t)head_dim * sizeof(float));
    }
    // Pages before all that is seen are passed over.
    while (first + runs->count <= start) first += runs++->count;
    path_scores(runs, first, longest, q, queries, head_dim, key_offset, scale, scores);
    float sums[CK_QUERIES];
    for (int i = 0; i < queries; i++) {
        float maximum;
        sums[i] = softmax_row(scores[i] + seen->unseen[i], seen->visible[i] - seen->unseen[i], &maximum);
        if (lse) lse[i] = maximum + __builtin_logf(sums[i]);
    }
    path_values(runs, first, longest, seen, p, queries, head_dim, value_offset, out);
    for (int i = 0; i < queries; i++) {
        const float share = 1.0f / sums[i];
        for (long d = 0; d < head_dim; d++) out[i][d] *= share;
    }
}

static void attention(const ck_run *runs, const long *visible, long window, long rows, long group, const float *q,
                      long ldq, long head_dim, long key_offset, long value_offset, float scale, float *out, long ldo,
                      float *lse, long ldlse, float *scratch, long stride) {
    const long total = rows * group;
    for (long first = 0; first < total; first += CK_QUERIES) {
        const float *queries[CK_QUERIES];
        float *outs[CK_QUERIES];
        sight seen;
        float sums[CK_QUERIES];
        const long n = total - first < CK_QUERIES ? total - first : CK_QUERIES;
        for (long i = 0; i < n; i++) {
            const long row = (first + i) / group, head = (first + i) % group;
            queries[i] = q + row * ldq + head * head_dim;
            outs[i] = out + row * ldo + head * head_dim;
            seen.visible[i] = visible[row];
            seen.unseen[i] = visible[row] > window ? visible[row] - window : 0;
        }
#define CK_BLOCK(N)                                                                                            \
    case N:                                                                                                    \
        attention_block(runs, &seen, queries, N, head_dim, key_offset, value_offset, scale, outs, lse ? sums : 0, \
                        scratch, stride);                                                                      \
        break;
        switch (n) {
            CK_BLOCK(1)
            CK_BLOCK(2)
            CK_BLOCK(3)
            CK_BLOCK(4)
        }
#undef CK_BLOCK
        if (lse)
            for (long i = 0; i < n; i++) lse[(first + i) / group * ldlse + (first + i) % group] = sums[i];
    }
}
