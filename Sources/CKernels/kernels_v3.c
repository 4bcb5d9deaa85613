// The kernels for AVX2 with FMA.
#include "table.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define CK_MT 2
#define CK_NT 2
#define CK_ROWS 4
#define CK_PAGES 1
#define CK_WIDE 1
#include "kernels_impl.h"
const ck_table ck_table_v3 = CK_TABLE;
#pragma clang attribute pop
#endif
