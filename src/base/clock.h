/* Time that only goes forward, for measuring. */
#ifndef LS_BASE_CLOCK_H
#define LS_BASE_CLOCK_H

/* Seconds since some moment before the program began. */
double ls_clock_seconds(void);

#endif
