/* The result directory against torn parts, other runs and other people's files. */
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
    char command[PATH_SIZE];
    snprintf(command, sizeof command, "rm -r '%s'", folder->root);
    assert_int_equal(system(command), 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_result_appears_whole, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(force_replaces_results_and_nothing_else, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_torn_part_is_no_part, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
