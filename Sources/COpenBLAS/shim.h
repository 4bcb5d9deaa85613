// OpenBLAS's C interface, for the matrix products of training's backward pass.
#include <cblas.h>
