// All kernels once, for the instruction set of the including file.
#include "simd.h"

#include "linear_impl.h"

#include "attention_impl.h"

#include "rows_impl.h"

#define CK_TABLE {linear, dequantise_row, attention, rms_norm, rope, silu_multiply, log_sum_exp, entropy, softmax, fma_chain, read_stream}
