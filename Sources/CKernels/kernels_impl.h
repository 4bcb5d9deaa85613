// All kernels once, for the instruction set of the including file.
#include "simd.h"
#include <math.h>

#include "blocks_impl.h"

#include "linear_impl.h"

#include "attention_impl.h"

#include "rows_impl.h"

#define CK_TABLE \
    {linear, dequantise_row, attention, rms_norm, rope, silu_multiply, gelu_multiply, log_sum_exp, \
     entropy, softmax, first_not_finite, fma_chain, read_stream}
