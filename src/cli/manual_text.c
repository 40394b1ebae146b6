/* Prose is kept as roff with lines of at most 80 bytes; the tables as plain text, which is wrapped. */
#include "cli/manual_text.h"

#include <stddef.h>

const char ls_manual_description[] =
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

const char ls_manual_data_columns[] =
    ".SH DATA\n"
    "Readings are CSV with a header, plain or compressed by\n"
    ".BR gzip (1),\n"
    "or a store, told by its content: see\n"
    ".B Stores\n"
    "below.\n"
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

const char ls_manual_data_rules[] =
    ".PP\n"
    "Slots are 30 minutes unless\n"
    ".B behaviour.slot_minutes\n"
    "says otherwise, counted from local midnight.\n"
    "A local day is as long as its time zone makes it: 46 or 50 half hours where\n"
    "the clock changes, where the second of two equal times is told as 01:30b.\n"
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
    "line, column, what was found and what to do.\n"
    ".SS Stores\n"
    "A store is a NetCDF\\-4 file by the CF conventions 1.10, of which a day is read\n"
    "without the rest; NetCDF tools read it too.\n"
    "Each city is a group, its exact name the attribute\n"
    ".BR city .\n"
    "It has\n"
    ".B id\n"
    "and place of each customer,\n"
    ".B time\n"
    "(start of the slot in UTC),\n"
    ".B usage\n"
    "of customer and time [kWh], where _FillValue is no row and missing_value a row\n"
    "without a reading,\n"
    ".BR marginal_factor \" and \" average_factor\n"
    "[g/kWh], and for each slot\n"
    ".BR total_usage \", \" known_readings \" and \" rows .\n"
    "Checksums guard all of it; a store that is damaged, cut short or was rewritten by\n"
    "another program is refused.\n"
    ".B loadscope import\n"
    "makes one of CSV files,\n"
    ".B loadscope sample \\-o\n"
    ".I FILE.nc\n"
    "one of a sample.\n"
    "A store goes alone, without other files and without\n"
    ".BR \\-\\-factors .\n"
    ".PP\n"
    "Of a store the explorer, what is printed and\n"
    ".B run\n"
    "read the days that they need, and\n"
    ".B info\n"
    "some homes at a time, or a city where the store is compressed.\n"
    ".B verify\n"
    "reads all of it into memory: some 12 bytes a reading.\n";

const char ls_manual_scenario[] =
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

const char ls_manual_output[] =
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
    ".B \\-\\-plain \\-\\-view\n"
    "with the name of a screen prints that screen for reading aloud: one fact a line\n"
    "with its unit, nothing in columns and nothing drawn.\n"
    ".B \\-\\-customer\n"
    "does so with one home.\n"
    ".PP\n"
    "With\n"
    ".B \\-\\-json\n"
    "each city\\-day is one object on one line.\n"
    "A limit that is off and a factor that is unknown are\n"
    ".BR null .\n";

const struct ls_manual_entry ls_manual_json_keys[] = {
    {NULL, "city, day, engine, week_context", "which answer this is; day is the local date"},
    {NULL, "outcome", "complete, cancelled or time limit"},
    {NULL, "slots, customers", "slots of the day, and customers with a known reading"},
    {NULL, "customers_moving, customers_without_quota",
     "customers with at least one move, and those with no move of the week left"},
    {NULL, "baseline_kwh, uncovered_kwh, moved_kwh",
     "known readings; of them, those in slots without factors; energy moved [kWh]"},
    {NULL, "moves, sources, moves_disagreeing",
     "moves; emptied slots, which count against the quotas; moves that save marginal but raise average "
     "emissions"},
    {NULL, "saved_marg_g, saved_avg_g, baseline_marg_g, baseline_avg_g",
     "saved and original emissions by both factors [g]"},
    {NULL, "bound_marg_g", "no plan of these customers saves more than this [g]"},
    {NULL, "budget_kwh, budget_used_kwh", "regional budget of the day and its use [kWh]"},
    {NULL, "daily_load_kwh, own_daily_load_kwh",
     "the region's daily load as given, and the average day of the readings [kWh]"},
    {NULL, "limited_by", "number of moves by the limit that stopped them"},
    {NULL, "by_slot",
     "one object a slot: time, baseline_kwh, shifted_kwh, out_kwh, in_kwh, room_kwh, "
     "mef_g_per_kwh, aef_g_per_kwh, peak, spike_binds"},
    {NULL, NULL, NULL},
};

const char ls_manual_results[] =
    ".SH RESULTS\n"
    ".B loadscope run\n"
    "writes a directory of these files, and\n"
    ".B verify\n"
    "and\n"
    ".B diff\n"
    "read them.\n"
    "Each day has what its week\\(aqs earlier days, solved by the same engine, left of\n"
    "the weekly quota; a week begins on Monday.\n"
    "Times carry the local offset,\n"
    ".B day\n"
    "is local midnight, and a difference is what was before less what is after.\n"
    "Rows come by city and day, and within a day in the order in which customers\n"
    "were served.\n"
    "The same data and limits give the same bytes in all files but\n"
    ".BR run.json .\n"
    ".PP\n"
    "Until a run is done its work stands in\n"
    ".IR DIR .partial,\n"
    "which is no result and from which\n"
    ".B \\-\\-resume\n"
    "goes on.\n"
    ".PP\n"
    "Under MPI,\n"
    ".B mpirun \\-n 4 loadscope\\-mpi run\n"
    "with the same arguments shares the work among ranks and writes the same bytes.\n"
    "All ranks must see the same files.\n"
    "Rank 0 hands out city\\-weeks; each rank solves with one thread unless\n"
    ".B \\-\\-jobs\n"
    "says otherwise.\n"
    "A rank that dies ends the job, which then goes on with\n"
    ".BR \\-\\-resume .\n";

const struct ls_manual_entry ls_manual_result_files[] = {
    {"metrics.csv, one row a customer and day with a known reading", "ca_id, city, day", "which one"},
    {NULL, "baseline_E_avg_g, post_E_avg_g, delta_E_avg_g",
     "emissions by the average factor before and after, and what is saved [g]; slots without factors are "
     "left out"},
    {NULL, "baseline_E_marg_g, post_E_marg_g, delta_E_marg_g", "likewise by the marginal factor [g]"},
    {NULL, "baseline_kwh, post_kwh, day_kwh",
     "all known readings of the day [kWh]; the three are equal, since nothing is used more or less"},
    {NULL, "moved_kwh", "energy that moved [kWh]"},
    {NULL, "avg_shift_minutes_energy_weighted, median_shift_minutes_energy_weighted",
     "how far energy moved, forward or backward [min]; 0 without moves"},
    {NULL, "weekly_moves_used, weekly_moves_remaining",
     "emptied slots of this day, and moves of the week left after it; the latter is empty without a weekly "
     "limit"},
    {NULL, "pct", "percentile of the day's usage among the customers of the city; the highest has 100"},
    {"moves.csv, one row a move", "ca_id, city, day", "whose"},
    {NULL, "original_time, proposed_shift_time", "start of the slot that gives and of the slot that takes"},
    {NULL, "delta_minutes, shift_direction", "elapsed time from one to the other; forward or backward"},
    {NULL, "delta_kwh", "energy [kWh]"},
    {NULL,
     "marginal_emissions_before_shift_grams_co2, marginal_emissions_after_shift_grams_co2, "
     "marginal_emissions_delta_grams_co2",
     "emissions of this energy by the marginal factor, before, after and saved [g]"},
    {NULL,
     "average_emissions_before_shift_grams_co2, average_emissions_after_shift_grams_co2, "
     "average_emissions_delta_grams_co2",
     "likewise by the average factor [g]; what is saved may be negative"},
    {NULL, "limited_by",
     "the limit that kept the move from being larger: whole (nothing was left in the slot), floor, peak, "
     "room (anti-spike), budget"},
    {"optimised.csv, one row a known reading, with --emit-optimised", "ca_id, city, day", "which one"},
    {NULL, "slot, date, optimised_value",
     "slot of the day from 0, its start, and usage after shifting [kWh]"},
    {"summary.json", "all, by_city, by_week",
     "totals of the run, of each city, and of each week, named by its Monday; what is not told here is as "
     "with --json"},
    {NULL, "city_days, customer_days, customer_days_moving",
     "days of cities, days of customers, and of these those with a move"},
    {NULL, "post_kwh, post_marg_g, post_avg_g", "what baseline_ became by shifting"},
    {NULL, "limited_by", "number of moves by the limit that stopped them"},
    {NULL, "saving_per_household_week",
     "percentiles of what a household saves in a week, those that move nothing included [g]"},
    {NULL, "city_days_unproven", "city-days in which some customer's optimum was not proven in time"},
    {"scenario.ini", "", "The limits as resolved, a scenario file of its own."},
    {"run.json", "",
     "The record: version, engine, seed, threads, speed, a checksum of each input file and "
     "the counts of doubtful readings. The fingerprint stands for readings, factors, limits "
     "and version: two runs with the same one have the same results."},
    {NULL, NULL, NULL},
};

const char ls_manual_ending[] =
    ".SH EXIT STATUS\n"
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
    ".TP\n"
    ".BR 130 \", \" 143\n"
    ".B loadscope run\n"
    "was interrupted (SIGINT) or told to end (SIGTERM); what is finished stays for\n"
    ".BR \\-\\-resume .\n"
    "A second signal, half a second later or more, ends the program at once.\n"
    ".PP\n"
    "For\n"
    ".B loadscope verify\n"
    "1 means that something is violated, and 2 that it could not be found out.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n"
    ".B NO_COLOR\n"
    "When set and not empty, no colours are used.\n"
    ".TP\n"
    ".B COLORFGBG\n"
    "Colours of the terminal, as 0;15 for black on white: whether its background is\n"
    "light. See\n"
    ".BR \\-\\-background .\n"
    ".TP\n"
    ".BR TERM \", \" TMUX\n"
    "Type of the terminal; an unknown one is taken for something like xterm.\n"
    "Both tell whether tmux or screen stands between.\n"
    "Over SSH only the first is known: a tmux that calls itself screen then takes\n"
    "copies of up to 525 bytes.\n"
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
    ".TP\n"
    ".I share/loadscope\n"
    "under the prefix of the installation: readings of made\\-up homes, scenarios and\n"
    "tours, as sample_data in the sources.\n"
    ".PP\n"
    "Settings are read and typed lines kept as told under\n"
    ".BR \"THE EXPLORER\" ,\n"
    "neither with\n"
    ".BR \\-\\-read\\-only .\n"
    "Nothing else is written but what\n"
    ".BR :save \", \" :log \", \" :snapshot ,\n"
    ".BR \\-\\-snapshot \", \" \\-\\-record ,\n"
    "and\n"
    ".BR \\-\\-output \" of \" run \", \" merge \", \" import \" and \" sample\n"
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
    ".PP\n"
    "Run a whole study on Parquet files, and check it:\n"
    ".PP\n"
    ".EX\n"
    "duckdb \\-csv \\-c \\(dqFROM \\(aqreadings.parquet\\(aq\\(dq >readings.csv\n"
    "loadscope run readings.csv \\-\\-scenario FILE \\-\\-output study\n"
    "loadscope verify readings.csv study\n"
    ".EE\n"
    ".PP\n"
    "More readings than memory: a store, and a run of it:\n"
    ".PP\n"
    ".EX\n"
    "loadscope import readings\\-*.csv \\-\\-factors factors.csv \\-o city.nc\n"
    "loadscope run city.nc \\-\\-scenario FILE \\-\\-output study\n"
    ".EE\n"
    ".SH SEE ALSO\n"
    ".BR glpsol (1),\n"
    ".BR jq (1),\n"
    ".BR sshd (8),\n"
    ".BR tzselect (8)\n";
