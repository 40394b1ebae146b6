/* The columns of the explorer's tables. */
#ifndef LS_TUI_VIEWS_LISTS_H
#define LS_TUI_VIEWS_LISTS_H

#include "tui/table.h"

/* Rows are indices of customers in the answer's day. */
const struct ls_column *ls_customer_columns(size_t *count);

/* Rows are indices into the plan's moves. */
const struct ls_column *ls_move_columns(size_t *count);

/* Rows are indices of a comparison's customers. */
const struct ls_column *ls_changed_columns(size_t *count);

/* Rows that the Customers screen has room for. */
size_t ls_view_customers_page(const struct ls_explorer *explorer);

/* Rows of them that the Compare screen has room for. */
size_t ls_view_compare_page(const struct ls_explorer *explorer);

#endif
