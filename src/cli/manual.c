/*
 * The manual page. What is a table in the program is written from that table, so it cannot fall behind; the
 * prose between is here.
 *
 * Prose is kept as roff with lines of at most 80 bytes; text of the tables goes through write_text(), which
 * escapes and wraps it.
 */
#include "cli/manual.h"

#include "cli/command.h"
#include "tui/commands.h"
#include "tui/keys.h"

#include <loadscope/policy.h>

#include <glib.h>
#include <string.h>

#define MANUAL_DATE "2026-11-21"
#define WRAP_COLS   78
#define MANY        1e15 /* a range that ends higher is called open */

static const char description[] =
    ".SH DESCRIPTION\n"
    "Loadscope shows how much CO2 the households of a city could avoid by using\n"
    "electricity at other hours of the same day, and what stops them.\n"
    "It reads measured consumption and emission factors, moves energy from slots\n"
    "with a high marginal factor to slots with a lower one within limits that the\n"
    "user sets, and says of every move, and of every move not made, which limit\n"
    "decided it.\n"
    ".PP\n"
    "The unit of work is a\n"
    ".IR city\\-day :\n"
    "the homes of one city on one local day.\n"
    "A home is called a customer.\n"
    "Savings are always given twice: by the marginal factor, which decides, and by\n"
    "the average factor, which may disagree.\n"
    "Nothing is ever used less; energy only moves within its customer's day.\n"
    ".PP\n"
    "Each result comes with a proven upper bound on the marginal saving of any plan\n"
    "of the city\\-day that keeps the limits of the engine, in whatever order its\n"
    "customers are served; the distance to it is called the gap.\n";

static const char data_columns[] =
    ".SH DATA\n"
    "Readings are CSV with a header, plain or compressed by\n"
    ".BR gzip (1).\n"
    "Columns may stand in any order, and others are ignored.\n"
    "Several files are read as one dataset.\n"
    ".TP\n"
    ".B ca_id\n"
    "The customer, text of at most 63 bytes.\n"
    "The same id in two cities means two customers.\n"
    ".TP\n"
    ".B date\n"
    "Start of the slot with its UTC offset, as 2022\\-05\\-02T00:30:00+05:30.\n"
    "T or a blank stands before the time; Z, +hh, +hhmm and +hh:mm are offsets.\n"
    "A time without an offset is refused.\n"
    ".TP\n"
    ".B city\n"
    "Text of at most 63 bytes; names match exactly.\n"
    ".TP\n"
    ".B value\n"
    "Energy used in the slot [kWh].\n"
    ".TP\n"
    ".BR customer_longitude \", \" customer_latitude\n"
    "Place of the customer [degrees]; may be absent.\n"
    ".TP\n"
    ".B marginal_emissions_factor_grams_co2_per_kWh\n"
    "Marginal factor of city and slot [g/kWh].\n"
    ".TP\n"
    ".B average_emissions_factor_grams_co2_per_kWh\n"
    "Average factor of city and slot [g/kWh].\n"
    ".PP\n"
    "Both names of factors are also known without\n"
    ".BR _factor .\n"
    "Instead of the two factor columns,\n"
    ".B \\-\\-factors\n"
    "names a file with\n"
    ".BR city \", \" date\n"
    "and both factors.\n"
    "A city has one pair of factors a slot: rows that contradict each other are an\n"
    "error that names both lines.\n";

static const char data_rules[] =
    ".PP\n"
    "Slots are 30 minutes unless\n"
    ".B behaviour.slot_minutes\n"
    "says otherwise, counted from local midnight.\n"
    "A local day is as long as its time zone makes it: 46 or 50 half hours where\n"
    "the clock changes.\n"
    ".PP\n"
    "Doubtful readings are kept out and counted, never repaired:\n"
    ".IP \\(bu 2\n"
    "an empty reading, NaN, NA or null, or no row at all, is unknown: such a slot\n"
    "is neither source nor destination for that customer;\n"
    ".IP \\(bu 2\n"
    "a negative reading (export) is treated as unknown;\n"
    ".IP \\(bu 2\n"
    "an exact duplicate of a row is dropped, while two different readings of one\n"
    "customer and slot are an error;\n"
    ".IP \\(bu 2\n"
    "readings are kept in whole steps of 1 mWh (0.000001 kWh), or of 10, 100 or\n"
    "1000 mWh where the largest reading needs it; finer digits are rounded;\n"
    ".IP \\(bu 2\n"
    "a slot without both factors is neither source nor destination for anyone, and\n"
    "its usage counts in no emission total.\n"
    ".PP\n"
    "The counts stand on the Data screen and in what is printed by\n"
    ".BR \\-\\-plain .\n"
    ".B loadscope info\n"
    "tells more: which homes they belong to, and what else is doubtful.\n"
    "With\n"
    ".B \\-\\-json\n"
    "it prints one object with what was read, and in\n"
    ".B doubts\n"
    "one object a doubt: what was\n"
    ".BR found ,\n"
    "a\n"
    ".BR remedy ,\n"
    "the\n"
    ".B worst\n"
    "homes, and whether it is\n"
    ".BR minor .\n"
    "Anything else that is wrong with a file is refused as a whole, with file,\n"
    "line, column, what was found and what to do.\n";

static const char scenario[] =
    ".SH SCENARIO FILES\n"
    "A scenario holds the limits, as INI.\n"
    "What it leaves out keeps its default.\n"
    "A comment begins with ; or #.\n"
    "The same names, written\n"
    ".IR section . key\n"
    "or, for what belongs to a city,\n"
    ".IR section . city . key ,\n"
    "serve\n"
    ".B \\-\\-set\n"
    "and the command\n"
    ".B :set\n"
    "of the explorer.\n"
    "An unknown section or key, or a value out of range, is an error with its line\n"
    "and the nearest valid name.\n"
    ".PP\n"
    ".EX\n"
    "[behaviour]\n"
    "moves_per_day = 1\n"
    "moves_per_week = 3\n"
    "shift_window_hours = 2\n"
    "\n"
    "[peak]\n"
    "reduction_limit_percent = 25\n"
    "\n"
    "[peak_hours.delhi]\n"
    "Mon = 8 9 10 11 12 20\n"
    "Sat = 9\\-13,20\n"
    "\n"
    "[regional]\n"
    "load_shift_percent_limit = 10\n"
    "\n"
    "[regional_daily_load_kwh]\n"
    "delhi = auto\n"
    "\n"
    "[spike]\n"
    "alpha_percent = none\n"
    "\n"
    "[run]\n"
    "engine = milp\n"
    ".EE\n";

static const char explorer[] =
    ".SH THE EXPLORER\n"
    "The first screen is the Day: at left the limits and the totals; at right, on\n"
    "one time axis, usage before and after, the change by slot on a scale of its\n"
    "own, and both emission factors.\n"
    "Kept energy, energy moved out and energy moved in have a glyph each, so that\n"
    "the picture reads without colour.\n"
    "A limit that differs from the saved scenario carries a *.\n"
    "Peak hours are marked on the axis, and so are slots that the anti\\-spike limit\n"
    "has filled.\n"
    ".PP\n"
    "A limit that is typed or nudged solves the day anew at once, in the\n"
    "background; the screen never waits.\n"
    "While the exact engine works, its progress is shown with the saving so far and\n"
    "the most it can become, and the picture says that it belongs to the limits\n"
    "before.\n"
    ".PP\n"
    "Customers lists the homes of the day.\n"
    ".B Enter\n"
    "opens one with its usage, floor, moves and the reason for them: for a move the\n"
    "limit that stopped it from being larger, for any other pair of slots the first\n"
    "limit that refuses it and the smallest change of a parameter that would let it\n"
    "through.\n"
    "Moves is the ledger of the day, with a map of origins and destinations by\n"
    "hour.\n"
    "Data tells what was read.\n"
    "Parameters has every limit on a form.\n"
    ".PP\n"
    "The explorer needs 60 columns and 16 rows; in less it says so and waits.\n"
    "Without UTF\\-8 it draws in ASCII, without colour in plain, bold and reverse.\n"
    "It leaves the terminal as it found it, also after a signal.\n"
    ".PP\n"
    "Everything that a key does is a command with a name, which may be typed after\n"
    ".BR : .\n";

static const char output_plain[] =
    ".SH OUTPUT\n"
    "Without a terminal, or with\n"
    ".BR \\-\\-plain ,\n"
    "the day is printed: totals, what was read, the limits that bind, a table of all\n"
    "slots, and the moves that save most.\n"
    "In the table,\n"
    ".B peak\n"
    "marks a peak hour and\n"
    ".B full\n"
    "a slot in which the anti\\-spike limit leaves no room.\n"
    "Energies are kWh, factors g/kWh, and savings kg or g of CO2.\n"
    ".PP\n"
    "With\n"
    ".B \\-\\-json\n"
    "each city\\-day is one object on one line.\n"
    "A limit that is off and a factor that is unknown are\n"
    ".BR null .\n";

static const struct {
    const char *keys, *meaning;
} json_keys[] = {
    {"city, day, engine, week_context", "which answer this is; day is the local date"},
    {"outcome", "complete, cancelled or time limit"},
    {"slots, customers", "slots of the day, and customers with a known reading"},
    {"customers_moving, customers_without_quota",
     "customers with at least one move, and those with no move of the week left"},
    {"baseline_kwh, uncovered_kwh, moved_kwh",
     "known readings; of them, those in slots without factors; energy moved [kWh]"},
    {"moves, sources, moves_disagreeing",
     "moves; emptied slots, which count against the quotas; moves that save marginal but raise average "
     "emissions"},
    {"saved_marg_g, saved_avg_g, baseline_marg_g, baseline_avg_g",
     "saved and original emissions by both factors [g]"},
    {"bound_marg_g", "no plan of these customers saves more than this [g]"},
    {"budget_kwh, budget_used_kwh", "regional budget of the day and its use [kWh]"},
    {"daily_load_kwh, own_daily_load_kwh",
     "the region's daily load as given, and the average day of the readings [kWh]"},
    {"limited_by", "number of moves by the limit that stopped them"},
    {"by_slot", "one object a slot: time, baseline_kwh, shifted_kwh, out_kwh, in_kwh, room_kwh, "
                "mef_g_per_kwh, aef_g_per_kwh, peak, spike_binds"},
};

static const char ending[] = ".SH EXIT STATUS\n"
                             ".TP\n"
                             ".B 0\n"
                             "Done.\n"
                             ".TP\n"
                             ".B 1\n"
                             "Failed: memory, the solver, or writing the output.\n"
                             ".TP\n"
                             ".B 2\n"
                             "Refused: the command line, the scenario or the data are wrong; standard error\n"
                             "says where and what to do.\n"
                             ".SH ENVIRONMENT\n"
                             ".TP\n"
                             ".B NO_COLOR\n"
                             "When set and not empty, no colours are used.\n"
                             ".TP\n"
                             ".B TERM\n"
                             "Type of the terminal; an unknown one is taken for something like xterm.\n"
                             ".TP\n"
                             ".BR LC_ALL \", \" LC_CTYPE \", \" LANG\n"
                             "Whether the terminal shows UTF\\-8. Numbers and dates do not depend on them.\n"
                             ".TP\n"
                             ".B ESCDELAY\n"
                             "Milliseconds to wait after Esc for the rest of a key's sequence (25).\n"
                             ".SH FILES\n"
                             ".TP\n"
                             ".I /usr/share/zoneinfo\n"
                             "Time zones.\n"
                             ".PP\n"
                             "No configuration file is read, and nothing is written but what\n"
                             ".B :save\n"
                             "and\n"
                             ".B loadscope sample \\-\\-output\n"
                             "name.\n"
                             ".SH EXAMPLES\n"
                             "Make a dataset and explore it:\n"
                             ".PP\n"
                             ".EX\n"
                             "loadscope sample \\-\\-customers 60 \\-\\-days 14 \\-\\-output homes.csv\n"
                             "loadscope homes.csv \\-\\-scenario sample_data/restricted.ini\n"
                             ".EE\n"
                             ".PP\n"
                             "Print one day with a tighter anti\\-spike limit:\n"
                             ".PP\n"
                             ".EX\n"
                             "loadscope \\-\\-plain homes.csv \\-\\-city delhi \\-\\-day 2022\\-05\\-05 \\e\n"
                             "    \\-\\-set spike.alpha_percent=5\n"
                             ".EE\n"
                             ".PP\n"
                             "Readings and factors in two files, in a zone with summer time:\n"
                             ".PP\n"
                             ".EX\n"
                             "loadscope readings.csv.gz \\-\\-factors factors.csv \\e\n"
                             "    \\-\\-set behaviour.timezone=Europe/London\n"
                             ".EE\n"
                             ".PP\n"
                             "Marginal saving of every day, each in its week:\n"
                             ".PP\n"
                             ".EX\n"
                             "loadscope \\-\\-json homes.csv \\-\\-set run.week_context=in_week |\n"
                             "    jq \\-r \\(aq[.city, .day, .saved_marg_g] | @tsv\\(aq\n"
                             ".EE\n"
                             ".SH SEE ALSO\n"
                             ".BR glpsol (1),\n"
                             ".BR jq (1),\n"
                             ".BR tzselect (8)\n";

/* Writes `length` bytes of UTF-8 so that roff prints them as they are; returns the bytes written. */
static int write_escaped(FILE *out, const char *text, size_t length)
{
    static const struct {
        char plain;
        const char *roff;
    } escapes[] = {{'\\', "\\e"},  {'-', "\\-"},   {'\'', "\\(aq"}, {'`', "\\(ga"},
                   {'^', "\\(ha"}, {'~', "\\(ti"}, {'"', "\\(dq"}};
    int written = 0;
    const char *end = text + length;
    if (length > 0 && text[0] == '.')
        written += fprintf(out, "\\&"); /* a word may come to stand first in a line */
    while (text < end) {
        const char *roff = NULL;
        gunichar letter = g_utf8_get_char(text);
        for (size_t i = 0; i < G_N_ELEMENTS(escapes); i++)
            if (escapes[i].plain == *text)
                roff = escapes[i].roff;
        if (roff != NULL)
            written += fprintf(out, "%s", roff);
        else if (letter >= 0x80)
            written += fprintf(out, "\\[u%04X]", letter);
        else
            written += fprintf(out, "%c", *text);
        text += g_unichar_to_utf8(letter, NULL);
    }
    return written;
}

/* Writes lines of text: wrapped, and broken after a sentence, as roff wants it. */
static void write_text(FILE *out, const char *text)
{
    int column = 0;
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        size_t length = strcspn(text, " ");
        bool sentence = text[length - 1] == '.' && text[length] != '\0';
        if (column > 0 && column + 1 + (int)length > WRAP_COLS) {
            fputc('\n', out);
            column = 0;
        }
        if (column > 0)
            column += fprintf(out, " ");
        column += write_escaped(out, text, length);
        if (sentence) {
            fputc('\n', out);
            column = 0;
        }
        text += length;
    }
    if (column > 0)
        fputc('\n', out);
}

static void write_bold(FILE *out, const char *before, const char *text)
{
    fprintf(out, "%s\\fB", before);
    write_escaped(out, text, strlen(text));
    fprintf(out, "\\fR");
}

static void write_italic(FILE *out, const char *before, const char *text)
{
    fprintf(out, "%s\\fI", before);
    write_escaped(out, text, strlen(text));
    fprintf(out, "\\fR");
}

static void write_synopsis(FILE *out)
{
    size_t count;
    const struct ls_command *const *commands = ls_commands(&count);
    fprintf(out, ".SH SYNOPSIS\n");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fprintf(out, ".br\n");
        fprintf(out, ".B loadscope\n");
        write_bold(out, i == 0 ? "[" : "", commands[i]->name);
        fprintf(out, "%s [\\fIOPTION\\fR]...", i == 0 ? "]" : "");
        if (commands[i]->operands[0] != '\0')
            write_italic(out, " ", commands[i]->operands);
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
            write_bold(out, "", name);
            fprintf(out, ", ");
        }
        snprintf(name, sizeof name, "--%s", option->name);
        write_bold(out, "", name);
        if (option->argument != NULL)
            write_italic(out, " ", option->argument);
        fputc('\n', out);
        write_text(out, option->help);
    }
}

static void write_commands(FILE *out)
{
    size_t count;
    const struct ls_command *const *commands = ls_commands(&count);
    fprintf(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < count; i++) {
        fprintf(out, ".SS loadscope %s\n", commands[i]->name);
        write_text(out, commands[i]->text);
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
        for (size_t used = 0, i = 0; p->choices[i] != NULL && used < sizeof values; i++)
            used += (size_t)snprintf(values + used, sizeof values - used, "%s%s",
                                     i == 0                      ? ""
                                     : p->choices[i + 1] == NULL ? " or "
                                                                 : ", ",
                                     p->choices[i]);
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
    write_bold(out, "", p->key[0] != '\0' ? p->key : "CITY");
    for (; p->type == LS_TYPE_HOURS && taken < n_left && p[taken].type == LS_TYPE_HOURS; taken++)
        write_bold(out, ", ", p[taken].key);
    if (p->symbol[0] != '\0') {
        fprintf(out, " (");
        write_escaped(out, p->symbol, strlen(p->symbol));
        fputc(')', out);
    }
    fputc('\n', out);
    write_text(out, describe_range(p, range, sizeof range));
    write_text(out, p->help);
    if (taken > 1)
        write_text(out, "The other days likewise.");
    return taken;
}

static void write_parameters(FILE *out)
{
    size_t count;
    const struct ls_parameter *p = ls_parameters(&count);
    fprintf(out, ".SH PARAMETERS\n");
    write_text(out, "CITY stands for a city's name as the data have it. The value none switches a limit "
                    "off where it is allowed.");
    for (size_t i = 0; i < count;) {
        if (i == 0 || strcmp(p[i].section, p[i - 1].section) != 0)
            fprintf(out, ".SS [%s%s]\n", p[i].section, p[i].per_city && p[i].key[0] != '\0' ? ".CITY" : "");
        i += write_parameter(out, &p[i], count - i);
    }
}

static void write_keys(FILE *out)
{
    size_t count;
    const struct ls_tui_command *command = ls_tui_commands(&count);
    for (size_t i = 0; i < count; i++) {
        char name[64], key[16];
        if (i == 0 || strcmp(command[i].group, command[i - 1].group) != 0)
            fprintf(out, ".SS %s\n", command[i].group);
        fprintf(out, ".TP\n");
        for (int k = 0; k < LS_KEYS_MAX && command[i].keys[k] != 0; k++) {
            write_bold(out, "", ls_tui_key_name(command[i].keys[k], key));
            fprintf(out, ", ");
        }
        snprintf(name, sizeof name, ":%s", command[i].name);
        write_bold(out, "", name);
        if (command[i].argument != NULL)
            write_italic(out, " ", command[i].argument);
        fputc('\n', out);
        write_text(out, command[i].help);
    }
}

static void write_json_keys(FILE *out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(json_keys); i++) {
        fprintf(out, ".TP\n");
        write_bold(out, "", json_keys[i].keys);
        fputc('\n', out);
        write_text(out, json_keys[i].meaning);
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
    fputs(description, out);
    write_commands(out);
    fputs(data_columns, out);
    fputs(data_rules, out);
    fputs(scenario, out);
    write_parameters(out);
    fputs(explorer, out);
    write_keys(out);
    fputs(output_plain, out);
    write_json_keys(out);
    fputs(ending, out);
}
