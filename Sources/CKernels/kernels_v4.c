// The kernels for AVX-512.
#include "table.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define CK_AVX512
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define CK_MT 4
#define CK_NT 4
#define CK_ROWS 4
#define CK_PAGES 4
#define CK_WIDE 4
#include "kernels_impl.h"
const ck_table ck_table_v4 = CK_TABLE;
#pragma clang attribute pop
#endif
