/* More than one solve at a time: A and B, sweeps, and what limits cost. */
#include "base/files.h"
#include "report/report.h"
#include "tui/commands/files.h"
#include "tui/commands/topics.h"

#include <fcntl.h>

static void run_mark(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    if (ls_explorer_mark(explorer))
        ls_explorer_say(explorer, "this is A; 5 compares what you tune with it");
}

static void run_unmark(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    ls_explorer_unmark(explorer);
}

static void run_swap(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    (void)call;
    ls_explorer_swap(explorer);
}

static void run_sweep(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    struct ls_error error;
    if (ls_explorer_sweep(explorer, call->arguments[0].text, call->arguments[1].text, &error) != 0)
        ls_explorer_fail(explorer, &error);
    else
        ls_explorer_go(explorer, LS_VIEW_SWEEP);
}

static void run_sweep_csv(struct ls_explorer *explorer, const struct ls_tui_call *call)
{
    const struct ls_sweep *sweep = explorer->sweeping.sweep;
    const char *path = call->arguments[0].text;
    struct ls_buffer csv = {0};
    struct ls_error error;
    if (sweep == NULL) {
        ls_explorer_refuse(explorer, "nothing has been swept", "R sweeps two limits");
        return;
    }
    int status = ls_files_admit(call->command, path, &error);
    if (status == 0) {
        ls_report_sweep_csv(&csv, sweep);
        status = csv.failed ? ls_error_set(&error, LS_ERR_MEMORY, "out of memory for the sweep")
                            : ls_file_place(AT_FDCWD, "", path, &csv, 1, false, &error);
    }
    ls_buffer_release(&csv);
    if (status != 0)
        ls_explorer_fail(explorer, &error);
    else
        ls_explorer_say(explorer, "%zu of %zu points are in %s", sweep->n_done, sweep->n_cells, path);
}

#define AXIS(label)                                                                                          \
    {                                                                                                        \
        label, LS_ARGUMENT_AXIS, true                                                                        \
    }

/* clang-format off */
static const struct ls_tui_command commands[] = {
    {.name = "compare", .keys = {'5'}, .help = "A and B side by side; Tab for customers", .run = ls_command_go, .view = LS_VIEW_COMPARE},
    {.name = "mark", .keys = {'a'}, .help = "keep what is on screen as A, to compare with", .run = run_mark},
    {.name = "swap", .keys = {'b'}, .help = "turn A and B round", .run = run_swap},
    {.name = "unmark", .help = "let A go", .run = run_unmark},
    {.name = "sweep-view", .keys = {'6'}, .help = "two parameters on a grid, as a heat map", .run = ls_command_go, .view = LS_VIEW_SWEEP},
    {.name = "sweep", .arguments = {AXIS("X"), AXIS("Y")}, .keys = {'R'}, .help = "sweep anew, or any two: NAME=FROM:TO:STEP", .run = run_sweep},
    {.name = "sweep-csv", .arguments = {{"FILE", LS_ARGUMENT_PATH}}, .help = "write the sweep as CSV", .flags = LS_COMMAND_WRITES | LS_COMMAND_UNLOGGED, .run = run_sweep_csv},
    {.name = "sweep-csv!", .arguments = {{"FILE", LS_ARGUMENT_PATH}}, .help = "the same over a file that is there", .flags = LS_COMMAND_WRITES | LS_COMMAND_UNLOGGED, .run = run_sweep_csv, .by = 1},
    {.name = "limits", .help = "which limits bind on this day, and what each costs", .run = ls_command_go, .view = LS_VIEW_LIMITS},
};
/* clang-format on */

const struct ls_topic ls_topic_study = LS_TOPIC("Compare and sweep", commands);
