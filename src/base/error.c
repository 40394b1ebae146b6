#include <loadscope/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ls_error_fill(struct ls_error *error, enum ls_code code, const char *format, ...)
{
    if (error == NULL)
        return;
    memset(error, 0, sizeof *error);
    error->code = code;
    va_list args;
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
}

int ls_error_remedy(struct ls_error *error, const char *format, ...)
{
    if (error == NULL)
        return LS_ERR_VALUE;
    va_list args;
    va_start(args, format);
    vsnprintf(error->remedy, sizeof error->remedy, format, args);
    va_end(args);
    return error->code;
}

int ls_error_at(struct ls_error *error, const char *file, long line, int column, const char *field)
{
    if (error == NULL)
        return LS_ERR_VALUE;
    snprintf(error->file, sizeof error->file, "%s", file != NULL ? file : "");
    snprintf(error->field, sizeof error->field, "%s", field != NULL ? field : "");
    error->line = line;
    error->column = column;
    return error->code;
}

const char *ls_error_text(const struct ls_error *error, char *out, size_t size)
{
    char where[512] = "";
    size_t used = 0;
    if (error->file[0] != '\0')
        used += (size_t)snprintf(where, sizeof where, "%s:", error->file);
    if (error->line > 0)
        used += (size_t)snprintf(where + used, sizeof where - used, "%s%ld:", used > 0 ? "" : "line ",
                                 error->line);
    if (error->column > 0)
        used += (size_t)snprintf(where + used, sizeof where - used, "%d:", error->column);
    if (error->field[0] != '\0')
        used +=
            (size_t)snprintf(where + used, sizeof where - used, "%s%s:", used > 0 ? " " : "", error->field);
    snprintf(out, size, "%s%s%s%s%s", where, used > 0 ? " " : "", error->message,
             error->remedy[0] != '\0' ? "; " : "", error->remedy);
    return out;
}
