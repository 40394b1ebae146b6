/*
 * What a whole run came to: totals by city, by week and in all, and how household-weeks fared.
 *
 * Each city-week is boiled down to a few lines of text, its *digest*, which a result directory keeps beside
 * the unit's rows. A summary is made from digests in the order of the units, so it is the same however many
 * threads or processes made them. A summary belongs to the caller of ls_summary_open().
 */
#ifndef LS_REPORT_SUMMARY_H
#define LS_REPORT_SUMMARY_H

#include "report/csv.h"

#include <loadscope/run.h>

/* The digest of a unit at work, which takes its days in order. It belongs to the caller. */
typedef struct ls_digest ls_digest;

int ls_digest_open(const struct ls_unit *unit, ls_digest **out, struct ls_error *error);
void ls_digest_add_day(ls_digest *digest, const struct ls_answer *answer);

/* Adds the lines of the days so far. LS_ERR_MEMORY. */
int ls_digest_write(const ls_digest *digest, struct ls_buffer *out, struct ls_error *error);
void ls_digest_close(ls_digest *digest);

typedef struct ls_summary ls_summary;

int ls_summary_open(ls_summary **out, struct ls_error *error);
void ls_summary_close(ls_summary *summary);

/* Takes the digest of the next unit; units come by city and Monday. LS_ERR_FORMAT, LS_ERR_MEMORY. */
int ls_summary_add(ls_summary *summary, const struct ls_unit *unit, const char *digest, size_t length,
                   struct ls_error *error);

/* City-days of which some customer's optimum was not proven in time. */
double ls_summary_unproven(const ls_summary *summary);

/* Household-days of all units, whichever process solved them. */
double ls_summary_home_days(const ls_summary *summary);

/* summary.json, for free(). LS_ERR_MEMORY. */
int ls_summary_json(const ls_summary *summary, const struct ls_policy *policy, char **out,
                    struct ls_error *error);

#endif
