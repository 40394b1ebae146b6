/**
 * @file test_explorer_random.c
 * A thousand random sizes with keys in between, and ten thousand random keys, pastes, clicks and bytes that
 * are no keys: the explorer stays there, its screen stays whole, and it can be left as ever.
 *
 *   test_explorer_random [KEYS [SEED [DATA]]]    as many keys (a tenth as many sizes), from this seed, on
 * this file
 *
 * The seed is printed. It is read-only, in which no command that it meets writes or reads a file.
 */
#include "every.h"
#include "explorer.h"

#include "base/random.h"

#define KEYS          10000
#define KEYS_A_SIZE   10
#define SEED          20220502
#define BURST_MOST    6
#define MOST_KEYS     128
#define MOST_LINES    512
#define SETTLE_MS     20
#define REST_MS       100
#define GARBAGE_BYTES 12

static long n_keys = KEYS;
static uint64_t seed = SEED;
static struct ls_random draws; /* from the seed, anew for each test */
static const char *data = SAMPLE;

static int below(int end)
{
    return (int)ls_random_below(&draws, (uint64_t)end);
}

static struct pty *start(void)
{
    const char *argv[] = {explorer_program(), data, "--scenario", SCENARIO, "--read-only", NULL};
    static const char *const env[] = {"ESCDELAY=1", NULL};
    draws = ls_random_seed(seed, "keys", 0);
    print_message("seed %llu, %ld keys\n", (unsigned long long)seed, n_keys);
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .env = env});
    pty_wait(pty);
    return pty;
}

static char keys[MOST_KEYS][16], lines[MOST_LINES][LS_LINE_BYTES];
static int n_names, n_lines;

static void collect_line(void *user, const char *line)
{
    (void)user;
    if (n_lines < MOST_LINES)
        snprintf(lines[n_lines++], sizeof *lines, ":%s\r", line);
}

static int collect_all(void **state)
{
    const char *key;
    char out[16];
    (void)state;
    for (size_t i = 0; n_names < MOST_KEYS && (key = every_key(i, out)) != NULL; i++)
        snprintf(keys[n_names++], sizeof *keys, "%s", key);
    every_line("/dev/null", collect_line, NULL);
    return n_names > 0 && n_lines > 0 ? 0 : -1;
}

/* Of what is typed: no q, which is the one letter of `quit` that nothing else here needs. */
static void press_letter(struct pty *pty)
{
    static const char letters[] = "0123456789.-=_ abcdefghijklmnoprstuvwxyzABZ/:[]{}\"%";
    char letter[2] = {letters[below(sizeof letters - 1)], '\0'};
    pty_send(pty, letter, 1);
}

static void click_somewhere(struct pty *pty)
{
    static const int buttons[] = {0, 0, 0, 1, 2, 64, 65};
    int button = buttons[below(sizeof buttons / sizeof *buttons)];
    char bytes[64];
    snprintf(bytes, sizeof bytes, "\033[<%d;%d;%d%c", button, 1 + below(90), 1 + below(30),
             below(4) == 0 ? 'm' : 'M');
    pty_send(pty, bytes, 0);
}

static void paste_something(struct pty *pty)
{
    static const char *const texts[] = {"12",
                                        "none",
                                        "a b\tc\rd\n",
                                        "\303\274\345\256\266",
                                        "\033[A\001",
                                        "",
                                        "set spike.alpha_percent=3",
                                        "\377\300 %s%n"};
    char bytes[128];
    snprintf(bytes, sizeof bytes, "\033[200~%s\033[201~", texts[below(sizeof texts / sizeof *texts)]);
    pty_send(pty, bytes, 0);
}

/* Any bytes but those that would end the test as they should: ^C, ^Z and q; NUL cannot be sent as text. */
static void send_garbage(struct pty *pty)
{
    static const char *const starts[] = {"\033[", "\033]",  "\033O",     "\033P",
                                         "\033",  "\033[<", "\033[200~", ""};
    char bytes[GARBAGE_BYTES + 8];
    int length = snprintf(bytes, sizeof bytes, "%s", starts[below(sizeof starts / sizeof *starts)]);
    for (int i = below(GARBAGE_BYTES); i > 0; i--) {
        char byte = (char)(1 + below(255));
        bytes[length++] = byte == 3 || byte == 26 || byte == 'q' ? 'x' : byte;
    }
    bytes[length] = '\0';
    pty_send(pty, bytes, 0);
    pty_send(pty, "\033\\\033[201~", 0); /* what it may have begun is over */
}

/* How many events these are only the program can tell, so its count is taken over. */
static void do_something_odd(struct pty *pty)
{
    int what = below(4);
    if (what == 0)
        paste_something(pty);
    else if (what == 1)
        send_garbage(pty);
    else
        click_somewhere(pty);
    pty_settle(pty, SETTLE_MS);
}

/* A command from the table as it is typed; text for what is open already, now and then. */
static void send_line(struct pty *pty)
{
    const char *line = lines[below(n_lines)];
    pty_send(pty, line, (int)strlen(line));
}

/* A key from the table, or another; true when the next may follow at once: after Esc it would be one with
 * Alt. */
static bool send_some_key(struct pty *pty)
{
    const char *key = keys[below(n_names)];
    int what = below(12);
    if (what < 4)
        press_letter(pty);
    else if (what == 4)
        send_line(pty);
    else
        pty_send_key(pty, key);
    return strcmp(key, "Esc") != 0;
}

/* Now and then several before the program gets to draw. */
static void press_some(struct pty *pty, long *done)
{
    bool more = true;
    for (int burst = below(3) == 0 ? 1 + below(BURST_MOST) : 1; burst > 0 && more; burst--, ++*done)
        more = send_some_key(pty);
    pty_wait(pty);
}

/* It is where anyone can go on, and leaves. What the program still had to read may come first, so texts are
 * waited for. */
static void assert_sane(struct pty *pty)
{
    pty_send(pty, "\033\\\033[201~", 0);
    pty_settle(pty, REST_MS);
    pty_resize(pty, 24, 80);
    for (int i = 0; i < 3; i++) {
        pty_send_key(pty, "Esc");
        pty_settle(pty, REST_MS);
    }
    pty_press(pty, "2");
    pty_wait_text(pty, "[2 Day]");
    pty_wait_text(pty, "Peak comfort");
    explorer_command(pty, "caption ");
    if (strcmp(data, SAMPLE) == 0) {
        explorer_command(pty, "city delhi");
        explorer_command(pty, "day " FIRST_DAY);
        pty_wait_text(pty, "delhi  Mon 2022-05-02  36 homes");
    }
    explorer_leave(pty);
}

static void sizes_at_random(void **state)
{
    (void)state;
    long pressed = 0;
    struct pty *pty = start();
    for (int i = 0; i < n_keys / KEYS_A_SIZE; i++) {
        bool tiny = below(10) == 0;
        int rows = 1 + below(tiny ? 5 : 70), cols = 2 + below(tiny ? 12 : 230);
        if (below(4) == 0)
            pty_resize_only(pty, rows + 3, cols + 3);
        pty_resize(pty, rows, cols);
        press_some(pty, &pressed);
    }
    print_message("%ld sizes, %ld keys in between\n", n_keys / KEYS_A_SIZE, pressed);
    assert_sane(pty);
}

static void keys_at_random(void **state)
{
    (void)state;
    struct pty *pty = start();
    for (long i = 0; i < n_keys;)
        if (below(20) == 0) {
            do_something_odd(pty);
            i++;
        } else {
            press_some(pty, &i);
        }
    assert_sane(pty);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_at_random),
        cmocka_unit_test(keys_at_random),
    };
    n_keys = argc > 1 ? strtol(argv[1], NULL, 10) : n_keys;
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : seed;
    data = argc > 3 ? argv[3] : data;
    return cmocka_run_group_tests_name("explorer at random", tests, collect_all, NULL);
}
