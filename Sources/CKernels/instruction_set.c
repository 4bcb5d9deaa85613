#include "CKernels.h"

const char *ck_instruction_set(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("x86-64-v4")) return "x86-64-v4";
    if (__builtin_cpu_supports("x86-64-v3")) return "x86-64-v3";
#endif
    return "baseline";
}
