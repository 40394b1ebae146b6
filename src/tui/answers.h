/*
 * Answers that were on the screen, so that a limit turned back shows its picture without a solve.
 *
 * An answer depends on policy, city and date, and is found by them. The one used last, and one that
 * is pinned, stay whatever their size; others go, the oldest first, when all together are over the bound. The
 * store owns its answers, and belongs to the caller of ls_answers_create().
 */
#ifndef LS_TUI_ANSWERS_H
#define LS_TUI_ANSWERS_H

#include <loadscope/shift.h>

typedef struct ls_answers ls_answers;

/* LS_ERR_MEMORY. */
int ls_answers_create(size_t bytes, ls_answers **out, struct ls_error *error);
void ls_answers_destroy(ls_answers *answers);

/* Takes an answer over; the one used before it may go with this call or the next. An answer that is not
 * complete is never found again. */
void ls_answers_keep(ls_answers *answers, struct ls_answer *answer);

/* The answer for these, used last from now on; NULL when there is none. */
struct ls_answer *ls_answers_find(ls_answers *answers, const struct ls_policy *policy, const char *city,
                                  int32_t date);

/* Keeps `answer`, one of them, whatever the bound, until another is pinned or NULL is. */
void ls_answers_pin(ls_answers *answers, const struct ls_answer *answer);

/* Memory of all answers; a city-day that several share counts once. */
size_t ls_answers_bytes(const ls_answers *answers);

#endif
