/*
 * Dates by arithmetic, zones by GLib's reading of the system's IANA database.
 *
 * A zone is a sorted table of its stretches of constant offset, made when it is opened: asking GLib costs a
 * walk over all transitions, and a run over many readings asks millions of times. It holds no pointer into
 * GLib and never changes, so several threads may read it.
 */
#include <loadscope/calendar.h>

#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_S ((int64_t)LS_DAY_MINUTES * LS_MINUTE_S)

/* No transition lies outside these instants, some 8,700 years around 1970. */
#define HORIZON_S ((int64_t)1 << 38)

/* From `from` up to the next stretch's; the first begins at INT64_MIN. */
struct stretch {
    int64_t from;
    int32_t offset_s;
};

struct ls_zone {
    char name[64];
    size_t n_stretches;
    struct stretch stretches[]; /* [n_stretches] ascending */
};

static const char *const weekday_names[LS_DAYS_A_WEEK] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

static int interval_at(GTimeZone *rules, int64_t instant)
{
    return g_time_zone_find_interval(rules, G_TIME_TYPE_UNIVERSAL, instant);
}

/*
 * The first instant after `low` whose interval is at least `wanted`, as the one at HORIZON_S is. Most rules
 * name a weekday, so 52 or 53 weeks after the transition before the last is tried first.
 */
static int64_t interval_start(GTimeZone *rules, int wanted, int64_t low, int64_t before_last)
{
    for (int64_t weeks = 52; weeks <= 53; weeks++) {
        int64_t guess = before_last + weeks * LS_DAYS_A_WEEK * DAY_S;
        if (guess > low && interval_at(rules, guess) == wanted && interval_at(rules, guess - 1) < wanted)
            return guess;
    }
    int64_t stride = 128 * DAY_S, high = low + stride;
    while (high < HORIZON_S && interval_at(rules, high) < wanted) {
        low = high;
        stride *= 2;
        high = low + stride;
    }
    high = high < HORIZON_S ? high : HORIZON_S;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (interval_at(rules, middle) < wanted)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* Tabulates `rules` and lets go of them. */
static int zone_make(GTimeZone *rules, const char *name, ls_zone **out, struct ls_error *error)
{
    int first = interval_at(rules, -HORIZON_S), last = interval_at(rules, HORIZON_S);
    ls_zone *zone = malloc(sizeof *zone + ((size_t)(last - first) + 1) * sizeof *zone->stretches);
    if (zone == NULL) {
        g_time_zone_unref(rules);
        return ls_error_set(error, LS_ERR_MEMORY, "out of memory opening time zone '%s'", name);
    }
    snprintf(zone->name, sizeof zone->name, "%s", name);
    zone->n_stretches = 1;
    zone->stretches[0] = (struct stretch){INT64_MIN, g_time_zone_get_offset(rules, first)};
    int64_t before_last = -HORIZON_S, low = -HORIZON_S;
    for (int i = first + 1; i <= last; i++) {
        int32_t offset_s = g_time_zone_get_offset(rules, i);
        int64_t from = interval_start(rules, i, low, before_last);
        before_last = low;
        low = from;
        if (offset_s != zone->stretches[zone->n_stretches - 1].offset_s)
            zone->stretches[zone->n_stretches++] = (struct stretch){low, offset_s};
    }
    g_time_zone_unref(rules);
    *out = zone;
    return 0;
}

/* Fits an IANA name or an offset. An empty name would mean this machine's zone, a comma makes a POSIX rule,
 * and a dot leads out of the folder of zones. */
static bool is_plain(const char *name)
{
    if (name[0] == '\0' || name[0] == '/' || name[0] == ':' || strpbrk(name, ".,") != NULL)
        return false;
    size_t length = 0;
    while (g_ascii_isgraph(name[length]))
        length++;
    return length < sizeof((ls_zone *)NULL)->name && name[length] == '\0';
}

/* Beside the zones stand tables and lists, about which GLib complains on the terminal. What is no file at all
 * may be an offset. */
static bool is_other_file(const char *name)
{
    static const char magic[] = {'T', 'Z', 'i', 'f'};
    const char *folder = getenv("TZDIR");
    char *path = g_build_filename(folder != NULL ? folder : "/usr/share/zoneinfo", name, NULL);
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    g_free(path);
    if (fd < 0)
        return false;
    char head[sizeof magic];
    struct stat status;
    bool is_zone = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                   read(fd, head, sizeof head) == (ssize_t)sizeof head &&
                   memcmp(head, magic, sizeof magic) == 0;
    (void)close(fd);
    return !is_zone;
}

int ls_zone_open(const char *name, ls_zone **out, struct ls_error *error)
{
    GTimeZone *rules = is_plain(name) && !is_other_file(name) ? g_time_zone_new_identifier(name) : NULL;
    if (rules == NULL) {
        ls_error_set(error, LS_ERR_VALUE, "unknown time zone '%s'", name);
        return ls_error_remedy(
            error, "give an IANA name such as Europe/London or Asia/Kolkata, or an offset such as +05:30");
    }
    return zone_make(rules, name, out, error);
}

int ls_zone_open_fixed(int32_t offset_s, ls_zone **out, struct ls_error *error)
{
    char name[16];
    int minutes = abs(offset_s) / LS_MINUTE_S;
    snprintf(name, sizeof name, "%c%02d:%02d", offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return zone_make(g_time_zone_new_offset(offset_s), name, out, error);
}

void ls_zone_close(ls_zone *zone)
{
    free(zone);
}

const char *ls_zone_name(const ls_zone *zone)
{
    return zone->name;
}

/* The stretch that holds `instant`. */
static size_t stretch_at(const ls_zone *zone, int64_t instant)
{
    size_t low = 0, high = zone->n_stretches;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->stretches[middle].from <= instant)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int32_t ls_zone_offset(const ls_zone *zone, int64_t instant)
{
    return zone->stretches[stretch_at(zone, instant)].offset_s;
}

int64_t ls_zone_day_start(const ls_zone *zone, int32_t date)
{
    /* The first instant whose wall clock stands at or after midnight; no zone is two days from UTC. */
    const int64_t midnight = date * DAY_S;
    for (size_t i = stretch_at(zone, midnight - 2 * DAY_S);; i++) {
        int64_t candidate = midnight - zone->stretches[i].offset_s;
        if (candidate < zone->stretches[i].from)
            candidate = zone->stretches[i].from;
        if (i + 1 == zone->n_stretches || candidate < zone->stretches[i + 1].from)
            return candidate;
    }
}

int32_t ls_zone_date(const ls_zone *zone, int64_t instant)
{
    int64_t local = instant + ls_zone_offset(zone, instant);
    int32_t date = (int32_t)((local >= 0 ? local : local - DAY_S + 1) / DAY_S);
    while (ls_zone_day_start(zone, date) > instant)
        date--;
    while (ls_zone_day_start(zone, date + 1) <= instant)
        date++;
    return date;
}

int ls_date_weekday(int32_t date)
{
    int day = (date + 3) % LS_DAYS_A_WEEK; /* 1970-01-01 was a Thursday */
    return day < 0 ? day + LS_DAYS_A_WEEK : day;
}

int32_t ls_date_week_start(int32_t date)
{
    return date - ls_date_weekday(date);
}

const char *ls_weekday_name(int weekday)
{
    return weekday_names[weekday];
}

/* Days since 1970-01-01 of a proleptic Gregorian date; H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms". */
static int32_t date_from_civil(int year, int month, int day)
{
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/* The inverse, from the same source. */
static void date_to_civil(int32_t date, int *year, int *month, int *day)
{
    int z = date + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

void ls_date_year_span(int32_t date, int32_t *first, int32_t *next)
{
    int year, month, day;
    date_to_civil(date, &year, &month, &day);
    *first = date_from_civil(year, 1, 1);
    *next = date_from_civil(year + 1, 1, 1);
}

void ls_date_month_span(int32_t date, int32_t *first, int32_t *next)
{
    int year, month, day;
    date_to_civil(date, &year, &month, &day);
    *first = date_from_civil(year, month, 1);
    *next = month == 12 ? date_from_civil(year + 1, 1, 1) : date_from_civil(year, month + 1, 1);
}

/* Reads exactly `count` digits at *at, moving it on; false when one is missing. */
static bool digits(const char **at, const char *end, int count, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (*at >= end || **at < '0' || **at > '9')
            return false;
        value = value * 10 + (**at - '0');
    }
    *out = value;
    return true;
}

static bool literal(const char **at, const char *end, char wanted)
{
    if (*at >= end || **at != wanted)
        return false;
    (*at)++;
    return true;
}

static bool date_at(const char **at, const char *end, int32_t *date)
{
    int year, month, day, y, m, d;
    if (!digits(at, end, 4, &year) || !literal(at, end, '-') || !digits(at, end, 2, &month) ||
        !literal(at, end, '-') || !digits(at, end, 2, &day) || month < 1 || month > 12 || day < 1)
        return false;
    *date = date_from_civil(year, month, day);
    date_to_civil(*date, &y, &m, &d);
    return y == year && m == month && d == day;
}

bool ls_date_parse(const char *text, int32_t *date)
{
    const char *at = text, *end = text + strlen(text);
    int32_t parsed;
    if (!date_at(&at, end, &parsed) || at != end)
        return false;
    *date = parsed;
    return true;
}

const char *ls_date_format(int32_t date, char out[LS_DATE_SIZE])
{
    int year, month, day;
    date_to_civil(date, &year, &month, &day);
    snprintf(out, LS_DATE_SIZE, "%04d-%02d-%02d", year, month, day);
    return out;
}

/* "Z", "+hh", "+hhmm" or "+hh:mm" up to the very end of the text. */
static const char *offset_at(const char *at, const char *end, int32_t *offset_s)
{
    if (at == end)
        return "no UTC offset";
    if (literal(&at, end, 'Z')) {
        *offset_s = 0;
        return at == end ? NULL : "text after the time";
    }
    int sign = *at == '+' ? 1 : -1, hours, minutes = 0;
    if (*at != '+' && *at != '-')
        return "no UTC offset";
    at++;
    if (!digits(&at, end, 2, &hours))
        return "malformed UTC offset";
    if (at < end) {
        literal(&at, end, ':');
        if (!digits(&at, end, 2, &minutes) || at != end)
            return "malformed UTC offset";
    }
    if (hours > 23 || minutes > 59)
        return "UTC offset out of range";
    *offset_s = sign * (hours * 60 + minutes) * LS_MINUTE_S;
    return NULL;
}

const char *ls_stamp_parse(const char *text, size_t length, int64_t *instant, int32_t *offset_s)
{
    const char *at = text, *end = text + length;
    int32_t date, offset = 0;
    int hour, minute, second = 0;
    if (!date_at(&at, end, &date))
        return "not a time";
    if (!literal(&at, end, 'T') && !literal(&at, end, ' '))
        return "no time of day";
    if (!digits(&at, end, 2, &hour) || !literal(&at, end, ':') || !digits(&at, end, 2, &minute))
        return "not a time";
    if (literal(&at, end, ':')) {
        if (!digits(&at, end, 2, &second))
            return "not a time";
        if (literal(&at, end, '.')) {
            const char *fraction = at;
            while (at < end && *at == '0')
                at++;
            if (at == fraction || (at < end && *at >= '1' && *at <= '9'))
                return "fractions of a second";
        }
    }
    if (hour > 23 || minute > 59 || second > 59)
        return "time of day out of range";
    const char *why = offset_at(at, end, &offset);
    if (why != NULL)
        return why;
    *instant = date * DAY_S + hour * 3600 + minute * LS_MINUTE_S + second - offset;
    *offset_s = offset;
    return NULL;
}

const char *ls_stamp_format(int64_t instant, int32_t offset_s, char out[LS_STAMP_SIZE])
{
    int64_t local = instant + offset_s;
    int32_t date = (int32_t)((local >= 0 ? local : local - DAY_S + 1) / DAY_S);
    int second = (int)(local - date * DAY_S), minutes = abs(offset_s) / LS_MINUTE_S;
    int year, month, day;
    date_to_civil(date, &year, &month, &day);
    snprintf(out, LS_STAMP_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", year, month, day, second / 3600,
             second / 60 % 60, second % 60, offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return out;
}
