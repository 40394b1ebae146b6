/**
 * @file test_explorer_ssh.c
 * The explorer as the forced command of a key, as the manual tells it, through a real sshd on loopback: it
 * shows and moves, writes nothing and reads no path, whatever the client asks for; and it ends with the
 * connection.
 *
 * The sshd is this user's own, of a folder in /tmp. Where none can run, each test says so and is skipped.
 */
#include "../support/folder.h"
#include "explorer.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <glob.h>
#include <limits.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMMAND_BYTES 2048
#define START_MS      5000
#define GONE_MS       1000
#define PRIVILEGE_DIR "/run/sshd" /* where sshd shuts itself in, as root */

static struct {
    char folder[64], data[96];
    int port;
    pid_t sshd;
    bool made_privilege_dir;
    char missing[256]; /* why there is none; "" when there is */
} server;

/* ---- the server ---- */

static void write_in_folder(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void write_in_folder(const char *name, const char *format, ...)
{
    char path[128], text[2 * PATH_MAX];
    va_list args;
    snprintf(path, sizeof path, "%s/%s", server.folder, name);
    va_start(args, format);
    assert_in_range(vsnprintf(text, sizeof text, format, args), 1, sizeof text - 1);
    va_end(args);
    write_file(path, text);
}

/* A line of the shell in the server's folder, with $PORT and the client's options in $SSH; its status. */
static int shell(const char *line)
{
    char command[COMMAND_BYTES];
    snprintf(command, sizeof command,
             "cd %s; PORT=%d; SSH='ssh -F none -e none -i user -o IdentitiesOnly=yes -o BatchMode=yes "
             "-o UserKnownHostsFile=%s/known -o ConnectTimeout=5 -p %d'; %s",
             server.folder, server.port, server.folder, server.port, line);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const char *sshd_path(void)
{
    static const char *const paths[] = {"/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd",
                                        "/sbin/sshd"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (access(paths[i], X_OK) == 0)
            return paths[i];
    return NULL;
}

/* One that was free a moment ago. */
static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                 getsockname(fd, (struct sockaddr *)&address, &length) == 0;
    if (fd >= 0)
        close(fd);
    return bound ? ntohs(address.sin_port) : 0;
}

/* The key's line: what the manual says, with the mark that the tests wait for. */
static void write_authorized_key(void)
{
    char key[1024] = "", path[PATH_MAX], here[PATH_MAX];
    const char *program = explorer_program();
    assert_non_null(getcwd(here, sizeof here));
    snprintf(path, sizeof path, "%s/user.pub", server.folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(key, sizeof key, file));
    fclose(file);
    write_in_folder(
        "authorized_keys",
        "restrict,pty,command=\"LOADSCOPE_TEST=1 LC_ALL=C.UTF-8 exec %s%s%s --read-only --pseudonyms "
        "--idle-timeout 30 %s\" %s",
        program[0] == '/' ? "" : here, program[0] == '/' ? "" : "/", program, server.data, key);
}

static void run_sshd(const char *path)
{
    char config[128], log[128];
    snprintf(config, sizeof config, "%s/config", server.folder);
    snprintf(log, sizeof log, "%s/log", server.folder);
    server.sshd = fork();
    assert_true(server.sshd >= 0);
    if (server.sshd == 0) {
        execl(path, path, "-D", "-f", config, "-E", log, (char *)NULL);
        _exit(127);
    }
}

static bool answers(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)server.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool well = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0)
        close(fd);
    return well;
}

/* Why it cannot be used, or NULL. */
static const char *start_sshd(void)
{
    const char *path = sshd_path();
    if (path == NULL)
        return "there is no sshd";
    if (shell("command -v ssh ssh-keygen >/dev/null") != 0)
        return "there is no ssh client";
    if ((server.port = free_port()) == 0)
        return "loopback has no port";
    if (geteuid() == 0)
        server.made_privilege_dir = mkdir(PRIVILEGE_DIR, 0755) == 0;
    if (shell("ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f user && "
              "echo \"[127.0.0.1]:$PORT $(cat host.pub)\" >known") != 0)
        return "ssh-keygen makes no keys";
    write_in_folder(
        "config",
        "Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\nAuthorizedKeysFile %s/authorized_keys\n"
        "PidFile none\nStrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
        "Subsystem sftp internal-sftp\n",
        server.port, server.folder, server.folder);
    write_authorized_key();
    run_sshd(path);
    for (long deadline = pty_now_ms() + START_MS; !answers(); usleep(10000))
        if (pty_now_ms() > deadline || waitpid(server.sshd, NULL, WNOHANG) != 0)
            return "sshd does not run as this user";
    /* 255 is ssh's own failure; what the forced command makes of it is for the tests. */
    return shell("$SSH 127.0.0.1 >/dev/null 2>why </dev/null; [ $? -ne 255 ]") == 0
               ? NULL
               : "sshd does not let this account in";
}

static int start_server(void **state)
{
    char command[256];
    (void)state;
    snprintf(server.folder, sizeof server.folder, "/tmp/loadscope-ssh-XXXXXX");
    if (mkdtemp(server.folder) == NULL)
        return -1;
    snprintf(server.data, sizeof server.data, "%s/shown.csv.gz", server.folder);
    snprintf(command, sizeof command, "cp %s %s", SAMPLE, server.data);
    if (system(command) != 0)
        return -1;
    const char *missing = start_sshd();
    if (missing != NULL) {
        snprintf(server.missing, sizeof server.missing, "%s", missing);
        (void)shell("cat why log 2>/dev/null | tail -n 5 >&2");
    }
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    if (server.sshd > 0) {
        kill(server.sshd, SIGTERM);
        waitpid(server.sshd, NULL, 0);
    }
    if (server.made_privilege_dir)
        rmdir(PRIVILEGE_DIR);
    folder_remove(server.folder);
    return 0;
}

static void need_server(void)
{
    if (server.missing[0] != '\0') {
        print_message("skipped: %s\n", server.missing);
        skip();
    }
}

/* ---- the client ---- */

/* `asked` is what the client would like to run, or NULL. */
static struct pty *connect_to(const char *asked)
{
    static char port[16], key[96], known[128];
    const char *argv[] = {"ssh", "-tt",           "-F",  "none", "-e", "none", "-o", "IdentitiesOnly=yes",
                          "-o",  "BatchMode=yes", "-o",  known,  "-i", key,    "-p", port,
                          "-q",  "127.0.0.1",     asked, NULL};
    snprintf(port, sizeof port, "%d", server.port);
    snprintf(key, sizeof key, "%s/user", server.folder);
    snprintf(known, sizeof known, "UserKnownHostsFile=%s/known", server.folder);
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .cols = 100});
    pty_wait(pty);
    return pty;
}

/* Explorers that show the server's copy of the data, which nobody else has. */
static int count_explorers(void)
{
    glob_t found;
    int count = 0;
    if (glob("/proc/[0-9]*/cmdline", 0, NULL, &found) != 0)
        return -1;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char text[4096]; /* arguments, each with a NUL */
        FILE *file = fopen(found.gl_pathv[i], "r");
        size_t length = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
        if (file != NULL)
            fclose(file);
        text[length] = '\0';
        const char *name = strrchr(text, '/'); /* of the program, which is the first argument */
        size_t tail = strlen(server.data) + 1;
        count += name != NULL && strcmp(name, "/loadscope") == 0 && length > tail &&
                 strcmp(text + length - tail, server.data) == 0;
    }
    globfree(&found);
    return count;
}

static void assert_none_left(const char *how)
{
    long began = pty_now_ms();
    while (count_explorers() > 0 && pty_now_ms() - began < GONE_MS)
        usleep(5000);
    if (count_explorers() > 0)
        fail_msg("%s: the explorer is still there after %d ms", how, GONE_MS);
    print_message("%s: gone after %ld ms\n", how, pty_now_ms() - began);
}

static int count_files(void)
{
    int count = 0;
    DIR *folder = opendir(server.folder);
    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

/* ---- the tests ---- */

static void it_shows_and_moves(void **state)
{
    (void)state;
    need_server();
    struct pty *pty = connect_to(NULL);
    assert_int_equal(count_explorers(), 1);
    assert_row_has(pty, 0, " loadscope  shown.csv.gz  delhi  Mon 2022-05-02  36 homes");
    PRESS(pty, "n", "3", "Down");
    assert_row_has(pty, 0, "Tue 2022-05-03");
    assert_row_has(pty, 1, "[3 Customers]");
    assert_has(pty, "H00"); /* a pseudonym */
    assert_lacks(pty, "60000005");
    pty_resize(pty, 43, 132);
    assert_row_has(pty, 1, "[3 Customers]");
    pty_send(pty, "q", 1);
    assert_int_equal(pty_wait_exit(pty, 5000), 0);
    assert_true(pty_is_restored(pty));
    pty_stop(pty);
    assert_none_left("q");
}

static void it_refuses_files(void **state)
{
    static const char *const commands[] = {"save", "snapshot", "snapshot!", "log", "load"};
    (void)state;
    need_server();
    int before = count_files();
    struct pty *pty = connect_to("loadscope --record session.cast --snapshot picture.svg");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char line[160], expected[64];
        snprintf(line, sizeof line, "%s %s/host", commands[i], server.folder);
        explorer_command(pty, line);
        snprintf(expected, sizeof expected, "read-only: :%s would ", commands[i]);
        assert_row_has(pty, 23, expected);
    }
    pty_press(pty, "^S");
    assert_row_has(pty, 23, "read-only: :save would write a file");
    explorer_command(pty, "record session.cast");
    assert_row_has(pty, 23, "no command 'record'");
    pty_send(pty, "q", 1);
    assert_int_equal(pty_wait_exit(pty, 5000), 0);
    pty_stop(pty);
    assert_int_equal(count_files(), before);
}

/* Whatever is asked for, it is the explorer that answers: here with the day as text, there being no terminal.
 */
static void other_commands_are_not_run(void **state)
{
    static const char *const asked[] = {"$SSH 127.0.0.1 \"touch $PWD/evil; echo mine\"",
                                        "$SSH 127.0.0.1 sh -i", "$SSH -s 127.0.0.1 sftp"};
    (void)state;
    need_server();
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        char line[512];
        snprintf(line, sizeof line,
                 "%s >out 2>&1 </dev/null; grep -q 'marginal' out && ! grep -q mine out && [ ! -e evil ]",
                 asked[i]);
        if (shell(line) != 0)
            fail_msg("%s", asked[i]);
    }
}

static void nothing_is_forwarded(void **state)
{
    static const struct {
        const char *line, *refusal;
    } cases[] = {
        {"$SSH -W 127.0.0.1:$PORT 127.0.0.1", "administratively prohibited"},
        {"$SSH -o ExitOnForwardFailure=yes -N -R 0:127.0.0.1:$PORT 127.0.0.1",
         "remote port forwarding failed"},
        {"$SSH -o ExitOnForwardFailure=yes -N -R $PWD/socket:127.0.0.1:$PORT 127.0.0.1",
         "remote port forwarding failed"},
    };
    (void)state;
    need_server();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[512];
        snprintf(line, sizeof line, "timeout 10 %s >out 2>&1 </dev/null && exit 1; grep -q '%s' out",
                 cases[i].line, cases[i].refusal);
        if (shell(line) != 0) {
            (void)shell("cat out >&2");
            fail_msg("%s", cases[i].line);
        }
    }
}

/* The client dies; its terminal goes while something is solved. */
static void a_lost_connection_ends_it(void **state)
{
    (void)state;
    need_server();
    struct pty *pty = connect_to(NULL);
    pty_signal(pty, SIGKILL);
    pty_wait_exit(pty, 5000);
    assert_none_left("client killed");
    pty_stop(pty);
    pty = connect_to(NULL);
    explorer_command(pty, "engine milp");
    pty_hang_up(pty);
    assert_none_left("client's terminal closed");
    pty_stop(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_shows_and_moves),         cmocka_unit_test(it_refuses_files),
        cmocka_unit_test(other_commands_are_not_run), cmocka_unit_test(nothing_is_forwarded),
        cmocka_unit_test(a_lost_connection_ends_it),
    };
    return cmocka_run_group_tests_name("explorer over SSH", tests, start_server, stop_server);
}
