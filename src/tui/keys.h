/* The names of keys, as help and hints write them. */
#ifndef LS_TUI_KEYS_H
#define LS_TUI_KEYS_H

/* "Enter", "^L", "[". */
const char *ls_tui_key_name(int key, char out[16]);

#endif
