// Attention of query rows over a path of cached positions. A position's key lies in a page of sixteen:
// [headDim][16] (one lane a position), its value in [16][headDim]. Scores are laid out by logical position and every
// sum runs in that order, from the first position that a row sees, so that the bits do not depend on how the path is
// cut into pages or shared by others.

/// Queries scored together: each page of keys is read once for all of them.
#define CK_QUERIES 4

/// scores[q][t0 + i] = scale · q · key for the `count` lanes of one page that begin at `lane`.
CK_INLINE void page_scores(const float *const *q, long queries, const float *keys, long head_dim, long lane,
                           long count, float scale, float *const *scores, long t0) {
    v16 acc[CK_QUERIES];
    for (int i = 0; i < CK_QUERIES; i++) acc[i] = splat16(0.0f);
    if (queries == CK_QUERIES) {
        for (long d = 0; d < head_dim; d++) {
            v16 k = load16(keys + 16 * d);
            for (int i = 0; i < CK_QUERIES; i++) acc[i] += splat16(q[i][d]) * k;
        }
    } else {
        for (int i = 0; i < queries; i++)
            for (long d = 0; d < head_dim; d++) acc[i] += splat16(q[i][d]) * load16(keys + 16 * d);
    }
    for (int i = 0; i < queries; i++) {
        v16 s = acc[i] * splat16(scale);
        if (lane == 0) {
            store16(scores[i] + t0, s);
        } else {
            float lanes[16];
            store16(lanes, s);
            memcpy(scores[i] + t0, lanes + lane, (size_t)count * sizeof(float));
        }
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

/// out[q][d] += p[q][t0 + i] · value for the lanes of one page, in the order of i; `wide` vectors of d at once.
CK_INLINE void page_values_wide(const float *p, const float *values, long head_dim, long count, float *out, long wide) {
    v16 acc[4];
    for (int j = 0; j < wide; j++) acc[j] = load16(out + 16 * j);
    for (long t = 0; t < count; t++) {
        v16 w = splat16(p[t]);
        for (int j = 0; j < wide; j++) acc[j] += w * load16(values + t * head_dim + 16 * j);
    }
    for (int j = 0; j < wide; j++) store16(out + 16 * j, acc[j]);
}

CK_INLINE void page_values(const float *p, const float *values, long head_dim, long count, float *out) {
    long d = 0;
    for (; d + 64 <= head_dim; d += 64) page_values_wide(p, values + d, head_dim, count, out + d, 4);
    for (; d + 16 <= head_dim; d += 16) page_values_wide(p, values + d, head_dim, count, out + d, 1);
    for (; d < head_dim; d++)
        for (long t = 0; t < count; t++) out[d] += p[t] * values[t * head_dim + d];
}

static void attention_block(const ck_run *runs, const long *visible, long window, const float *const *q, long queries,
                            long head_dim, long key_offset, long value_offset, float scale, float *const *out,
                            float *lse, float *scratch, long stride) {
    float *scores[CK_QUERIES];
    const float *p[CK_QUERIES];
    // Query i sees the positions unseen[i] ..< visible[i]. Pages before all of those are passed over.
    long unseen[CK_QUERIES], longest = 0, start = visible[0], begin = 0;
    for (int i = 0; i < queries; i++) {
        p[i] = scores[i] = scratch + i * stride;
        unseen[i] = visible[i] > window ? visible[i] - window : 0;
        if (unseen[i] < start) start = unseen[i];
        if (visible[i] > longest) longest = visible[i];
        memset(out[i], 0, (size_t)head_dim * sizeof(float));
    }
    long first = 0;
    while (first + runs[begin].count <= start) first += runs[begin++].count;
    for (long t = first, r = begin; t < longest; t += runs[r].count, r++)
        page_scores(q, queries, runs[r].page + key_offset, head_dim, runs[r].lane, runs[r].count, scale, scores, t);
    float sums[CK_QUERIES];
    for (int i = 0; i < queries; i++) {
        float maximum;
        sums[i] = softmax_row(scores[i] + unseen[i], visible[i] - unseen[i], &maximum);
        if (lse) lse[i] = maximum + __builtin_logf(sums[i]);
    }
    for (long t = first, r = begin; t < longest; t += runs[r].count, r++) {
        const float *values = runs[r].page + value_offset + runs[r].lane * head_dim;
        for (int i = 0; i < queries; i++) {
            const long skip = unseen[i] > t ? unseen[i] - t : 0, left = visible[i] - t;
            const long end = left < runs[r].count ? left : runs[r].count;
            if (end > skip) page_values(p[i] + t + skip, values + skip * head_dim, head_dim, end - skip, out[i]);
        }
    }
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
        long seen[CK_QUERIES];
        float sums[CK_QUERIES];
        const long n = total - first < CK_QUERIES ? total - first : CK_QUERIES;
        for (long i = 0; i < n; i++) {
            const long row = (first + i) / group, head = (first + i) % group;
            queries[i] = q + row * ldq + head * head_dim;
            outs[i] = out + row * ldo + head * head_dim;
            seen[i] = visible[row];
        }
        attention_block(runs, seen, window, queries, n, head_dim, key_offset, value_offset, scale, outs,
                        lse ? sums : 0, scratch, stride);
        if (lse)
            for (long i = 0; i < n; i++) lse[(first + i) / group * ldlse + (first + i) % group] = sums[i];
    }
}
