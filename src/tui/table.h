/*
 * A scrolling table from a const list of columns.
 *
 * Columns that do not fit the width are left out from the right, the least important last; the head marks the
 * column it is sorted by.
 */
#ifndef LS_TUI_TABLE_H
#define LS_TUI_TABLE_H

#include "tui/state.h"

#define LS_CELL_BYTES 128

struct ls_column {
    const char *name; /* for the head and :sort */
    int width;
    bool right; /* flush right */
    /* Writes the cell's text. */
    void (*text)(const struct ls_explorer *explorer, uint32_t row, char out[LS_CELL_BYTES]);
    /* Negative, zero or positive as row a comes before b, ascending. */
    int (*compare)(const struct ls_explorer *explorer, uint32_t a, uint32_t b);
    bool with_next; /* not shown without the next one */
};

/* For a column's compare(). */
int ls_order(double a, double b);

/* Draws head and rows; the cursor stands on the selected row. Returns the width used. */
int ls_table_draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect,
                  const struct ls_column *columns, size_t n_columns, const struct ls_list *list);

/* Sorts the list's rows by its column; equal rows keep their order. */
void ls_table_sort(const struct ls_explorer *explorer, const struct ls_column *columns, struct ls_list *list);

/* A click on the head of a table drawn into `rect`: sorts by the column there, or turns the sorting round
 * where it is sorted by it. */
void ls_table_click(struct ls_explorer *explorer, struct ls_rect rect, const struct ls_column *columns,
                    size_t n_columns, struct ls_list *list, int col);

/* Sorts by a column, numbers from the top, names from A. */
void ls_list_sort_by(struct ls_explorer *explorer, struct ls_list *list, const struct ls_column *columns,
                     int column);

/* Rows of data that fit into `rect`. */
size_t ls_table_page(struct ls_rect rect);

#endif
