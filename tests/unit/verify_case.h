/*
 * A result under test: the files of a run, ours or another implementation's, in a folder of their own, ways
 * to change them, and what ls_verify() then finds.
 *
 * Everything here fails the running cmocka test instead of returning an error.
 */
#ifndef LS_TESTS_VERIFY_CASE_H
#define LS_TESTS_VERIFY_CASE_H

#include "../support/support.h"

#include <loadscope/verify.h>

#define FIXTURES "tests/fixtures/golden"
#define FIELDS   20
#define KEEP     2000
#define TEXTS    64

enum { ID, CITY, DAY, FROM, TO, MINUTES, DIRECTION, KWH, MARG_BEFORE, AVG_DELTA = 13, LIMITED_BY };
enum { MOVED_KWH = 11, MEDIAN = 13, USED, REMAINING };

struct table {
    char *bytes;
    size_t n, capacity;
    const char *(*row)[FIELDS]; /* the first is the header; NULL ends a row */
};

struct result {
    struct ls_dataset *dataset;
    struct ls_policy policy;
    struct table moves, metrics;
    const char *summary;       /* NULL: no such file */
    char *own_summary;         /* of open_own_result() */
    bool optimised;            /* write it, from readings and moves as they are now */
    const char *optimised_kwh; /* what its first row says instead; "-": no first row */
    char texts[TEXTS][64];     /* of changed fields */
    size_t n_texts;
    char folder[64];
    size_t spoilt; /* row of moves (or metrics) that a spoiler changed; 0: none in particular */
};

/* The results of another implementation, without summary.json. */
void open_result(struct result *result, const char *set, const char *scenario, const char *engine);

/* Ours of the same data and limits, changed by `settings` ("section.key=value;..."), with summary.json. */
void open_own_result(struct result *result, const char *set, const char *scenario, const char *settings);
void solve_result(struct result *result, const char *data_path, const char *timezone,
                  const char *scenario_path, const char *settings);
void close_result(struct result *result);

/* Writes the files anew and checks them; ls_verification_destroy() ends it. */
struct ls_verification *verify(const struct result *result);

int64_t instant_of(const char *stamp);

/* The reading of that home and instant, NaN when unknown. */
double reading(const struct ls_dataset *dataset, const char *id, int64_t instant);

void add_row(struct table *table, const char *const *row);

/* A text that lasts as long as the result; the format "stamp" writes an instant. */
const char *text_of(struct result *result, const char *format, double value);

/* A field of moves.csv as a number. */
double number(const struct result *result, size_t row, int field);

/* Changes of a move: so many kWh, its emissions in proportion; other slots; the same once more. */
void set_kwh(struct result *result, size_t row, double kwh);
void set_times(struct result *result, size_t row, int64_t from, int64_t to);
size_t copy_move(struct result *result, size_t row);

struct spoiler {
    const char *name;
    void (*spoil)(struct result *result);
    const char *limit; /* what must be named */
};

/* Fails unless the violation is there; one that a row of moves is to blame for names it and its customer. */
void assert_named(const struct spoiler *spoiler, const struct result *result,
                  const struct ls_verification *found);

/* Spoils the results of another implementation in each way by itself. */
void assert_each_is_named(const struct spoiler *spoilers, size_t n);

#endif
