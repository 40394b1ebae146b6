#include "base/random.h"

#include <assert.h>
#include <stddef.h>

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct ls_random ls_random_seed(uint64_t seed, const char *text, int64_t n)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a over the text */
    for (const char *at = text; at != NULL && *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    struct ls_random random = {mix(mix(mix(seed) ^ hash) ^ (uint64_t)n)};
    return random;
}

uint64_t ls_random_next(struct ls_random *random)
{
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    return mix(random->state);
}

uint64_t ls_random_below(struct ls_random *random, uint64_t bound)
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
