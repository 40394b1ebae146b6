#include "data/columns.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define SPELLINGS 2

static const char *const spellings[LS_COLUMN_COUNT][SPELLINGS] = {
    [LS_COLUMN_ID] = {"ca_id"},
    [LS_COLUMN_DATE] = {"date"},
    [LS_COLUMN_CITY] = {"city"},
    [LS_COLUMN_VALUE] = {"value"},
    [LS_COLUMN_LONGITUDE] = {"customer_longitude"},
    [LS_COLUMN_LATITUDE] = {"customer_latitude"},
    [LS_COLUMN_MARGINAL] = {"marginal_emissions_factor_grams_co2_per_kWh",
                            "marginal_emissions_grams_co2_per_kWh"},
    [LS_COLUMN_AVERAGE] = {"average_emissions_factor_grams_co2_per_kWh",
                           "average_emissions_grams_co2_per_kWh"},
};

#define NEEDS(column) (1u << (column))
#define BOTH_FACTORS  (NEEDS(LS_COLUMN_MARGINAL) | NEEDS(LS_COLUMN_AVERAGE))

static const unsigned needed[] = {
    [LS_COLUMNS_READINGS] = NEEDS(LS_COLUMN_ID) | NEEDS(LS_COLUMN_DATE) | NEEDS(LS_COLUMN_CITY) |
                            NEEDS(LS_COLUMN_VALUE) | BOTH_FACTORS,
    [LS_COLUMNS_READINGS_ONLY] =
        NEEDS(LS_COLUMN_ID) | NEEDS(LS_COLUMN_DATE) | NEEDS(LS_COLUMN_CITY) | NEEDS(LS_COLUMN_VALUE),
    [LS_COLUMNS_FACTORS] = NEEDS(LS_COLUMN_CITY) | NEEDS(LS_COLUMN_DATE) | BOTH_FACTORS,
};

const char *ls_name_flaw(const char *text, size_t length)
{
    enum { NON_JOINER = 0x200C, JOINER = 0x200D };
    if (!g_utf8_validate(text, (gssize)length, NULL))
        return "a name that is not UTF-8 text";
    for (const char *at = text; at < text + length; at += g_unichar_to_utf8(g_utf8_get_char(at), NULL)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_iscntrl(c))
            return "a name with a control character";
        if (g_unichar_type(c) == G_UNICODE_FORMAT && c != NON_JOINER && c != JOINER)
            return "a name with a character that is not seen";
    }
    return NULL;
}

const char *ls_shown(const char *text, size_t length, char *out, size_t size)
{
    size_t used = 0, room = size - sizeof "...";
    const char *end = text + length;
    while (text < end) {
        gunichar c = g_utf8_get_char_validated(text, end - text);
        bool plain = c < 0x110000 && c != 0 && g_unichar_isprint(c);
        size_t bytes = plain ? (size_t)g_unichar_to_utf8(c, NULL) : 1;
        size_t shown = plain ? bytes : 4; /* \xNN */
        if (used + shown > room) {
            memcpy(out + used, "...", 3);
            used += 3;
            break;
        }
        if (plain)
            memcpy(out + used, text, bytes);
        else
            snprintf(out + used, size - used, "\\x%02x", (unsigned)(unsigned char)*text);
        used += shown;
        text += bytes;
    }
    out[used] = '\0';
    return out;
}

static int column_named(const struct ls_csv_field *field, int *spelling)
{
    for (int column = 0; column < LS_COLUMN_COUNT; column++)
        for (*spelling = 0; *spelling < SPELLINGS; ++*spelling) {
            const char *name = spellings[column][*spelling];
            if (name != NULL && strlen(name) == field->length &&
                memcmp(name, field->text, field->length) == 0)
                return column;
        }
    return LS_COLUMN_ABSENT;
}

/* Adds ", name" to a list, or "..." when it does not fit; after that nothing does. */
static void list_add(char *list, size_t size, const char *name)
{
    size_t used = strlen(list);
    bool fits = used + strlen(", ") + strlen(name) + sizeof ", ..." <= size;
    if (used < 3 || strcmp(list + used - 3, "...") != 0)
        snprintf(list + used, size - used, "%s%s", used > 0 ? ", " : "", fits ? name : "...");
}

static int columns_missing(unsigned missing, enum ls_columns_kind kind, const char *file,
                           const struct ls_csv_row *header, struct ls_error *error)
{
    char wanted[180] = "", found[180] = "", shown[LS_SHOWN_SIZE];
    for (int column = 0; column < LS_COLUMN_COUNT; column++)
        if ((missing & NEEDS(column)) != 0)
            list_add(wanted, sizeof wanted, spellings[column][0]);
    for (size_t i = 0; i < header->n_fields; i++)
        list_add(found, sizeof found,
                 ls_shown(header->fields[i].text, header->fields[i].length, shown, sizeof shown));
    int code = ls_error_set(error, LS_ERR_FORMAT, "no column %s; found %s", wanted, found);
    if (kind == LS_COLUMNS_READINGS && missing == BOTH_FACTORS)
        ls_error_remedy(error, "give the emission factors in a file of their own: --factors FILE");
    else
        ls_error_remedy(error, "name the columns in the first row as loadscope does: %s",
                        kind == LS_COLUMNS_FACTORS ? "city, date and the two factors"
                                                   : "ca_id, date, city, value and the two factors");
    ls_error_at(error, file, (long)header->line, 0, NULL);
    return code;
}

int ls_columns_find(enum ls_columns_kind kind, const char *file, const struct ls_csv_row *header,
                    struct ls_columns *out, struct ls_error *error)
{
    struct ls_columns columns = {.n_fields = header->n_fields};
    unsigned found = 0;
    for (int column = 0; column < LS_COLUMN_COUNT; column++) {
        columns.index[column] = LS_COLUMN_ABSENT;
        columns.spelling[column] = spellings[column][0];
    }
    for (size_t i = 0; i < header->n_fields; i++) {
        int spelling, column = column_named(&header->fields[i], &spelling);
        if (column == LS_COLUMN_ABSENT)
            continue;
        if (columns.index[column] != LS_COLUMN_ABSENT) {
            int code = ls_error_set(error, LS_ERR_FORMAT, "the same column twice, here and as field %d",
                                    columns.index[column] + 1);
            ls_error_remedy(error, "remove or rename one of them");
            ls_error_at(error, file, (long)header->line, (int)i + 1, spellings[column][spelling]);
            return code;
        }
        columns.index[column] = (int)i;
        columns.spelling[column] = spellings[column][spelling];
        found |= NEEDS(column);
    }
    unsigned missing = needed[kind] & ~found;
    /* One factor without the other is of no use, and surely a slip. */
    if ((found & BOTH_FACTORS) != 0)
        missing |= BOTH_FACTORS & ~found;
    if (missing != 0)
        return columns_missing(missing, kind, file, header, error);
    *out = columns;
    return 0;
}
