// The kernels for any CPU: correct everywhere, fast nowhere.
#include "table.h"

#define CK_PLAIN_HALVES
#define CK_MT 1
#define CK_NT 2
#define CK_ROWS 2
#define CK_PAGES 1
#define CK_WIDE 1
#include "kernels_impl.h"
const ck_table ck_table_base = CK_TABLE;
