/*
 * A dataset while it is loaded: rows as they come, names, factors, and where each was found.
 *
 * readings.c fills it row by row, build.c sorts, checks and packs it. A place is a file and a line in 64
 * bits.
 */
#ifndef LS_DATA_LOAD_H
#define LS_DATA_LOAD_H

#include "data/cells.h"
#include "data/columns.h"
#include "data/intern.h"
#include "data/slots.h"

#include <loadscope/dataset.h>

#define LS_PLACE_LINE_BITS 48
#define LS_FILES_MAX       65535
#define LS_MWH_UNITS       100       /* fixed-point units (1e-8 kWh) in 1e-6 kWh */
#define LS_QUANTUM_MAX_MWH 1000      /* coarsest quantum */
#define LS_READING_MISSING INT64_MIN /* of ls_load_row.reading */

/* Where bytes come from: a path ("-": standard input), or memory with `path` as its name when bytes is not
 * NULL. */
struct ls_source {
    const char *path;
    const void *bytes;
    size_t length;
};

/* As ls_dataset_load(), but `factors` (NULL: none) stands for options->factors_path. */
int ls_dataset_load_sources(const struct ls_source *readings, size_t n_readings,
                            const struct ls_source *factors, const struct ls_load_options *options,
                            struct ls_dataset **out, struct ls_error *error);

struct ls_load_file {
    const char *name;
    enum ls_columns_kind kind;
    struct ls_columns columns;
};

struct ls_load_row {
    int64_t reading; /* 1e-8 kWh with a trace of what was cut (ls_fixed_parse), or LS_READING_MISSING */
    uint64_t place;
    uint32_t customer; /* number in `customers` */
    int32_t minute;
};

enum ls_axis { LS_AXIS_LONGITUDE, LS_AXIS_LATITUDE, LS_AXIS_COUNT };

struct ls_load_home {
    double degrees[LS_AXIS_COUNT];       /* NaN while unknown */
    uint64_t known_at[LS_AXIS_COUNT];    /* place of the row that gave it */
    struct ls_memo given[LS_AXIS_COUNT]; /* texts that came last */
};

/* What a row of readings becomes besides a name and a slot: a row of `rows`, or a cell of `cells`. A cell
 * knows no place, so what it finds wrong ends the reading with LS_LOAD_ASTRAY and fills no error. */
#define LS_LOAD_ASTRAY 2

struct ls_load {
    const struct ls_load_options *options;
    struct ls_load_file *files; /* [n_files], the factor file last */
    size_t n_files, file;       /* file: the one being read */
    struct ls_names cities;
    struct ls_names customers; /* grouped by number of the city */
    size_t n_homes, homes_capacity;
    struct ls_load_home *homes; /* [n_homes]: as many as customers */
    size_t n_rows, rows_capacity;
    struct ls_load_row *rows; /* [n_rows], NULL when there are cells */
    struct ls_cells *cells;   /* or NULL; not owned */
    struct ls_slots slots;
    uint32_t last_city, last_customer; /* of the row before, or LS_NAMES_MAX: most rows repeat them */
    int32_t offset_s;                  /* of the first row */
    uint64_t offset_at;                /* its place; 0 before it */
    int32_t other_offset_s;            /* of the first row that differs */
    uint64_t other_offset_at;          /* its place; 0 when none does */
    uint64_t rows_in_file, rows_in_all, factor_rows;
    uint64_t line_base; /* added to a row's line for its place: where a range of the file begins */
    uint64_t bytes_before, bytes_in_all; /* of the files already read; of all, 0 when unknown */
};

/* A row of the current file, for ls_csv_read() with a load as its `user`. */
int ls_load_take_row(void *user, const struct ls_csv_row *row, uint64_t consumed, struct ls_error *error);

/* The error for a file without rows. */
int ls_load_empty(const struct ls_load_file *file, struct ls_error *error);

/* Reads all files one after the other. */
int ls_load_read(struct ls_load *load, const struct ls_source *sources, struct ls_error *error);

/* Options and files that cannot be right. Fills bytes_in_all. */
int ls_load_look_ahead(struct ls_load *load, const struct ls_source *sources, struct ls_error *error);

/* Starts a load of these files; ls_load_release() ends it. LS_ERR_MEMORY. */
int ls_load_begin(struct ls_load *load, const struct ls_source *sources, size_t n_sources, bool factors_last,
                  const struct ls_load_options *options, struct ls_error *error);
void ls_load_release(struct ls_load *load);

uint64_t ls_place_line(uint64_t place);
const struct ls_load_file *ls_place_file(const struct ls_load *load, uint64_t place);

/* Says in an error that `column` at `place` is to blame. */
void ls_place_blame(const struct ls_load *load, uint64_t place, enum ls_column column,
                    struct ls_error *error);

/* " at line 2", or " at line 2 of FILE" where that is another file than the one of `from`. Returns `out`. */
const char *ls_place_text(const struct ls_load *load, uint64_t place, uint64_t from, char *out, size_t size);

/* Sorts, checks and packs what was loaded. */
int ls_load_build(struct ls_load *load, struct ls_dataset **out, struct ls_error *error);

/* What a dataset's owner points at: the storage behind its pointers. */
struct ls_dataset_storage {
    struct ls_dataset dataset;
    char *city_texts, *customer_texts;
    struct ls_city *cities;
    struct ls_customer *customers;
    int32_t *minute, *usage;
    int32_t *factor_minute;
    double *mef_g_per_kwh, *aef_g_per_kwh;
};

/* Frees the storage; NULL is legal. */
void ls_dataset_storage_free(struct ls_dataset_storage *store);

/* Opens the zone that `timezone` (NULL: auto) means for rows that carry `offset_s`. */
int ls_zone_for(const char *timezone, int32_t offset_s, ls_zone **out, struct ls_error *error);

#endif
