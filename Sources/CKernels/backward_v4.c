// The backward kernels for AVX-512.
#include "backward_table.h"
#include <math.h>

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define CK_MR 6
#define CK_NV 4
#include "backward_impl.h"
const ck_backward_table ck_backward_v4 = CK_BACKWARD_TABLE;
#pragma clang attribute pop
#endif
