// A narrow, non-variadic face of libedit for Swift (shell-craft.md says why a C shim is mandatory).
#ifndef CEDIT_H
#define CEDIT_H
#include <histedit.h>
#endif
