/*
 * Random numbers that are the same on every machine: integers only (splitmix64, S. Vigna, public domain).
 *
 * A generator is a value; copy it to fork the sequence. Not for secrets.
 */
#ifndef LS_BASE_RANDOM_H
#define LS_BASE_RANDOM_H

#include <assert.h>
#include <stdint.h>

struct ls_random {
    uint64_t state;
};

static inline uint64_t ls_random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A generator that depends on all three: a seed, a text (NULL: "") and a number, say a date. */
struct ls_random ls_random_seed(uint64_t seed, const char *text, int64_t n);

/* 64 uniform bits. */
static inline uint64_t ls_random_next(struct ls_random *random)
{
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    return ls_random_mix(random->state);
}

/* Uniform in [0, bound), without bias; bound >= 1. Here, so that a constant bound costs no division. */
static inline uint64_t ls_random_below(struct ls_random *random, uint64_t bound)
{
    assert(bound > 0);
    const uint64_t rejected =
        (UINT64_MAX - bound + 1) % bound; /* 2^64 mod bound: so many draws would favour the low results */
    uint64_t draw;
    do
        draw = ls_random_next(random);
    while (draw < rejected);
    return draw % bound;
}

#endif
