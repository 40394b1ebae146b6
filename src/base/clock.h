/* Time that only goes forward, for measuring. */
#ifndef LS_BASE_CLOCK_H
#define LS_BASE_CLOCK_H

#include <time.h>

/* Seconds since some moment before the program began. */
double ls_clock_seconds(void);

/* The moment `seconds` from now, as pthread_cond_timedwait() wants it. */
struct timespec ls_clock_deadline(double seconds);

#endif
