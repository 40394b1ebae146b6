/*
 * All that the explorer knows: the data, the policy, the answer on screen, and where the user stands.
 *
 * Commands change it, views draw it; a view that draws changes nothing. One struct, owned by
 * ls_explorer_run().
 */
#ifndef LS_TUI_STATE_H
#define LS_TUI_STATE_H

#include "report/record.h"
#include "tui/almanac.h"
#include "tui/answers.h"
#include "tui/comparing.h"
#include "tui/completion.h"
#include "tui/explorer.h"
#include "tui/form.h"
#include "tui/gains.h"
#include "tui/log.h"
#include "tui/picture_png.h"
#include "tui/play.h"
#include "tui/prompt.h"
#include "tui/surveyor.h"
#include "tui/sweeping.h"
#include "tui/terminal.h"
#include "tui/typed.h"
#include "tui/undo.h"
#include "tui/worker.h"

#include <loadscope/shift.h>

enum ls_view_id {
    LS_VIEW_DAYS,
    LS_VIEW_DAY,
    LS_VIEW_CUSTOMERS,
    LS_VIEW_CUSTOMER, /* one customer, opened from the list */
    LS_VIEW_MOVES,
    LS_VIEW_COMPARE,
    LS_VIEW_SWEEP,
    LS_VIEW_LIMITS, /* what each costs, opened from the day */
    LS_VIEW_DATA,
    LS_VIEW_PARAMETERS,
    LS_VIEW_HELP,
    LS_VIEW_COUNT
};

/* What the calendar of days shows of each; the words for them, NULL at the end. */
enum ls_measure { LS_MEASURE_USAGE, LS_MEASURE_SAVING, LS_MEASURE_BUDGET, LS_MEASURE_COUNT };
extern const char *const ls_measure_words[];

/* What the bottom line is used for. */
enum ls_prompt_use { LS_PROMPT_NONE, LS_PROMPT_COMMAND, LS_PROMPT_EDIT, LS_PROMPT_SEARCH };

#define LS_CHANGES_SHOWN 4

enum ls_moves_pane { LS_MOVES_LEDGER, LS_MOVES_MAP, LS_MOVES_DIRECTIONS, LS_MOVES_PANES };

/* The calendar of days. */
struct ls_days_state {
    size_t city; /* under the cursor, index into the dataset's */
    int32_t date;
    enum ls_measure measure;
    bool stopped; /* solving them, by the user or after an error */
};

/* A table's rows in the order shown, and the one under the cursor. */
struct ls_list {
    uint32_t *row; /* [n] indices into what the view lists */
    size_t n, capacity;
    size_t selected; /* < n, or 0 when empty */
    size_t top;      /* first row on screen */
    int sort;        /* column */
    bool descending;
    char filter[LS_PROMPT_BYTES]; /* part of an id, any case */
};

struct ls_explorer {
    ls_archive *archive;
    const struct ls_dataset *dataset; /* its head: no readings are looked at here */
    const struct ls_explorer_options *options;
    ls_terminal *terminal;
    struct ls_frame *frame;
    ls_worker *worker;

    struct ls_policy policy; /* as it is being tuned */
    struct ls_policy saved;  /* as it was read or saved last */
    char scenario_path[512]; /* "" when there is none */
    char timezone[64];       /* that `dates` was made with */
    const struct ls_city *city;
    int32_t *dates; /* [n_dates] local dates with a row */
    size_t n_dates, date;

    ls_answers *answers;      /* those that were on screen, with the one that is */
    struct ls_answer *answer; /* on screen, one of them; NULL before the first */
    bool waiting;             /* a newer one is on its way */
    struct ls_gains gains;
    struct ls_sweeping sweeping;
    struct ls_comparing comparing;
    char data_checksum[LS_SHA256_SIZE]; /* "" before the first picture */
    ls_conversion *png;                 /* a picture that is being made, or NULL */
    bool studying;                      /* gains, a sweep or a picture are under way */

    struct ls_undo undo;
    const struct ls_parameter *turned; /* last, by nudges that form a step together; NULL: none */
    long turned_line;                  /* lines of the log once that nudge is in it */
    double turned_at;                  /* s */
    struct ls_log log;
    struct ls_play play;
    char caption[LS_LINE_BYTES]; /* of a script, on a line of its own */

    enum ls_view_id view;
    enum ls_view_id came_from, under_help; /* where Esc leads from a customer, and from help */
    int limit;                             /* row of the Day screen's list of limits */
    int slot;                              /* under the cursor */
    bool at_slots;                         /* the hardware cursor is on the slot, not on the limit */
    bool scale_locked;
    double usage_top, change_top;             /* of the scales, when locked */
    uint32_t customer;                        /* dataset index of the chosen customer */
    int why_source, why_destination;          /* pair asked about, or -1 */
    bool why_at_destination;                  /* which end the arrows move */
    struct ls_list customers, moves, changed; /* of the last, customers that A and B differ in most */
    int cost;                                 /* row of the limits' costs */
    int compare_pane;                         /* totals, or customers */
    ls_almanac *almanac;                      /* NULL before the calendar is first shown */
    struct ls_days_state days;
    ls_surveyor *surveyor; /* NULL before Data is first shown */
    bool survey_failed;
    size_t n_changes;
    struct ls_clock_change changes[LS_CHANGES_SHOWN]; /* of the city's clock, the first of n_changes */
    enum ls_moves_pane moves_pane;
    size_t scroll; /* of help and data */
    ls_form *form; /* while the parameters are on screen */

    enum ls_prompt_use prompt_use;
    struct ls_prompt prompt;
    struct ls_completion completion;
    struct ls_typed typed;
    struct ls_policy before_edit; /* what Esc goes back to */
    char message[400];            /* on the status line until the next key */
    bool message_is_error;
    bool mouse;
    bool shows_cost;  /* what a frame costs stands in the corner */
    bool for_picture; /* the drawing under way is for a file: nothing that a clock says */
    bool quit;
    bool idled; /* it quits because nobody was there */
};

/* Puts a printf-style text on the status line until the next key. */
void ls_explorer_say(struct ls_explorer *explorer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void ls_explorer_fail(struct ls_explorer *explorer, const struct ls_error *error);

/* The same for what cannot be followed as things stand, and what to do about it. */
void ls_explorer_refuse(struct ls_explorer *explorer, const char *what, const char *remedy);

/* Asks the worker for the city-day under the policy as it stands. */
void ls_explorer_solve(struct ls_explorer *explorer);

/* The rows between the tabs and the status line. */
struct ls_rect ls_explorer_body(const struct ls_explorer *explorer);

/* Goes to a view; help and a customer remember the one left. */
void ls_explorer_go(struct ls_explorer *explorer, enum ls_view_id view);

/* Changes the city (its first day, or the same date where it has one), and the day by index. */
void ls_explorer_set_city(struct ls_explorer *explorer, const struct ls_city *city);
void ls_explorer_set_date(struct ls_explorer *explorer, size_t index);

/* The policy was changed: solve again, and refresh what depends on it. */
void ls_explorer_policy_changed(struct ls_explorer *explorer);

/* The same as a step to be undone. Turns of one `parameter` in quick succession form one step; NULL: always
 * a step of its own. True when it is one, or a part of one: a turn that comes to nothing is none. */
bool ls_explorer_policy_turned(struct ls_explorer *explorer, const struct ls_parameter *parameter);

/* Makes `file` the session's scenario file, and the session's `file`. */
void ls_explorer_exchange_file(struct ls_explorer *explorer, struct ls_undo_file *file);

/* Takes a step back (1), or makes it again (-1). */
void ls_explorer_step_back(struct ls_explorer *explorer, int back);

/* For workers, on their threads: there is news. `user` is the terminal. */
void ls_explorer_wake(void *user);

/* Takes the worker's news onto the screen. */
void ls_explorer_take_news(struct ls_explorer *explorer);

/* Solves days in the background while their calendar is on the screen, and takes in what was found. */
void ls_explorer_mind_days(struct ls_explorer *explorer);

/* Begins the survey of the data once Data is on the screen. */
void ls_explorer_mind_survey(struct ls_explorer *explorer);

/* Puts the calendar's cursor on the day on screen. */
void ls_explorer_point_days(struct ls_explorer *explorer);

/* Stops solving days, or goes on. */
void ls_explorer_stop_days(struct ls_explorer *explorer);

/* Waits as long as a frame does for the answer that is on its way; true when none is any more. */
bool ls_explorer_settle(struct ls_explorer *explorer);

/* The answer on screen belongs to the limits and the day as they stand; waits as above for it to do so, and
 * where it does not, says so. Whatever is picked from an answer asks this, so that a log picks the same. */
bool ls_explorer_has_answer(struct ls_explorer *explorer);

/* The dates of `city` under the policy's zone; keeps the date on screen where it still exists. */
int ls_explorer_load_dates(struct ls_explorer *explorer, const struct ls_city *city, struct ls_error *error);

/* Index of the chosen customer in the answer's day; false when it has no reading that day. */
bool ls_explorer_customer_index(const struct ls_explorer *explorer, size_t *index);

/* Chooses a customer by its index in the answer's day, and the pair worth asking about. */
void ls_explorer_choose_customer(struct ls_explorer *explorer, size_t index);

/* Fills and sorts the table on screen anew: the view, the answer, the filter or the sorting changed. */
void ls_explorer_refresh_lists(struct ls_explorer *explorer);

/* The parameter in a row of the Day screen's limits; rows run from 0 to the list's last. */
const struct ls_parameter *ls_explorer_limit(int row);

/* How many rows there are. */
int ls_explorer_limits(void);

/* Its row there, or -1. */
int ls_explorer_limit_row(const struct ls_parameter *parameter);

/* What the user does, which a script does by the same functions: a key, a text pasted, a click. */
void ls_explorer_key(struct ls_explorer *explorer, int key);
void ls_explorer_paste(struct ls_explorer *explorer, const char *text);
void ls_explorer_click(struct ls_explorer *explorer, int row, int col, bool twice);

/* Whether any hour of the city's day is a peak; without one peak comfort limits nothing. */
bool ls_explorer_has_peaks(const struct ls_explorer *explorer);

/* Asks for the chosen limit's value. */
void ls_explorer_edit_limit(struct ls_explorer *explorer);

/* Logs that a limit of the Day screen was set to this. */
void ls_explorer_log_set(struct ls_explorer *explorer, const struct ls_parameter *limit, const char *value);

/* As Esc leaves a prompt; nothing without one. */
void ls_explorer_leave_prompt(struct ls_explorer *explorer);

/* Lists the customers whose id has this text. */
void ls_explorer_filter(struct ls_explorer *explorer, const char *text);

/* Shows a caption, or with "" none. */
void ls_explorer_caption(struct ls_explorer *explorer, const char *text);

/* Whether a line is kept for the script at play. */
bool ls_explorer_has_caption(const struct ls_explorer *explorer);

/* The rows for the view changed, by the window's size or by a caption. */
void ls_explorer_layout_changed(struct ls_explorer *explorer);

#endif
