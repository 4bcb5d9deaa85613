// The backward kernels for AVX2 with FMA.
#include "backward_table.h"
#include <math.h>

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define CK_MR 2
#define CK_NV 2
#include "backward_impl.h"
const ck_backward_table ck_backward_v3 = CK_BACKWARD_TABLE;
#pragma clang attribute pop
#endif
