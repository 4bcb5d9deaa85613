// SIMD kernels, compiled for several CPUs and chosen at load time (target_clones).
#ifndef CKERNELS_H
#define CKERNELS_H

/// The instruction set the kernels run on: "x86-64-v4", "x86-64-v3" or "baseline". Recorded with every run.
const char *ck_instruction_set(void);

#endif
