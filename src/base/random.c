#include "base/random.h"

#include <stddef.h>

struct ls_random ls_random_seed(uint64_t seed, const char *text, int64_t n)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a over the text */
    for (const char *at = text; at != NULL && *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    struct ls_random random = {ls_random_mix(ls_random_mix(ls_random_mix(seed) ^ hash) ^ (uint64_t)n)};
    return random;
}
