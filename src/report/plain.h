/*
 * What the explorer's screens show as plain sentences: one fact a line with its unit, from left to right, no
 * tables and no drawing. Made for screen readers, and for the clipboard.
 */
#ifndef LS_REPORT_PLAIN_H
#define LS_REPORT_PLAIN_H

#include <loadscope/compare.h>
#include <loadscope/quality.h>
#include <loadscope/sensitivity.h>
#include <loadscope/sweep.h>

#include <stdio.h>

/* `value` to be printed with so many decimals: 0 where it would be a zero with a sign. */
double ls_plain_figure(double value, int decimals);

/* A share in percent: "12.5", and "<0.1" where little would read as none. Returns `out`. */
const char *ls_plain_percent(double share, char out[16]);

/* One line each. `customer` is an index in the answer's day. */
void ls_plain_slot(FILE *out, const struct ls_answer *answer, int slot);
void ls_plain_customer(FILE *out, const struct ls_answer *answer, size_t customer);
void ls_plain_move(FILE *out, const struct ls_answer *answer, const struct ls_move *move);
/* "spike.alpha_percent = 25 %"; `city` NULL unless the parameter is per city. */
void ls_plain_parameter(FILE *out, const struct ls_parameter *parameter, const struct ls_policy *policy,
                        const char *city);

/* Why a pair was moved or refused in one paragraph: reason, slack, the smallest relaxation and how far it
 * goes, what was lost. `found` is what ls_why_relax() found of it, NULL: that is not known. */
void ls_plain_why_text(const struct ls_why *why, const struct ls_relaxation *found, char *out, size_t size);

/* The same, a sentence a line. */
void ls_plain_why(FILE *out, const struct ls_answer *answer, const struct ls_why *why,
                  const struct ls_relaxation *found);

/* A date of a city: what is held, and with `result` what it came to. */
void ls_plain_date(FILE *out, const char *city, const struct ls_archive_day *held,
                   const struct ls_day_result *result);

/* A sentence each: both savings of A and of B; one customer's. */
void ls_plain_compare_savings(FILE *out, const struct ls_compare *compare);
void ls_plain_compare_customer(FILE *out, const struct ls_compare_customer *customer);
/* A point of a sweep, which may not be solved yet. */
void ls_plain_sweep_cell(FILE *out, const struct ls_sweep *sweep, size_t x, size_t y);
/* What a step of a limit would save, and what a limit costs: what the figures mean, word by word. */
void ls_plain_step(FILE *out, const struct ls_sensitivity *sensitivity, enum ls_way way);
void ls_plain_limit_cost(FILE *out, const struct ls_limit_cost *cost);

/* Whole screens. Totals and slots of the day; every customer; every move. */
void ls_plain_day(FILE *out, const struct ls_answer *answer);
void ls_plain_customers(FILE *out, const struct ls_answer *answer);
void ls_plain_moves(FILE *out, const struct ls_answer *answer);
/* One customer: its day, its moves, its slots, and why the pair worth asking about came as it did. The bench
 * is the answer's, for ls_why_relax(). Errors of that and of ls_why_pair(). */
int ls_plain_home(FILE *out, const struct ls_answer *answer, ls_bench *bench, size_t customer,
                  struct ls_error *error);
/* What was read and what is doubtful. */
void ls_plain_data(FILE *out, const struct ls_dataset *dataset, const struct ls_answer *answer);
/* Its days, clock changes and doubts. */
void ls_plain_survey(FILE *out, const struct ls_survey *survey);
/* Every parameter with its value, and what it means; those per city for `city`. */
void ls_plain_parameters(FILE *out, const struct ls_policy *policy, const char *city);

#endif
