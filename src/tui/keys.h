/* The names of keys, as help and hints write them, and as scripts name them. */
#ifndef LS_TUI_KEYS_H
#define LS_TUI_KEYS_H

/* "Enter", "^L", "[". */
const char *ls_tui_key_name(int key, char out[16]);

/* The key of a name as ls_tui_key_name() writes it; 0 when there is none. */
int ls_tui_key_named(const char *name);

/* Keys that have a word for a name, one after the other; NULL at the end. */
const char *ls_tui_key_first_name(void);
const char *ls_tui_key_next_name(const char *name);

#endif
