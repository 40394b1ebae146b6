#include "base/checksum.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

struct ls_checksum {
    XXH3_state_t *state;
};

ls_checksum *ls_checksum_open(void)
{
    ls_checksum *sum = malloc(sizeof *sum);
    if (sum == NULL)
        return NULL;
    sum->state = XXH3_createState();
    if (sum->state == NULL) {
        free(sum);
        return NULL;
    }
    XXH3_128bits_reset(sum->state);
    return sum;
}

void ls_checksum_close(ls_checksum *sum)
{
    if (sum == NULL)
        return;
    XXH3_freeState(sum->state);
    free(sum);
}

void ls_checksum_add(ls_checksum *sum, const void *bytes, size_t length)
{
    if (length > 0)
        XXH3_128bits_update(sum->state, bytes, length);
}

void ls_checksum_text(const ls_checksum *sum, char out[LS_CHECKSUM_SIZE])
{
    XXH128_hash_t hash = XXH3_128bits_digest(sum->state);
    snprintf(out, LS_CHECKSUM_SIZE, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64, (uint64_t)hash.low64);
}
