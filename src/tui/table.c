#include "tui/table.h"

#include "tui/theme.h"

#include <glib.h>
#include <string.h>

int ls_order(double a, double b)
{
    return (a > b) - (a < b);
}

struct ordering {
    const struct ls_explorer *explorer;
    const struct ls_column *column;
    bool descending;
};

static gint compare(gconstpointer a, gconstpointer b, gpointer data)
{
    const struct ordering *ordering = data;
    int order = ordering->column->compare(ordering->explorer, *(const uint32_t *)a, *(const uint32_t *)b);
    return ordering->descending ? -order : order;
}

void ls_table_sort(const struct ls_explorer *explorer, const struct ls_column *columns, struct ls_list *list)
{
    if (list->sort < 0 || list->n == 0)
        return;
    struct ordering ordering = {explorer, &columns[list->sort], list->descending};
    g_qsort_with_data(list->row, (gint)list->n, sizeof *list->row, compare, &ordering); /* stable */
}

void ls_list_sort_by(struct ls_explorer *explorer, struct ls_list *list, const struct ls_column *columns,
                     int column)
{
    list->sort = column;
    list->descending = columns[column].right;
    ls_explorer_refresh_lists(explorer);
}

/* How many columns fit; *width is what they take. */
static size_t shown_columns(struct ls_rect rect, const struct ls_column *columns, size_t n_columns,
                            int *width)
{
    size_t shown = 0;
    *width = 1;
    while (shown < n_columns) {
        int next = columns[shown].with_next ? columns[shown + 1].width + 1 : 0;
        if (*width + columns[shown].width + next > rect.cols)
            break;
        *width += columns[shown++].width + 1;
    }
    return shown;
}

void ls_table_click(struct ls_explorer *explorer, struct ls_rect rect, const struct ls_column *columns,
                    size_t n_columns, struct ls_list *list, int col)
{
    int width, left = rect.col + 1;
    size_t shown = shown_columns(rect, columns, n_columns, &width);
    for (size_t c = 0; c < shown; left += columns[c++].width + 1) {
        if (col < left || col >= left + columns[c].width)
            continue;
        if ((int)c != list->sort) {
            ls_list_sort_by(explorer, list, columns, (int)c);
        } else {
            list->descending = !list->descending;
            ls_explorer_refresh_lists(explorer);
        }
        return;
    }
}

size_t ls_table_page(struct ls_rect rect)
{
    return rect.rows > 2 ? (size_t)rect.rows - 1 : 1;
}

static void draw_head(struct ls_frame *frame, struct ls_rect rect, const struct ls_column *columns,
                      size_t shown, const struct ls_list *list)
{
    int col = rect.col + 1;
    for (size_t c = 0; c < shown; c++) {
        char head[LS_CELL_BYTES];
        const char *mark = (int)c != list->sort ? "" : list->descending ? "▼" : "▲";
        g_snprintf(head, sizeof head, "%s%s", columns[c].name, mark);
        if (columns[c].right)
            ls_frame_put_right(frame, rect.row, col, columns[c].width, LS_STYLE_TITLE, head);
        else
            ls_frame_put_fit(frame, rect.row, col, columns[c].width, LS_STYLE_TITLE, head);
        col += columns[c].width + 1;
    }
}

int ls_table_draw(const struct ls_explorer *explorer, struct ls_frame *frame, struct ls_rect rect,
                  const struct ls_column *columns, size_t n_columns, const struct ls_list *list)
{
    int width;
    size_t shown = shown_columns(rect, columns, n_columns, &width), page = ls_table_page(rect);
    draw_head(frame, rect, columns, shown, list);
    for (size_t r = 0; r < page && list->top + r < list->n; r++) {
        size_t index = list->top + r;
        int row = rect.row + 1 + (int)r, col = rect.col + 1;
        bool selected = index == list->selected;
        if (selected)
            ls_frame_fill(frame, (struct ls_rect){row, rect.col, 1, 1 + columns[0].width}, LS_STYLE_SELECTED,
                          ' ');
        for (size_t c = 0; c < shown; c++) {
            /* The bar ends with the first column: a longer one costs a slow line too much at every step. */
            unsigned style = selected && c == 0 ? LS_STYLE_SELECTED : LS_STYLE_VALUE;
            char cell[LS_CELL_BYTES];
            columns[c].text(explorer, list->row[index], cell);
            if (columns[c].right)
                ls_frame_put_right(frame, row, col, columns[c].width, style, cell);
            else
                ls_frame_put_fit(frame, row, col, columns[c].width, style, cell);
            col += columns[c].width + 1;
        }
        if (selected) {
            ls_frame_put(frame, row, rect.col, 1, LS_STYLE_SELECTED, ">");
            ls_frame_cursor(frame, row, rect.col);
        }
    }
    return width;
}
