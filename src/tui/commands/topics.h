/* The topics of the table, one a file. */
#ifndef LS_TUI_COMMANDS_TOPICS_H
#define LS_TUI_COMMANDS_TOPICS_H

#include "tui/commands/table.h"

extern const struct ls_topic ls_topic_screens, ls_topic_moving, ls_topic_limits, ls_topic_customers,
    ls_topic_study, ls_topic_session, ls_topic_program;

#endif
