/* CSV that must be refused, and the exact words: whatever reads CSV is held to them. */
#ifndef LOADSCOPE_TESTS_BROKEN_CSV_H
#define LOADSCOPE_TESTS_BROKEN_CSV_H

#include <stddef.h>

#define COLUMNS                                                                                              \
    "ca_id,date,city,value,marginal_emissions_factor_grams_co2_per_kWh,"                                     \
    "average_emissions_factor_grams_co2_per_kWh\n"
#define BARE_COLUMNS "ca_id,date,city,value\n"
#define A63          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

#define HINT_DATE  "; write it with its UTC offset, as 2013-02-04T00:30:00+00:00"
#define HINT_NAME  "; give every row a name of at most 63 bytes of UTF-8 text"
#define HINT_VALUE "; write kWh in the slot, as 0.267, or leave the field empty if it is unknown"
#define HINT_QUOTE "; put the whole field in quotes and double each quote inside it"
#define HINT_WIDTH "; give every row a field for each column, and quote text that holds a comma"

/* Texts of in.csv and, where not NULL, factors.csv. */
struct bad {
    const char *name, *text, *factors, *message;
};

static const struct bad bad_rows[] = {
    {"naive time", COLUMNS "a,2013-02-04T00:00:00,X,1,2,3\n", NULL,
     "in.csv:2:2: date: no UTC offset: '2013-02-04T00:00:00'" HINT_DATE},
    {"malformed time", COLUMNS "\r\na,2013-02-30T00:00:00Z,X,1,2,3\r\n", NULL,
     "in.csv:3:2: date: not a time: '2013-02-30T00:00:00Z'" HINT_DATE},
    {"seconds", COLUMNS "a,2013-02-04T00:00:07Z,X,1,2,3\n", NULL,
     "in.csv:2:2: date: not at the start of a slot: '2013-02-04T00:00:07Z'; bring the readings to slots that "
     "start "
     "at whole minutes"},
    {"not a number", COLUMNS "a,2013-02-04T00:00:00Z,X,abc,2,3\n", NULL,
     "in.csv:2:4: value: not a decimal number: 'abc'" HINT_VALUE},
    {"hex number", COLUMNS "a,2013-02-04T00:00:00Z,X,0x1F,2,3\n", NULL,
     "in.csv:2:4: value: not a decimal number: '0x1F'" HINT_VALUE},
    {"too large", COLUMNS "a,2013-02-04T00:00:00Z,X,2147483.6475,2,3\n", NULL,
     "in.csv:2:4: value: more than 2147483.647 kWh in a slot: '2147483.6475'" HINT_VALUE},
    {"infinite factor", COLUMNS "a,2013-02-04T00:00:00Z,X,1,inf,3\n", NULL,
     "in.csv:2:5: marginal_emissions_factor_grams_co2_per_kWh: not a decimal number: 'inf'; write grams of "
     "CO2 per "
     "kWh, as 817.546, or leave the field empty"},
    {"id too long", COLUMNS A63 "a,2013-02-04T00:00:00Z,X,1,2,3\n", NULL,
     "in.csv:2:1: ca_id: a name longer than 63 bytes: '" A63 "a'" HINT_NAME},
    {"empty city", COLUMNS "a,2013-02-04T00:00:00Z,,1,2,3\n", NULL,
     "in.csv:2:3: city: an empty name: ''" HINT_NAME},
    {"escape in an id", COLUMNS "a\033[2J,2013-02-04T00:00:00Z,X,1,2,3\n", NULL,
     "in.csv:2:1: ca_id: a name with a control character: 'a\\x1b[2J'" HINT_NAME},
    {"city that turns the line", COLUMNS "a,2013-02-04T00:00:00Z,\342\200\256X,1,2,3\n", NULL,
     "in.csv:2:3: city: a name with a character that is not seen: '\\xe2\\x80\\xaeX'" HINT_NAME},
    {"id in another encoding", COLUMNS "Z\xfcrich,2013-02-04T00:00:00Z,X,1,2,3\n", NULL,
     "in.csv:2:1: ca_id: a name that is not UTF-8 text: 'Z\\xfcrich'" HINT_NAME},
    {"line after a quoted newline", COLUMNS "\"a\n\n\",2013-02-04T00:00:00Z,X,1,2,3\n", NULL,
     "in.csv:2:1: ca_id: a name with a control character: 'a\\x0a\\x0a'" HINT_NAME},
};

static const struct bad bad_shapes[] = {
    {"unknown columns", "id;date;city\n1;2;3\n", NULL,
     "in.csv:1: no column ca_id, date, city, value, marginal_emissions_factor_grams_co2_per_kWh, "
     "average_emissions_factor_grams_co2_per_kWh; found id;date;city; name the columns in the first row as "
     "loadscope "
     "does: ca_id, date, city, value and the two factors"},
    {"no factors at all", BARE_COLUMNS "a,2013-02-04T00:00:00Z,X,1\n", NULL,
     "in.csv:1: no column marginal_emissions_factor_grams_co2_per_kWh, "
     "average_emissions_factor_grams_co2_per_kWh; found ca_id, date, city, value; give the emission factors "
     "in a "
     "file of their own: --factors FILE"},
    {"a column twice", "date," BARE_COLUMNS, NULL,
     "in.csv:1:3: date: the same column twice, here and as field 1; remove or rename one of them"},
    {"too few fields", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2\n", NULL,
     "in.csv:2: 5 fields in the row, but 6 in the header" HINT_WIDTH},
    {"too many fields", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3,\n", NULL,
     "in.csv:2: 7 fields in the row, but 6 in the header" HINT_WIDTH},
    {"quote never closed", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\nb,\"2013,X,1,2,3\n\n", NULL,
     "in.csv:3: the file ends inside a quote that this row opens; close the quote, or fetch the rest of the "
     "file"},
    {"quote inside a field", COLUMNS "a,2013-02-04T00:00:00Z,X\"Y,1,2,3\n", NULL,
     "in.csv:2:3: a quote stands where none may" HINT_QUOTE},
    {"empty file", "", NULL, "in.csv: the file is empty; give a CSV file with a header and readings"},
    {"blank file", " \n\r\n", NULL, "in.csv: the file is empty; give a CSV file with a header and readings"},
    {"header only", COLUMNS, NULL,
     "in.csv: a header, but no readings; give a CSV file with a header and readings"},
    {"factor file without rows", BARE_COLUMNS "a,2013-02-04T00:00:00Z,X,1\n",
     "city,date,marginal_emissions_grams_co2_per_kWh,average_emissions_grams_co2_per_kWh\n",
     "factors.csv: a header, but no factors; give a CSV file with a header and factors"},
    {"factor file without factors", BARE_COLUMNS "a,2013-02-04T00:00:00Z,X,1\n", "city,date,aef\n",
     "factors.csv:1: no column marginal_emissions_factor_grams_co2_per_kWh, "
     "average_emissions_factor_grams_co2_per_kWh; found city, date, aef; name the columns in the first row "
     "as "
     "loadscope does: city, date and the two factors"},
};

static const struct bad bad_together[] = {
    {"mixed offsets", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\n\na,2013-02-04T01:00:00+01:00,X,1.5,2,3\n",
     NULL,
     "in.csv:4:2: date: rows carry different UTC offsets: +01:00 here, +00:00 at line 2; name the time zone, "
     "as "
     "--set behaviour.timezone=Europe/London"},
    {"conflicting duplicate", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\n\na,2013-02-04 00:00+00,X,1.5,2,3\n",
     NULL,
     "in.csv:4:4: value: 1.5 here, but 1 at line 2, for a at 2013-02-04T00:00:00+00:00; a customer has one "
     "reading "
     "for a slot: remove one of the two rows"},
    {"known and missing", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013-02-04T00:00:00Z,X,NaN,2,3\n", NULL,
     "in.csv:3:4: value: missing here, but 1 at line 2, for a at 2013-02-04T00:00:00+00:00; a customer has "
     "one "
     "reading for a slot: remove one of the two rows"},
    {"contradicting factors", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\nb,2013-02-04T00:00:00Z,X,1,2,3.5\n",
     NULL,
     "in.csv:3:6: average_emissions_factor_grams_co2_per_kWh: 3.5 here, but 3 at line 2, for X at "
     "2013-02-04T00:00:00+00:00; a city has one factor for a slot: correct one of the two"},
    {"factors of two files", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\n",
     "city,date,marginal_emissions_grams_co2_per_kWh,average_emissions_grams_co2_per_kWh\n"
     "X,2013-02-04T05:30:00+05:30,1e1,3\n",
     "factors.csv:2:3: marginal_emissions_grams_co2_per_kWh: 10 here, but 2 at line 2 of in.csv, for X at "
     "2013-02-04T00:00:00+00:00; a city has one factor for a slot: correct one of the two"},
    {"off the grid", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013-02-04T00:15:00Z,X,1,2,3\n", NULL,
     "in.csv:3:2: date: 2013-02-04T00:15:00+00:00 is not at the start of a 30-minute slot; the readings fit "
     "--set "
     "behaviour.slot_minutes=15"},
    {"off every grid", COLUMNS "a,2013-02-04T00:07:00Z,X,1,2,3\na,2013-02-04T00:37:00Z,X,1,2,3\n", NULL,
     "in.csv:2:2: date: 2013-02-04T00:07:00+00:00 is not at the start of a 30-minute slot; resample the "
     "readings to "
     "slots of 30 minutes from local midnight on"},
    {"hourly", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013-02-04T01:00:00Z,X,1,2,3\n", NULL,
     "in.csv:3:2: date: readings are 60 minutes apart, not 30; --set behaviour.slot_minutes=60"},
    {"daily", COLUMNS "a,2013-02-04T00:00:00Z,X,1,2,3\na,2013-02-05T00:00:00Z,X,1,2,3\n", NULL,
     "in.csv:3:2: date: readings are 1440 minutes apart, not 30; resample the readings to slots of 30 "
     "minutes"},
};

#endif
