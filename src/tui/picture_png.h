/*
 * A PNG in the making: another program makes it of an SVG, while the screen and the keys stay ours.
 *
 * A conversion belongs to the caller of ls_conversion_start(), who asks now and then whether it has ended,
 * and drops it. Until then it has two files beside the PNG's name; a drop leaves none of them.
 */
#ifndef LS_TUI_PICTURE_PNG_H
#define LS_TUI_PICTURE_PNG_H

#include "base/buffer.h"

#include <loadscope/error.h>

typedef struct ls_conversion ls_conversion;

/* Starts to make the PNG file `path`, also over one that is there. LS_ERR_IO, also when no program that could
 * is installed; LS_ERR_MEMORY. */
int ls_conversion_start(const char *path, const struct ls_buffer *svg, ls_conversion **out,
                        struct ls_error *error);

/* True once it has ended: with *status 0 the PNG is there. Not to be asked again then. */
bool ls_conversion_ended(ls_conversion *conversion, int *status, struct ls_error *error);

/* Waits until it has. */
int ls_conversion_wait(ls_conversion *conversion, struct ls_error *error);

const char *ls_conversion_path(const ls_conversion *conversion);

/* Stops it. NULL is legal. */
void ls_conversion_drop(ls_conversion *conversion);

#endif
