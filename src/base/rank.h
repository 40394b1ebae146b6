/* The order of many numbers in a time that grows with their count alone. */
#ifndef LS_BASE_RANK_H
#define LS_BASE_RANK_H

#include <loadscope/error.h>

#include <stddef.h>
#include <stdint.h>

/* Fills order[n] with the indices of `values`, the greatest value first, equal ones by index. n is at most
 * UINT32_MAX. LS_ERR_MEMORY. */
int ls_rank_descending(const int64_t *values, size_t n, uint32_t *order, struct ls_error *error);

#endif
