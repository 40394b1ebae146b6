/*
 * A survey of a dataset, for people and for programs: the same content, every doubt with what to do about it.
 *
 * What was read comes first, as ls_report_quality() has it; sections that would be empty are left out.
 */
#ifndef LS_REPORT_QUALITY_H
#define LS_REPORT_QUALITY_H

#include <loadscope/quality.h>

#include <stdio.h>

/* At most 80 columns but for long names; `name` is what the data are called. */
void ls_report_survey_text(FILE *out, const struct ls_survey *survey, const char *name);

/* One JSON object on one line. LS_ERR_MEMORY. */
int ls_report_survey_json(FILE *out, const struct ls_survey *survey, struct ls_error *error);

/* The word by which a doubt is known in JSON, as "flat_lines". */
const char *ls_doubt_word(enum ls_doubt_kind kind);

/* What it is called in text, as "flat lines". */
const char *ls_doubt_title(enum ls_doubt_kind kind);

#endif
