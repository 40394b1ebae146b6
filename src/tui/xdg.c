#include "tui/xdg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool ls_xdg_path(const char *variable, const char *fallback, const char *name, char *out, size_t size)
{
    const char *base = getenv(variable), *home = getenv("HOME");
    int length;
    if (base != NULL && base[0] == '/') /* a relative one is to be ignored */
        length = snprintf(out, size, "%s/loadscope/%s", base, name);
    else if (home != NULL && home[0] == '/')
        length = snprintf(out, size, "%s/%s/loadscope/%s", home, fallback, name);
    else
        return false;
    return (size_t)length < size;
}

void ls_xdg_make_folder(const char *path)
{
    char folder[512];
    if (strlen(path) >= sizeof folder)
        return;
    memcpy(folder, path, strlen(path) + 1);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(folder, 0700);
        *slash = '/';
    }
}
