/*
 * A store as others see it: `sample -o X.nc`, read by ncdump and, where it is installed, by xarray, which
 * must decode what the CSV of the same sample says. And what a user is told of a damaged one.
 */
#include "shell.h"

#include "data/store_file.h"

static const char compare[] =
    "import csv, datetime, sys, warnings\n"
    "import numpy, xarray\n"
    "warnings.simplefilter('ignore')\n"
    "nc, text = sys.argv[1:]\n"
    "rows = {}\n"
    "for row in csv.DictReader(open(text)):\n"
    "    at = "
    "datetime.datetime.fromisoformat(row['date']).astimezone(datetime.timezone.utc).replace(tzinfo=None)\n"
    "    rows[row['city'], row['ca_id'], numpy.datetime64(at, 'ns')] = row\n"
    "n = 0\n"
    "for group in ('delhi', 'mumbai'):\n"
    "    city = xarray.open_dataset(nc, group=group)\n"
    "    assert city.attrs['city'] == group, city.attrs\n"
    "    assert city.usage.attrs['units'] == 'kWh' and city.usage.attrs['cell_methods'] == 'time: sum'\n"
    "    usage, times, ids = city.usage.values, city.time.values, city.id.values\n"
    "    bounds = city.time_bounds.values\n"
    "    assert (bounds[:, 0] == times).all() and (bounds[:, 1] - bounds[:, 0] == numpy.timedelta64(30, "
    "'m')).all()\n"
    "    for i, id in enumerate(ids):\n"
    "        for t, time in enumerate(times):\n"
    "            row = rows.pop((group, id, time), None)\n"
    "            if row is None or row['value'] == '':\n"
    "                assert numpy.isnan(usage[i, t]), (id, time)\n"
    "                continue\n"
    "            n += 1\n"
    "            assert abs(usage[i, t] - float(row['value'])) < 1e-12, (id, time, usage[i, t], row)\n"
    "            assert city.longitude.values[i] == float(row['customer_longitude'])\n"
    "            assert city.latitude.values[i] == float(row['customer_latitude'])\n"
    "            assert city.marginal_factor.values[t] == "
    "float(row['marginal_emissions_factor_grams_co2_per_kWh'])\n"
    "            assert city.average_factor.values[t] == "
    "float(row['average_emissions_factor_grams_co2_per_kWh'])\n"
    "    assert numpy.allclose(city.total_usage.values, numpy.nansum(usage, axis=0), rtol=0, atol=1e-9)\n"
    "    assert (city.known_readings.values == (~numpy.isnan(usage)).sum(axis=0)).all()\n"
    "assert not rows, len(rows)\n"
    "print(n)\n";

static int open_shell(void **state)
{
    struct shell *shell = new_shell();
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/compare.py", shell->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(compare, file) >= 0);
    fclose(file);
    *state = shell;
    run_well(shell, "$LS sample -n 9 -d 5 -o $D/a.nc && $LS sample -n 9 -d 5 -o $D/a.csv");
    return 0;
}

static void xarray_reads_what_the_csv_says(void **state)
{
    struct shell *shell = *state;
    run(shell,
        "for p in python3 /usr/bin/python3; do $p -c 'import xarray, netCDF4' 2>$D/none && echo $p && break; "
        "done; :");
    if (shell->out[0] == '\0') {
        print_message(
            "python3-xarray or python3-netcdf4 is not installed: stores are not read by it, skipped\n");
        skip();
    }
    char line[PATH_SIZE];
    snprintf(line, sizeof line, "%.*s $D/compare.py $D/a.nc $D/a.csv", (int)strcspn(shell->out, "\n"),
             shell->out);
    assert_run(shell, line, 0);
    assert_true(strtol(shell->out, NULL, 10) > 9 * 5 * 48 * 98 / 100);
}

static void ncdump_reads_a_store(void **state)
{
    struct shell *shell = *state;
    run(shell, "command -v ncdump >$D/none || echo no");
    if (shell->out[0] != '\0') {
        print_message("ncdump (netcdf-bin) is not installed: stores are not read by it, skipped\n");
        skip();
    }
    assert_run(shell, "ncdump -h $D/a.nc", 0);
    assert_contains(shell->out, ":Conventions = \"CF-1.10\"");
    assert_contains(shell->out, ":history = \"loadscope sample --customers 9 --days 5 --seed 1\"");
    assert_contains(shell->out, "int usage(customer, time)");
    assert_contains(shell->out, "usage:scale_factor = 1.e-06");
    assert_run(shell, "ncdump $D/a.nc | tail -n 1", 0);
    assert_contains(shell->out, "}");
}

static void what_goes_wrong_is_told(void **state)
{
    struct shell *shell = *state;
    assert_refused_cleanly(shell, "$LS sample -o $D/none/x.nc", "No such file or directory");
    assert_refused_cleanly(
        shell,
        "LS=$(realpath $LS) && cd $D && ulimit -f 50 && trap '' XFSZ && $LS sample -n 300 -d 9 -o b.nc",
        "File too large");
    run_well(shell, "test ! -e $D/b.nc && test -z \"$(ls $D | grep new)\"");
    run_well(shell, "$LS sample -n 9 -d 5 -o $D/again.nc && cmp $D/a.nc $D/again.nc");
}

/* ---- damage ---- */

#define HOME 1500 /* of the first city of 1800, so in its second piece */

/* Makes $D/b.nc, of whose first city and day a bit is another, and $D/c.nc, which ends in the midst. */
static void write_damaged(struct shell *shell)
{
    char path[PATH_SIZE];
    ls_store *store = NULL;
    struct ls_error error;
    unsigned char byte;
    run_well(shell, "$LS sample -n 3000 -d 3 -o $D/b.nc && head -c 100000 $D/b.nc >$D/c.nc");
    snprintf(path, sizeof path, "%s/b.nc", shell->folder);
    assert_int_equal(ls_store_open(path, &store, &error), 0);
    assert_true(ls_store_head(store)->cities[0].n_customers > HOME);
    const size_t row_bytes = (size_t)ls_store_axis(store, 0)->day_slots * sizeof(int32_t);
    const off_t at = (off_t)(store->seal.extents[0].offset + HOME * row_bytes);
    ls_store_close(store);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_true(fseeko(file, at, SEEK_SET) == 0 && fread(&byte, 1, 1, file) == 1);
    byte ^= 4;
    assert_true(fseeko(file, at, SEEK_SET) == 0 && fwrite(&byte, 1, 1, file) == 1);
    assert_int_equal(fclose(file), 0);
}

static void damage_is_told(void **state)
{
    static const char *const lines[] = {"$LS info $D/%c.nc", "$LS $D/%c.nc --plain", "$LS $D/%c.nc --json",
                                        "$LS run --force $D/%c.nc -o $D/r"};
    struct shell *shell = *state;
    write_damaged(shell);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        static const char remedy[] = "write the store again from the files that it was made of";
        char line[PATH_SIZE], message[2 * PATH_SIZE];
        snprintf(
            message, sizeof message,
            "%s/b.nc: the usage of delhi from 2022-05-02T00:00:00+05:30 on is damaged: it is not what its "
            "checksum was made of; %s",
            shell->folder, remedy);
        snprintf(line, sizeof line, lines[i], 'b');
        assert_refused_cleanly(shell, line, message);
        snprintf(message, sizeof message,
                 "%s/c.nc: an HDF5 or NetCDF-4 file, but not a whole store of loadscope: the mark that is "
                 "written last is not at its end; %s",
                 shell->folder, remedy);
        snprintf(line, sizeof line, lines[i], 'c');
        assert_refused_cleanly(shell, line, message);
    }
    run_well(shell, "test ! -e $D/r");
    assert_run(shell, "$LS $D/b.nc --plain -d 2022-05-03", 0); /* a day that is sound */
    assert_contains(shell->out, "delhi, Tue 2022-05-03, 1800 homes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(xarray_reads_what_the_csv_says, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(ncdump_reads_a_store, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(what_goes_wrong_is_told, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(damage_is_told, open_shell, close_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
