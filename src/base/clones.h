/*
 * LS_CLONES before a function asks for a copy of it for each kind of processor, chosen when the program
 * starts. Only for loops over many numbers; where compiler or machine cannot, it means nothing.
 */
#ifndef LS_BASE_CLONES_H
#define LS_BASE_CLONES_H

/* Sanitizers start before the choice is made, so their builds go without. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12 &&                     \
    !defined(__SANITIZE_ADDRESS__)
#define LS_CLONES                                                                                            \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3")))
#else
#define LS_CLONES
#endif

#endif
