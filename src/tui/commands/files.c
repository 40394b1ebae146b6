#include "tui/commands/files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 256

void ls_files_complete(const char *prefix, bool (*add)(void *user, const char *text), void *user)
{
    char folder[PATH_BYTES], path[2 * PATH_BYTES];
    const char *slash = strrchr(prefix, '/'), *name = slash != NULL ? slash + 1 : prefix;
    struct dirent **entries = NULL;
    bool more = true;
    int head = (int)(name - prefix);
    if (head >= PATH_BYTES)
        return;
    snprintf(folder, sizeof folder, "%.*s", head, prefix);
    int n = scandir(head > 0 ? folder : ".", &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *entry = entries[i]->d_name;
        bool fits = strncmp(entry, name, strlen(name)) == 0 && (entry[0] != '.' || name[0] == '.') &&
                    strcmp(entry, ".") != 0 && strcmp(entry, "..") != 0;
        struct stat status;
        snprintf(path, sizeof path, "%s%s", folder, entry);
        if (more && fits && stat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode))
                snprintf(path, sizeof path, "%s%s/", folder, entry);
            more = add(user, path);
        }
        free(entries[i]);
    }
    free(entries);
}

int ls_files_admit(const struct ls_tui_command *command, const char *path, struct ls_error *error)
{
    if (command->by != 0 || access(path, F_OK) != 0)
        return 0;
    ls_error_set(error, LS_ERR_IO, "%s is there already", path);
    ls_error_remedy(error, "name another file, or :%s! replaces it", command->name);
    return LS_ERR_IO;
}
