/* Results as text, all of it, so that two can be compared; large arrays as a checksum. */
#ifndef LS_TESTS_OUTCOME_H
#define LS_TESTS_OUTCOME_H

#include "../support/support.h"

void say_bytes(struct support_text *said, const void *bytes, size_t length);
void say_dataset(struct support_text *said, const struct ls_dataset *dataset);
void say_day(struct support_text *said, const struct ls_cityday *day);
void say_plan(struct support_text *said, const struct ls_plan *plan);
void say_policy(struct support_text *said, const struct ls_policy *policy);

#endif
