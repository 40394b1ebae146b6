/* Whether a text is JSON, for where its parser does not tell a lack of memory from a fault. */
#ifndef LS_BASE_JSON_H
#define LS_BASE_JSON_H

#include <stdbool.h>

/*
 * True for JSON that cJSON parses when it has memory. False where in doubt: escapes \u, numbers of 63 bytes
 * or more, and values nested 100 deep are not judged. Needs no memory.
 */
bool ls_json_is_sound(const char *text);

#endif
