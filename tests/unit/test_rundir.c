/* The result directory against torn parts, other runs and other people's files. */
#include "../support/folder.h"
#include "../support/support.h"

#include "report/rundir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 300

static char mine[] = "1111111111111111111111111111111111111111111111111111111111111111";
static char other[] = "2222222222222222222222222222222222222222222222222222222222222222";

struct folder {
    char root[PATH_SIZE / 4], path[PATH_SIZE / 2];
};

static int make_folder(void **state)
{
    struct folder *folder = calloc(1, sizeof *folder);
    assert_non_null(folder);
    snprintf(folder->root, sizeof folder->root, "/tmp/loadscope-run-XXXXXX");
    assert_non_null(mkdtemp(folder->root));
    snprintf(folder->path, sizeof folder->path, "%s/out", folder->root);
    *state = folder;
    return 0;
}

static int remove_folder(void **state)
{
    struct folder *folder = *state;
    folder_remove(folder->root);
    free(folder);
    return 0;
}

static bool is_there(const struct folder *folder, const char *name)
{
    char path[PATH_SIZE];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", folder->root, name);
    return stat(path, &about) == 0;
}

static int open_dir(const struct folder *folder, const char *fingerprint, bool force, bool resume,
                    ls_rundir **out)
{
    struct ls_rundir_options options = {.path = folder->path, .force = force, .resume = resume};
    bool complete;
    struct ls_error error = {0};
    int status = ls_rundir_open(&options, fingerprint, 2, out, &complete, &error);
    assert_true(status == 0 || error.message[0] != '\0');
    return complete ? 1 : status;
}

static void put(ls_rundir *dir, size_t unit, const char *digest, const char *rows)
{
    struct ls_part part = {0};
    ls_buffer_text(&part.digest, digest);
    ls_buffer_text(&part.tables[LS_TABLE_METRICS], rows);
    assert_int_equal(ls_rundir_put(dir, unit, &part, NULL), 0);
    ls_part_release(&part);
}

static int ignore_digest(void *user, size_t unit, const char *digest, size_t length, struct ls_error *error)
{
    size_t *seen = user;
    (void)error;
    assert_int_equal(unit, *seen);
    ++*seen;
    assert_memory_equal(digest, unit == 0 ? "d0" : "d1", length);
    return 0;
}

static void finish(ls_rundir *dir, const char *fingerprint)
{
    size_t seen = 0;
    char text[PATH_SIZE];
    snprintf(text, sizeof text, "{\"fingerprint\": \"%s\"}\n", fingerprint);
    assert_int_equal(ls_rundir_join(dir, ignore_digest, &seen, NULL), 0);
    assert_int_equal(seen, 2);
    assert_int_equal(ls_rundir_add(dir, "run.json", text, strlen(text), NULL), 0);
    assert_int_equal(ls_rundir_commit(dir, NULL), 0);
    ls_rundir_close(dir);
}

static void a_result_appears_whole(void **state)
{
    struct folder *folder = *state;
    ls_rundir *dir = NULL;
    char path[PATH_SIZE];
    assert_int_equal(open_dir(folder, mine, false, false, &dir), 0);
    put(dir, 1, "d1", "second\n");
    assert_false(ls_rundir_has(dir, 0));
    assert_false(is_there(folder, "out"));
    ls_rundir_close(dir);
    assert_int_equal(open_dir(folder, mine, false, false, &dir), LS_ERR_USAGE);
    assert_int_equal(open_dir(folder, other, false, true, &dir), LS_ERR_USAGE);
    assert_int_equal(open_dir(folder, mine, false, true, &dir), 0);
    assert_true(ls_rundir_has(dir, 1));
    put(dir, 0, "d0", "first\n");
    finish(dir, mine);
    assert_true(is_there(folder, "out/metrics.csv"));
    assert_false(is_there(folder, "out/optimised.csv"));
    assert_false(is_there(folder, "out.partial"));
    snprintf(path, sizeof path, "%s/metrics.csv", folder->path);
    char *text = support_read_gzip(path);
    assert_int_equal(
        strncmp(text, ls_table_heading(LS_TABLE_METRICS), strlen(ls_table_heading(LS_TABLE_METRICS))), 0);
    assert_string_equal(text + strlen(ls_table_heading(LS_TABLE_METRICS)), "first\nsecond\n");
    free(text);
    assert_int_equal(open_dir(folder, mine, false, false, &dir), LS_ERR_USAGE);
    assert_int_equal(open_dir(folder, other, false, true, &dir), LS_ERR_USAGE);
    assert_int_equal(open_dir(folder, mine, false, true, &dir), 1); /* complete */
    assert_false(is_there(folder, "out.partial"));
}

static void force_replaces_results_and_nothing_else(void **state)
{
    struct folder *folder = *state;
    ls_rundir *dir = NULL;
    char path[PATH_SIZE];
    assert_int_equal(open_dir(folder, mine, false, false, &dir), 0);
    put(dir, 0, "d0", "old\n");
    put(dir, 1, "d1", "old\n");
    finish(dir, mine);
    assert_int_equal(open_dir(folder, other, true, false, &dir), 0);
    assert_true(is_there(folder, "out/metrics.csv")); /* until the last moment */
    put(dir, 0, "d0", "new\n");
    put(dir, 1, "d1", "new\n");
    finish(dir, other);
    assert_int_equal(open_dir(folder, other, false, true, &dir), 1);
    snprintf(path, sizeof path, "%s/notes.txt", folder->path);
    assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0666)), 0);
    assert_int_equal(open_dir(folder, mine, true, false, &dir), LS_ERR_USAGE);
    assert_true(is_there(folder, "out/notes.txt"));
    assert_true(is_there(folder, "out/metrics.csv"));
    snprintf(folder->path, sizeof folder->path, "%s/.", folder->root);
    assert_int_equal(open_dir(folder, mine, true, false, &dir), LS_ERR_USAGE);
    snprintf(folder->path, sizeof folder->path, "%s/none/out", folder->root);
    assert_int_equal(open_dir(folder, mine, false, false, &dir), LS_ERR_IO);
}

/* Every byte of a part counts, and so does its length. */
static void a_torn_part_is_no_part(void **state)
{
    struct folder *folder = *state;
    ls_rundir *dir = NULL;
    char path[PATH_SIZE], *bytes;
    assert_int_equal(open_dir(folder, mine, false, false, &dir), 0);
    put(dir, 0, "d0", "a,row\n");
    snprintf(path, sizeof path, "%s.partial/parts/00000000.part", folder->path);
    bytes = support_read_gzip(path);
    size_t length = strlen(bytes);
    for (size_t i = 0; i <= length; i++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fwrite(bytes, 1, i, file);
        fclose(file);
        assert_int_equal(ls_rundir_has(dir, 0), i == length);
    }
    for (size_t i = 0; i < length; i++) {
        FILE *file = fopen(path, "w");
        bytes[i] ^= 1;
        fwrite(bytes, 1, length, file);
        fclose(file);
        if (ls_rundir_has(dir, 0))
            fail_msg("byte %zu may change unnoticed", i);
        bytes[i] ^= 1;
    }
    free(bytes);
    ls_rundir_close(dir);
}

static void path_of(const struct folder *folder, const char *name, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s.partial/%s", folder->path, name);
}

/* metrics.csv as it grows, for free(). */
static char *growing(const struct folder *folder)
{
    char path[PATH_SIZE];
    path_of(folder, "result/metrics.csv", path);
    return support_read_gzip(path);
}

static void assert_rows(const char *table, const char *rows)
{
    const char *heading = ls_table_heading(LS_TABLE_METRICS);
    assert_int_equal(strncmp(table, heading, strlen(heading)), 0);
    assert_string_equal(table + strlen(heading), rows);
}

static void assert_growing(const struct folder *folder, const char *rows)
{
    char *text = growing(folder);
    assert_rows(text, rows);
    free(text);
}

static void assert_result(const struct folder *folder, const char *rows)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/metrics.csv", folder->path);
    char *text = support_read_gzip(path);
    assert_rows(text, rows);
    free(text);
}

static ls_rundir *resume(const struct folder *folder, bool stream)
{
    ls_rundir *dir = NULL;
    assert_int_equal(open_dir(folder, mine, false, true, &dir), 0);
    if (stream)
        assert_int_equal(ls_rundir_stream(dir, NULL), 0);
    return dir;
}

static void add_rows(ls_rundir *dir, size_t unit, struct ls_part *part, const char *rows)
{
    ls_buffer_text(&part->tables[LS_TABLE_METRICS], rows);
    assert_int_equal(ls_rundir_rows(dir, unit, part, NULL), 0);
}

static void rows_stand_in_the_order_of_units(void **state)
{
    struct folder *folder = *state;
    struct ls_part first = {0}, second = {0};
    ls_rundir *dir = resume(folder, true);
    add_rows(dir, 1, &second, "1a\n");
    assert_growing(folder, "");
    add_rows(dir, 0, &first, "0a\n");
    assert_growing(folder, "0a\n");
    assert_int_equal(first.tables[LS_TABLE_METRICS].length, 0);
    add_rows(dir, 1, &second, "1b\n");
    ls_buffer_text(&second.digest, "d1");
    assert_int_equal(ls_rundir_put(dir, 1, &second, NULL), 0);
    assert_true(ls_rundir_knows(dir, 1));
    assert_false(ls_rundir_knows(dir, 0));
    add_rows(dir, 0, &first, "0b\n");
    assert_growing(folder, "0a\n0b\n");
    ls_buffer_text(&first.digest, "d0");
    assert_int_equal(ls_rundir_put(dir, 0, &first, NULL), 0);
    assert_growing(folder, "0a\n0b\n1a\n1b\n");
    ls_rundir_close(dir);
    dir = resume(folder, true);
    assert_true(ls_rundir_knows(dir, 0) && ls_rundir_knows(dir, 1));
    finish(dir, mine);
    assert_result(folder, "0a\n0b\n1a\n1b\n");
}

/* The unit after takes its turn once the one before is done, not only at its end. */
static void a_turn_that_comes_late_takes_all_rows(void **state)
{
    struct folder *folder = *state;
    struct ls_part second = {0};
    ls_rundir *dir = resume(folder, true);
    add_rows(dir, 1, &second, "1a\n");
    put(dir, 0, "d0", "0a\n");
    assert_growing(folder, "0a\n");
    add_rows(dir, 1, &second, "1b\n");
    assert_growing(folder, "0a\n1a\n1b\n");
    ls_buffer_text(&second.digest, "d1");
    assert_int_equal(ls_rundir_put(dir, 1, &second, NULL), 0);
    finish(dir, mine);
    assert_result(folder, "0a\n1a\n1b\n");
}

static void rows_of_an_unfinished_unit_are_cut_off(void **state)
{
    struct folder *folder = *state;
    struct ls_part second = {0};
    ls_rundir *dir = resume(folder, true);
    put(dir, 0, "d0", "0a\n");
    add_rows(dir, 1, &second, "half a ro");
    assert_growing(folder, "0a\nhalf a ro");
    ls_part_release(&second);
    ls_rundir_close(dir);
    dir = resume(folder, true);
    assert_growing(folder, "0a\n");
    assert_true(ls_rundir_knows(dir, 0));
    assert_false(ls_rundir_knows(dir, 1));
    put(dir, 1, "d1", "1a\n");
    finish(dir, mine);
    assert_result(folder, "0a\n1a\n");
}

/* Any byte of the table, and any shorter table: what is before the damage counts, and nothing behind it. */
static void damaged_rows_are_made_anew(void **state)
{
    struct folder *folder = *state;
    char path[PATH_SIZE];
    path_of(folder, "result/metrics.csv", path);
    ls_rundir *dir = resume(folder, true);
    put(dir, 0, "d0", "0a\n");
    put(dir, 1, "d1", "1a\n");
    ls_rundir_close(dir);
    char *bytes = growing(folder);
    size_t length = strlen(bytes), heading = strlen(ls_table_heading(LS_TABLE_METRICS));
    for (size_t i = 0; i < 2 * length; i++) {
        size_t at = i / 2;
        bool shorter = i % 2 == 1;
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        bytes[at] ^= 1;
        fwrite(bytes, 1, shorter ? at : length, file);
        bytes[at] ^= 1;
        fclose(file);
        dir = resume(folder, true);
        if (ls_rundir_knows(dir, 0) != (at >= heading + 3) || ls_rundir_knows(dir, 1))
            fail_msg("%s byte %zu goes unnoticed", shorter ? "a file that ends before" : "a change of", at);
        assert_growing(folder, at >= heading + 3 ? "0a\n" : "");
        if (at < heading + 3)
            put(dir, 0, "d0", "0a\n");
        put(dir, 1, "d1", "1a\n");
        ls_rundir_close(dir);
        assert_growing(folder, "0a\n1a\n");
    }
    free(bytes);
}

/* A run of one process gone on from by several, and the other way round. */
static void parts_with_and_without_rows_mix(void **state)
{
    struct folder *folder = *state;
    for (int stream = 0; stream < 2; stream++)
        for (size_t first = 0; first < 2; first++) {
            ls_rundir *dir = resume(folder, stream == 1);
            put(dir, first, first == 0 ? "d0" : "d1", first == 0 ? "0a\n" : "1a\n");
            assert_int_equal(ls_rundir_save(dir, NULL), 0);
            ls_rundir_close(dir);
            dir = resume(folder, stream == 0);
            assert_true(ls_rundir_knows(dir, first));
            assert_false(ls_rundir_knows(dir, 1 - first));
            put(dir, 1 - first, first == 0 ? "d1" : "d0", first == 0 ? "1a\n" : "0a\n");
            if (stream == 0)
                assert_growing(folder, "0a\n1a\n");
            finish(dir, mine);
            assert_result(folder, "0a\n1a\n");
            folder_remove(folder->path);
        }
}

/* Merging reads rows wherever a run left them. */
static void rows_that_were_placed_are_read_back(void **state)
{
    struct folder *folder = *state;
    char path[PATH_SIZE];
    struct ls_part part = {0};
    struct ls_error error = {0};
    ls_rundir *dir = resume(folder, true), *left = NULL;
    put(dir, 0, "d0", "0a\n");
    put(dir, 1, "d1", "1a\n");
    ls_rundir_close(dir);
    assert_int_equal(ls_rundir_open_left(folder->path, &left, NULL), 0);
    assert_int_equal(ls_rundir_get(left, 1, &part, NULL), 0);
    assert_int_equal(part.tables[LS_TABLE_METRICS].length, 3);
    assert_memory_equal(part.tables[LS_TABLE_METRICS].bytes, "1a\n", 3);
    assert_memory_equal(part.digest.bytes, "d1", 2);
    ls_part_release(&part);
    path_of(folder, "result/metrics.csv", path);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, -3, SEEK_END), 0);
    fputc('2', file);
    fclose(file);
    assert_true(ls_rundir_has(left, 0));
    assert_false(ls_rundir_has(left, 1));
    assert_int_equal(ls_rundir_get(left, 1, &part, &error), LS_ERR_FORMAT);
    assert_string_equal(error.message, "a finished part is damaged");
    ls_rundir_close(left);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_result_appears_whole, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(force_replaces_results_and_nothing_else, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_torn_part_is_no_part, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(rows_stand_in_the_order_of_units, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_turn_that_comes_late_takes_all_rows, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(rows_of_an_unfinished_unit_are_cut_off, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(damaged_rows_are_made_anew, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(parts_with_and_without_rows_mix, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(rows_that_were_placed_are_read_back, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
