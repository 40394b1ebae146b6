#include "solve/account.h"

#include <stdlib.h>

int ls_account_grow(struct ls_account *account, size_t wanted, struct ls_error *error)
{
    size_t capacity = wanted + wanted / 2 + 64;
    struct ls_move *moves = realloc(*account->moves, capacity * sizeof *moves);
    if (moves == NULL)
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory for a plan");
    *account->moves = moves;
    account->capacity = capacity;
    return 0;
}
