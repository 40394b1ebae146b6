/* The manual page as roff, made from the tables of commands, options, parameters and keys. */
#ifndef LS_CLI_MANUAL_H
#define LS_CLI_MANUAL_H

#include <stdio.h>

void ls_manual_write(FILE *out);

#endif
