/*
 * What follows an option is told by the word that stands for its argument in the table: FILE and DIR are
 * paths, SECTION.KEY=VALUE and AXIS a setting; --engine and --solver have the words of their parameters.
 * Operands are files but for help.
 *
 * bash breaks words at "=", so the script puts them together again, and gives back what stands after the last
 * "=" only. Parameters of a city are completed up to its name, which the tables do not know.
 */
#include "cli/completion.h"

#include "cli/command.h"

#include <loadscope/policy.h>

#include <string.h>

enum kind { KIND_NOTHING, KIND_FILE, KIND_FOLDER, KIND_SETTING, KIND_ENGINE, KIND_SOLVER };

static enum kind kind_of(const struct ls_option *option)
{
    static const struct {
        const char *argument;
        enum kind kind;
    } kinds[] = {{"FILE", KIND_FILE},
                 {"SCRIPT", KIND_FILE},
                 {"DIR", KIND_FOLDER},
                 {"SECTION.KEY=VALUE", KIND_SETTING},
                 {"AXIS", KIND_SETTING}};
    if (strcmp(option->name, "engine") == 0)
        return KIND_ENGINE;
    if (strcmp(option->name, "solver") == 0)
        return KIND_SOLVER;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(option->argument, kinds[i].argument) == 0)
            return kinds[i].kind;
    return KIND_NOTHING;
}

static bool takes_topics(const struct ls_command *command)
{
    return command == &ls_command_help;
}

/* The names of all commands, and the topics of help when they are asked for, each after `before`. */
static void write_commands(FILE *out, const char *before, bool topics)
{
    size_t count;
    const struct ls_command *const *commands = ls_commands(&count);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%s", i > 0 ? before : "", commands[i]->name);
    for (size_t i = 0; topics && ls_help_topic(i) != NULL; i++)
        fprintf(out, "%s%s", before, ls_help_topic(i));
}

/* Whether `p` begins a name that the rows before it do not; a city's parameters begin alike. */
static bool new_name(const struct ls_parameter *p, size_t i)
{
    return !p[i].per_city || i == 0 || strcmp(p[i].section, p[i - 1].section) != 0;
}

/* "section.key=", or "section." where a city's name follows. */
static void write_setting(FILE *out, const struct ls_parameter *p)
{
    fprintf(out, "%s.%s%s", p->section, p->per_city ? "" : p->key, p->per_city ? "" : "=");
}

static bool has_words(const struct ls_parameter *p)
{
    return p->may_be_none || p->type == LS_TYPE_CHOICE || p->type == LS_TYPE_BOOLEAN ||
           p->type == LS_TYPE_ZONE || p->type == LS_TYPE_LOAD;
}

/* The words that a parameter may have as its value. */
static void write_words(FILE *out, const struct ls_parameter *p)
{
    switch (p->type) {
    case LS_TYPE_CHOICE:
        for (size_t i = 0; p->choices[i] != NULL; i++)
            fprintf(out, "%s%s", i > 0 ? " " : "", p->choices[i]);
        return;
    case LS_TYPE_BOOLEAN:
        fprintf(out, "yes no");
        return;
    case LS_TYPE_ZONE:
    case LS_TYPE_LOAD:
        fprintf(out, "auto");
        return;
    default:
        fprintf(out, "none");
    }
}

/* One case a parameter whose value may be a word; a city may stand in its name. */
static void write_word_cases(FILE *out)
{
    size_t count;
    const struct ls_parameter *p = ls_parameters(&count);
    for (size_t i = 0; i < count; i++) {
        if (!has_words(&p[i]))
            continue;
        fprintf(out, "    %s.%s%s%s) loadscope_words='", p[i].section, p[i].per_city ? "*" : "",
                p[i].per_city && p[i].key[0] != '\0' ? "." : "", p[i].key);
        write_words(out, &p[i]);
        fprintf(out, "' ;;\n");
    }
}

static void write_words_of(FILE *out, const char *name)
{
    const struct ls_parameter *parameter;
    char city[64];
    if (ls_parameter_find(name, &parameter, city, NULL) == 0)
        write_words(out, parameter);
}

static void write_settings(FILE *out)
{
    size_t count;
    const struct ls_parameter *p = ls_parameters(&count);
    for (size_t i = 0; i < count; i++)
        if (new_name(p, i)) {
            fprintf(out, "%s", i > 0 ? " " : "");
            write_setting(out, &p[i]);
        }
}

/* ---- bash */

static void write_bash_options(FILE *out, const struct ls_command *command, bool first)
{
    fprintf(out, "    %s) options='", command->name);
    for (const struct ls_option *o = command->options; o->name != NULL; o++)
        fprintf(out, "%s--%s", o != command->options ? " " : "", o->name);
    fprintf(out, "%s'", first ? " --version" : "");
    if (takes_topics(command)) {
        fprintf(out, " operands='");
        write_commands(out, " ", true);
        fprintf(out, "'");
    } else if (command->operands[0] == '\0') {
        fprintf(out, " operands=none");
    }
    fprintf(out, " ;;\n");
}

static void write_bash_kinds(FILE *out, const struct ls_command *command)
{
    static const char *const names[] = {
        [KIND_NOTHING] = "nothing", [KIND_FILE] = "file",     [KIND_FOLDER] = "folder",
        [KIND_SETTING] = "setting", [KIND_ENGINE] = "engine", [KIND_SOLVER] = "solver",
    };
    for (const struct ls_option *o = command->options; o->name != NULL; o++) {
        if (o->argument == NULL)
            continue;
        fprintf(out, "    %s:--%s", command->name, o->name);
        if (o->letter != 0)
            fprintf(out, " | %s:-%c", command->name, o->letter);
        fprintf(out, ") kind=%s ;;\n", names[kind_of(o)]);
    }
}

static const char bash_start[] =
    "# Completion of loadscope for bash. Written by: loadscope help bash-completion\n"
    "\n"
    "# The words that the setting $1 may have as its value go to $loadscope_words.\n"
    "_loadscope_words()\n"
    "{\n"
    "    loadscope_words=\n"
    "    case $1 in\n";

static const char bash_line[] =
    "    esac\n"
    "}\n"
    "\n"
    "_loadscope()\n"
    "{\n"
    "    local line=() current previous command=explore options= operands=files kind=operand "
    "loadscope_words= i\n"
    "    COMPREPLY=()\n"
    "    # bash breaks words at '='; here they are whole\n"
    "    for ((i = 0; i <= COMP_CWORD; i++)); do\n"
    "        if ((i > 1)) && [[ ${COMP_WORDS[i]} == =* || ${COMP_WORDS[i - 1]} == *= ]]; then\n"
    "            line[${#line[@]}-1]+=${COMP_WORDS[i]}\n"
    "        else\n"
    "            line+=(\"${COMP_WORDS[i]}\")\n"
    "        fi\n"
    "    done\n"
    "    current=${line[${#line[@]}-1]}\n"
    "    previous=${line[${#line[@]}-2]}\n"
    "    if [[ $current == --*=* ]]; then\n"
    "        previous=${current%%=*}\n"
    "        current=${current#*=}\n"
    "    fi\n"
    "    if ((${#line[@]} > 2)); then\n"
    "        case ${line[1]} in\n"
    "        ";

static const char bash_answer[] =
    "    esac\n"
    "    case $kind in\n"
    "    setting)\n"
    "        if [[ $current == *=* ]]; then\n"
    "            _loadscope_words \"${current%%=*}\"\n"
    "            mapfile -t COMPREPLY < <(compgen -P \"${current%%=*}=\" -W \"$loadscope_words\" -- "
    "\"${current#*=}\")\n"
    "        else\n"
    "            mapfile -t COMPREPLY < <(compgen -W \"$settings\" -- \"$current\")\n"
    "            compopt -o nospace 2>/dev/null\n"
    "        fi\n"
    "        ;;\n"
    "    engine) mapfile -t COMPREPLY < <(compgen -W \"$engines\" -- \"$current\") ;;\n"
    "    solver) mapfile -t COMPREPLY < <(compgen -W \"$solvers\" -- \"$current\") ;;\n"
    "    file) _loadscope_paths -f ;;\n"
    "    folder) _loadscope_paths -d ;;\n"
    "    operand)\n"
    "        if [[ $current == -* ]]; then\n"
    "            mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
    "        elif [[ $operands == files ]]; then\n"
    "            _loadscope_paths -f\n"
    "        elif [[ $operands != none ]]; then\n"
    "            mapfile -t COMPREPLY < <(compgen -W \"$operands\" -- \"$current\")\n"
    "        fi\n"
    "        if ((${#line[@]} == 2)) && [[ $current != -* ]]; then\n"
    "            mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W \"$commands\" -- \"$current\")\n"
    "        fi\n"
    "        ;;\n"
    "    esac\n"
    "    # what stands before the last '=' is not bash's to replace\n"
    "    if [[ $COMP_WORDBREAKS == *=* && $current == *=* ]]; then\n"
    "        COMPREPLY=(\"${COMPREPLY[@]##*=}\")\n"
    "    fi\n"
    "}\n"
    "\n"
    "# Files (-f) or folders (-d) that begin like $current.\n"
    "_loadscope_paths()\n"
    "{\n"
    "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$current\")\n"
    "    compopt -o filenames 2>/dev/null\n"
    "}\n"
    "\n"
    "complete -F _loadscope loadscope\n";

void ls_completion_bash(FILE *out)
{
    size_t count;
    const struct ls_command *const *commands = ls_commands(&count);
    fputs(bash_start, out);
    write_word_cases(out);
    fputs(bash_line, out);
    write_commands(out, " | ", false);
    fprintf(out, ") command=${line[1]} ;;\n        esac\n    fi\n    local commands='");
    write_commands(out, " ", false);
    fprintf(out, "'\n    local engines='");
    write_words_of(out, "run.engine");
    fprintf(out, "'\n    local solvers='");
    write_words_of(out, "run.solver");
    fprintf(out, "'\n    local settings='");
    write_settings(out);
    fprintf(out, "'\n    case $command in\n");
    for (size_t i = 0; i < count; i++)
        write_bash_options(out, commands[i], i == 0);
    fprintf(out, "    esac\n    case $command:$previous in\n");
    for (size_t i = 0; i < count; i++)
        write_bash_kinds(out, commands[i]);
    fputs(bash_answer, out);
}

/* ---- zsh */

/* Text within '...[text]...': quotes, brackets and colons have a meaning there. */
static void write_zsh_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs("'\\'", out);
        else if (strchr("[]:\\", *text) != NULL)
            fputc('\\', out);
        fputc(*text, out);
    }
}

static void write_zsh_option(FILE *out, const struct ls_option *option)
{
    static const char *const actions[] = {
        [KIND_NOTHING] = " ",
        [KIND_FILE] = "_files",
        [KIND_FOLDER] = "_files -/",
        [KIND_SETTING] = "_loadscope_setting",
    };
    enum kind kind = option->argument != NULL ? kind_of(option) : KIND_NOTHING;
    const char *many = kind == KIND_SETTING ? "*" : "", *joined = option->argument != NULL ? "=" : "";
    if (option->letter != 0)
        fprintf(out, "            '(-%c --%s)'{-%c%s,--%s%s}'[", option->letter, option->name, option->letter,
                option->argument != NULL ? "+" : "", option->name, joined);
    else
        fprintf(out, "            '%s--%s%s[", many, option->name, joined);
    write_zsh_text(out, option->help);
    fputc(']', out);
    if (option->argument != NULL) {
        fputc(':', out);
        write_zsh_text(out, option->argument);
        fputc(':', out);
        if (kind == KIND_ENGINE || kind == KIND_SOLVER) {
            fputc('(', out);
            write_words_of(out, kind == KIND_ENGINE ? "run.engine" : "run.solver");
            fputc(')', out);
        } else {
            fputs(actions[kind], out);
        }
    }
    fputs("' \\\n", out);
}

static void write_zsh_command(FILE *out, const struct ls_command *command, bool first)
{
    fprintf(out, "    %s)\n        _arguments -s \\\n", command->name);
    for (const struct ls_option *o = command->options; o->name != NULL; o++)
        write_zsh_option(out, o);
    if (first)
        fprintf(out, "            '(-V --version)'{-V,--version}'[show the version]' \\\n");
    if (takes_topics(command)) {
        fprintf(out, "            '1:topic:(");
        write_commands(out, " ", true);
        fprintf(out, ")'\n");
    } else if (command->operands[0] != '\0') {
        fprintf(out, "            '*:file:_files'\n");
    } else {
        fprintf(out, "            && return 0\n");
    }
    fprintf(out, "        ;;\n");
}

static const char zsh_setting[] = "    esac\n"
                                  "}\n"
                                  "\n"
                                  "_loadscope_setting()\n"
                                  "{\n"
                                  "    local loadscope_words= name\n"
                                  "    if compset -P '*='; then\n"
                                  "        name=${${IPREFIX%=}##*=}\n"
                                  "        _loadscope_words $name\n"
                                  "        compadd -- ${=loadscope_words}\n"
                                  "    else\n"
                                  "        compadd -S '' -- ";

void ls_completion_zsh(FILE *out)
{
    size_t count;
    const struct ls_command *const *commands = ls_commands(&count);
    fprintf(out, "#compdef loadscope\n"
                 "# Completion of loadscope for zsh. Written by: loadscope help zsh-completion\n\n"
                 "# The words that the setting $1 may have as its value go to $loadscope_words.\n"
                 "_loadscope_words()\n{\n    loadscope_words=\n    case $1 in\n");
    write_word_cases(out);
    fputs(zsh_setting, out);
    write_settings(out);
    fprintf(out, "\n    fi\n}\n\n_loadscope()\n{\n    local command=explore\n    local -a commands\n"
                 "    commands=(\n");
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "        '%s:", commands[i]->name);
        write_zsh_text(out, commands[i]->summary);
        fprintf(out, "'\n");
    }
    fprintf(out, "    )\n    if ((CURRENT > 2)); then\n        case $words[2] in\n        ");
    write_commands(out, " | ", false);
    fprintf(out, ")\n            command=$words[2]\n            shift words\n            ((CURRENT--))\n"
                 "            ;;\n        esac\n    elif [[ $words[2] != -* ]]; then\n"
                 "        _describe command commands\n    fi\n    case $command in\n");
    for (size_t i = 0; i < count; i++)
        write_zsh_command(out, commands[i], i == 0);
    fprintf(out, "    esac\n}\n\n_loadscope \"$@\"\n");
}
