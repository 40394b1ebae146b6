/*
 * The manual page. What is a table in the program is written from that table, so it cannot fall behind; the
 * prose between is in manual_text.c and manual_explorer.c.
 */
#include "cli/manual.h"

#include "base/text.h"
#include "cli/command.h"
#include "cli/manual_text.h"
#include "cli/roff.h"
#include "tui/commands/table.h"
#include "tui/keys.h"

#include <loadscope/policy.h>

#include <string.h>

#define MANUAL_DATE "2026-11-21"
#define MANY        1e15 /* a range that ends higher is called open */

static void write_synopsis(FILE *out)
{
    size_t count;
    const struct ls_command *const *commands = ls_commands(&count);
    fprintf(out, ".SH SYNOPSIS\n");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fprintf(out, ".br\n");
        fprintf(out, ".B loadscope\n");
        ls_roff_bold(out, i == 0 ? "[" : "", commands[i]->name);
        fprintf(out, "%s [\\fIOPTION\\fR]...", i == 0 ? "]" : "");
        if (commands[i]->operands[0] != '\0')
            ls_roff_italic(out, " ", commands[i]->operands);
        fputc('\n', out);
    }
    fprintf(out, ".br\n.B loadscope \\-\\-version\n");
}

static void write_options(FILE *out, const struct ls_option *option)
{
    for (; option->name != NULL; option++) {
        char name[64];
        fprintf(out, ".TP\n");
        if (option->letter != 0) {
            snprintf(name, sizeof name, "-%c", option->letter);
            ls_roff_bold(out, "", name);
            fprintf(out, ", ");
        }
        snprintf(name, sizeof name, "--%s", option->name);
        ls_roff_bold(out, "", name);
        if (option->argument != NULL)
            ls_roff_italic(out, " ", option->argument);
        fputc('\n', out);
        ls_roff_text(out, option->help);
    }
}

static void write_commands(FILE *out)
{
    size_t count;
    const struct ls_command *const *commands = ls_commands(&count);
    fprintf(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < count; i++) {
        fprintf(out, ".SS loadscope %s\n", commands[i]->name);
        ls_roff_text(out, commands[i]->text);
        write_options(out, commands[i]->options);
    }
}

/* "0 to 100 %, or none; default 25." Returns `range`. */
static const char *describe_range(const struct ls_parameter *p, char *range, size_t size)
{
    char values[200] = "";
    const char *gap = p->unit[0] != '\0' ? " " : "";
    switch (p->type) {
    case LS_TYPE_INTEGER:
    case LS_TYPE_REAL:
        if (p->high > MANY)
            snprintf(values, sizeof values, "%g or more%s%s", p->low, gap, p->unit);
        else
            snprintf(values, sizeof values, "%g to %g%s%s", p->low, p->high, gap, p->unit);
        break;
    case LS_TYPE_BOOLEAN:
        snprintf(values, sizeof values, "yes or no");
        break;
    case LS_TYPE_CHOICE:
        (void)ls_text_list(p->choices, values, sizeof values);
        break;
    case LS_TYPE_ZONE:
        snprintf(values, sizeof values, "an IANA name, or auto");
        break;
    case LS_TYPE_SPAN:
        snprintf(values, sizeof values, "hh:mm-hh:mm");
        break;
    case LS_TYPE_HOURS:
        snprintf(values, sizeof values, "hours from %g to %g", p->low, p->high);
        break;
    case LS_TYPE_LOAD:
        snprintf(values, sizeof values, "a number of %s, or auto", p->unit);
        break;
    }
    bool none = p->may_be_none && p->type != LS_TYPE_CHOICE;
    snprintf(range, size, "%s: %s%s; default %s.", p->label, values, none ? ", or none" : "",
             p->fallback[0] != '\0' ? p->fallback : "empty");
    return range;
}

/* One paragraph for `p`; rows of hours that follow it, one a weekday, share it. Returns the rows taken. */
static size_t write_parameter(FILE *out, const struct ls_parameter *p, size_t n_left)
{
    char range[400];
    size_t taken = 1;
    fprintf(out, ".TP\n");
    ls_roff_bold(out, "", p->key[0] != '\0' ? p->key : "CITY");
    for (; p->type == LS_TYPE_HOURS && taken < n_left && p[taken].type == LS_TYPE_HOURS; taken++)
        ls_roff_bold(out, ", ", p[taken].key);
    if (p->symbol[0] != '\0') {
        fprintf(out, " (");
        ls_roff_escaped(out, p->symbol, strlen(p->symbol));
        fputc(')', out);
    }
    fputc('\n', out);
    ls_roff_text(out, describe_range(p, range, sizeof range));
    ls_roff_text(out, p->help);
    if (taken > 1)
        ls_roff_text(out, "The other days likewise.");
    return taken;
}

static void write_parameters(FILE *out)
{
    size_t count;
    const struct ls_parameter *p = ls_parameters(&count);
    fprintf(out, ".SH PARAMETERS\n");
    ls_roff_text(out, "CITY stands for a city's name as the data have it. The value none switches a limit "
                      "off where it is allowed.");
    for (size_t i = 0; i < count;) {
        if (i == 0 || strcmp(p[i].section, p[i - 1].section) != 0)
            fprintf(out, ".SS [%s%s]\n", p[i].section, p[i].per_city && p[i].key[0] != '\0' ? ".CITY" : "");
        i += write_parameter(out, &p[i], count - i);
    }
}

static void write_command(FILE *out, const struct ls_tui_command *command)
{
    char name[64], key[16], usage[64];
    fprintf(out, ".TP\n");
    for (int k = 0; k < LS_KEYS_MAX && command->keys[k] != 0; k++) {
        ls_roff_bold(out, "", ls_tui_key_name(command->keys[k], key));
        fprintf(out, ", ");
    }
    snprintf(name, sizeof name, ":%s", command->name);
    ls_roff_bold(out, "", name);
    if (command->arguments[0].label != NULL)
        ls_roff_italic(out, " ", ls_command_usage(command, usage));
    fputc('\n', out);
    ls_roff_text(out, command->help);
}

static void write_keys(FILE *out)
{
    size_t count;
    const struct ls_topic *const *topics = ls_topics(&count);
    for (size_t t = 0; t < count; t++) {
        fprintf(out, ".SS %s\n", topics[t]->heading);
        for (size_t i = 0; i < topics[t]->count; i++)
            write_command(out, &topics[t]->commands[i]);
    }
}

static void write_entries(FILE *out, const struct ls_manual_entry *entry)
{
    for (; entry->meaning != NULL; entry++) {
        if (entry->heading != NULL) {
            fprintf(out, ".SS \"");
            ls_roff_escaped(out, entry->heading, strlen(entry->heading));
            fprintf(out, "\"\n");
        }
        if (entry->names[0] != '\0') {
            fprintf(out, ".TP\n");
            ls_roff_bold(out, "", entry->names);
            fputc('\n', out);
        }
        ls_roff_text(out, entry->meaning);
    }
}

void ls_manual_write(FILE *out)
{
    fprintf(out,
            ".\\\" Written by: loadscope help manual\n"
            ".TH LOADSCOPE 1 \"%s\" \"loadscope %s\" \"User Commands\"\n"
            ".SH NAME\n"
            "loadscope \\- explore how household electricity could shift to cleaner hours\n",
            MANUAL_DATE, LS_VERSION);
    write_synopsis(out);
    fputs(ls_manual_description, out);
    write_commands(out);
    fputs(ls_manual_data_columns, out);
    fputs(ls_manual_data_rules, out);
    fputs(ls_manual_scenario, out);
    write_parameters(out);
    fputs(ls_manual_explorer, out);
    write_keys(out);
    fputs(ls_manual_over_ssh, out);
    fputs(ls_manual_output, out);
    write_entries(out, ls_manual_json_keys);
    fputs(ls_manual_results, out);
    write_entries(out, ls_manual_result_files);
    fputs(ls_manual_ending, out);
}
