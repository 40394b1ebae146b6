/*
 * LS_CLONES before a function asks for a copy of it for each generation of x86-64, chosen when the program is
 * loaded. Only for loops over many numbers; where compiler, C library or machine cannot, it means nothing,
 * and sanitizers do not bear it. The Makefile gives the files that use it -O3.
 */
#ifndef LS_BASE_CLONES_H
#define LS_BASE_CLONES_H

#include <limits.h> /* defines __GLIBC__ */

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) &&                 \
    __GNUC__ >= 12 && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LS_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LS_CLONES
#endif

#endif
