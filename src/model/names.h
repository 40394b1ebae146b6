/* Names of the parameter table: what is nearest to a name that is wrong. */
#ifndef LS_MODEL_NAMES_H
#define LS_MODEL_NAMES_H

#include <stddef.h>

/* How far `typed` is from `candidate`: edit distance, but 1 when it is a part of it of three letters or more.
 */
size_t ls_name_distance(const char *typed, const char *candidate);

/* Bytes that hold any dotted name, section or key the table can make, with a city of 63 bytes and the NUL. */
#define LS_NAME_SIZE 128

#endif
