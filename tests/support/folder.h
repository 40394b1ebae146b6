/* Files of tests. Everything here fails the running cmocka test instead of returning an error. */
#ifndef LS_TESTS_FOLDER_H
#define LS_TESTS_FOLDER_H

/* Removes a folder with all that is in it. */
void folder_remove(const char *path);

/* Makes a file of this text, or overwrites one. */
void write_file(const char *path, const char *text);

#endif
