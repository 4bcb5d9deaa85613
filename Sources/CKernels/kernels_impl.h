// All kernels once, for the instruction set of the including file. It says how much its registers hold: CK_MT rows of x
// by CK_NT rows of w in a tile, CK_ROWS rows of w beside one row of x, CK_PAGES pages of keys beside four queries, and
// CK_WIDE vectors of a value.
#include "simd.h"
#include <math.h>

#include "levels_impl.h"

#include "blocks_impl.h"

#include "linear_impl.h"

#include "attention_impl.h"

#include "rows_impl.h"

#define CK_TABLE \
    {linear, dequantise_row, attention, rms_norm, rope, silu_multiply, gelu_multiply, log_sum_exp, \
     entropy, softmax, first_not_finite, fma_chain, read_stream}
