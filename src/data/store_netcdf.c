#include "data/store.h"

#include <errno.h>
#include <hdf5.h>
#include <netcdf.h>
#include <string.h>

#define COUNT(name)                                                                                          \
    {                                                                                                        \
        "quality_" #name, offsetof(struct ls_quality, name)                                                  \
    }
const struct ls_store_count ls_store_counts[LS_STORE_COUNTS] = {
    COUNT(rows),       COUNT(readings), COUNT(missing),     COUNT(gaps),  COUNT(negative),
    COUNT(duplicates), COUNT(rounded),  COUNT(factor_rows), COUNT(slots), COUNT(slots_without_factor),
};

/* The mutable objects of the library at file scope, because HDF5 has such. */
static pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t first_time = PTHREAD_ONCE_INIT;

/* A file that HDF5 could not write to its end stays open; tidying up at exit, it would call itself for ever.
 */
static void prepare(void)
{
    (void)H5dont_atexit();
}

/* HDF5 prints errors of its own until a thread tells it not to. */
void ls_netcdf_lock(void)
{
    (void)pthread_once(&first_time, prepare);
    pthread_mutex_lock(&door);
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    errno = 0;
}

void ls_netcdf_unlock(void)
{
    int cause = errno;
    pthread_mutex_unlock(&door);
    errno = cause;
}

bool ls_sheet_step(struct ls_sheet *sheet, const char *what)
{
    sheet->what = sheet->status == NC_NOERR ? what : sheet->what;
    return sheet->status == NC_NOERR;
}

void ls_sheet_note(struct ls_sheet *sheet, int status)
{
    if (status != NC_NOERR && sheet->status == NC_NOERR) {
        sheet->status = status;
        sheet->cause = errno;
    }
}

int ls_netcdf_error(struct ls_error *error, const char *path, const char *what, int status)
{
    int cause = status > 0 ? status : errno;
    bool full = cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
    bool system = status > 0 || full || cause == EIO;
    int code = status == NC_ENOMEM ? LS_ERR_MEMORY : system ? LS_ERR_IO : LS_ERR_FORMAT;
    ls_error_set(error, code, "%s: %s", what, system ? strerror(cause) : nc_strerror(status));
    if (full)
        ls_error_remedy(error, "make room, or write the store elsewhere");
    ls_error_at(error, path, 0, 0, NULL);
    return code;
}
