/*
 * Random numbers that are the same on every machine: integers only (splitmix64, S. Vigna, public domain).
 *
 * A generator is a value; copy it to fork the sequence. Not for secrets.
 */
#ifndef LS_BASE_RANDOM_H
#define LS_BASE_RANDOM_H

#include <stdint.h>

struct ls_random {
    uint64_t state;
};

/* A generator that depends on all three: a seed, a text (NULL: "") and a number, say a date. */
struct ls_random ls_random_seed(uint64_t seed, const char *text, int64_t n);

/* 64 uniform bits. */
uint64_t ls_random_next(struct ls_random *random);

/* Uniform in [0, bound), without bias; bound >= 1. */
uint64_t ls_random_below(struct ls_random *random, uint64_t bound);

#endif
