/* Customers: which, why, and how tables of them are ordered. */
#include "tui/commands/topics.h"

#include "tui/table.h"

#include <strings.h>

static void open_customer(struct ls_explorer *explorer, size_t index)
{
    ls_explorer_choose_customer(explorer, index);
    ls_explorer_go(explorer, LS_VIEW_CUSTOMER);
}

static void run_customer(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    if (!ls_explorer_has_answer(explorer))
        return;
    const struct ls_cityday *day = explorer->answer->day;
    for (size_t i = 0; i < day->n_customers; i++)
        if (day->customer[i] == call->arguments[0].customer) {
            open_customer(explorer, i);
            return;
        }
    ls_command_refuse(explorer, LS_ERR_NAME, "customer '%s' has no readings here on this day",
                      call->arguments[0].text, "n and p go to other days");
}

/* The customer that moves most into or out of the slot under the cursor. */
static bool customer_of_slot(const struct ls_explorer *explorer, size_t *index)
{
    const struct ls_plan *plan = explorer->answer->plan;
    double most = 0;
    for (size_t m = 0; m < plan->n_moves; m++) {
        const struct ls_move *move = &plan->moves[m];
        if ((move->source != explorer->slot && move->destination != explorer->slot) || move->kwh <= most)
            continue;
        most = move->kwh;
        *index = move->customer;
    }
    return most > 0;
}

static void run_why(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    size_t index = 0;
    (void)call;
    if (explorer->view == LS_VIEW_DAY && !explorer->at_slots) {
        ls_explorer_go(explorer, LS_VIEW_LIMITS);
        return;
    }
    if (!ls_explorer_has_answer(explorer) || explorer->answer->day->n_customers == 0)
        return;
    if (explorer->view == LS_VIEW_CUSTOMERS || explorer->view == LS_VIEW_MOVES) {
        ls_view_open(explorer);
        return;
    }
    if ((explorer->view == LS_VIEW_DAY && customer_of_slot(explorer, &index)) ||
        ls_explorer_customer_index(explorer, &index))
        open_customer(explorer, index);
    else
        open_customer(explorer, 0);
}

/* Without a text, asks for one. */
static void run_search(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    ls_explorer_go(explorer, LS_VIEW_CUSTOMERS);
    if (call->arguments[0].text[0] != '\0') {
        ls_explorer_filter(explorer, call->arguments[0].text);
        return;
    }
    explorer->prompt_use = LS_PROMPT_SEARCH;
    ls_prompt_start(&explorer->prompt, explorer->customers.filter);
}

static void run_show_all(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    ls_explorer_go(explorer, LS_VIEW_CUSTOMERS);
    ls_explorer_filter(explorer, "");
}

static struct ls_list *list_on_screen(struct ls_explorer *explorer)
{
    return explorer->view == LS_VIEW_CUSTOMERS ? &explorer->customers
           : explorer->view == LS_VIEW_MOVES   ? &explorer->moves
                                               : NULL;
}

static void run_sort(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const char *name = call->arguments[0].text;
    struct ls_list *list = list_on_screen(explorer);
    if (list == NULL) {
        ls_explorer_say(explorer, "only tables are sorted: 3 customers, 4 moves");
        return;
    }
    size_t count;
    const struct ls_column *columns = ls_view_columns(explorer->view, &count);
    int column = (list->sort + 1) % (int)count;
    if (name[0] != '\0')
        for (column = 0; column < (int)count && strcasecmp(columns[column].name, name) != 0;)
            column++;
    if (column == (int)count) {
        ls_command_refuse(explorer, LS_ERR_NAME, "no column '%s' in this table", name,
                          "name one as in the table's head");
        return;
    }
    ls_list_sort_by(explorer, list, columns, column);
}

static void run_reverse(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    struct ls_list *list = list_on_screen(explorer);
    (void)call;
    if (list == NULL)
        return;
    list->descending = !list->descending;
    ls_explorer_refresh_lists(explorer);
}

/* clang-format off */
static const struct ls_tui_command commands[] = {
    {.name = "why", .keys = {'w'}, .help = "why a customer moved, or did not; of the day's limits, what each costs", .run = run_why},
    {.name = "customer", .arguments = {{"ID", LS_ARGUMENT_CUSTOMER}}, .help = "open a customer by id", .run = run_customer},
    {.name = "search", .arguments = {{"TEXT", LS_ARGUMENT_TEXT, true}}, .keys = {'/'}, .help = "customers whose id has this text", .run = run_search},
    {.name = "show-all", .help = "all customers again", .run = run_show_all},
    {.name = "sort", .arguments = {{"COLUMN", LS_ARGUMENT_COLUMN, true}}, .keys = {'s'}, .help = "sort by the next column, or by name", .run = run_sort},
    {.name = "reverse", .keys = {'S'}, .help = "turn the sorting round", .run = run_reverse},
};
/* clang-format on */

const struct ls_topic ls_topic_customers = LS_TOPIC("Customers", commands);
