/* What the manual page says besides the tables of the program: prose, and what output files hold. */
#ifndef LS_CLI_MANUAL_TEXT_H
#define LS_CLI_MANUAL_TEXT_H

/* Sections as roff, each with its heading but for data_rules, which goes on from data_columns. */
extern const char ls_manual_description[], ls_manual_data_columns[], ls_manual_data_rules[];
extern const char ls_manual_scenario[], ls_manual_explorer[], ls_manual_over_ssh[], ls_manual_output[];
extern const char ls_manual_results[];
extern const char ls_manual_ending[]; /* from the exit status on */

/* An entry of a list as plain text. A list ends with an entry whose meaning is NULL. */
struct ls_manual_entry {
    const char *heading; /* what stands above this entry and those after it, or NULL */
    const char *names;   /* of columns or keys; "" where the meaning is of the heading */
    const char *meaning;
};

extern const struct ls_manual_entry ls_manual_json_keys[];
extern const struct ls_manual_entry ls_manual_result_files[]; /* the files of a result directory */

#endif
