/* What every bench needs: the middle of several runs, and the lines that a later version is compared by. */
#ifndef LOADSCOPE_BENCH_MEASURE_H
#define LOADSCOPE_BENCH_MEASURE_H

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>

#define MIB (1024.0 * 1024.0)

static inline int bench_by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of `n` values, n odd; sorts them. */
static inline double bench_median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, bench_by_value);
    return values[n / 2];
}

static inline void bench_figure(const char *name, double value)
{
    printf("bench %s %.4g\n", name, value);
}

#endif
