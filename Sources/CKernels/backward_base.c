// The backward kernels for any CPU.
#include "backward_table.h"
#include <math.h>

#define CK_MR 2
#define CK_NV 1
#include "backward_impl.h"
const ck_backward_table ck_backward_base = CK_BACKWARD_TABLE;
