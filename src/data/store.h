/*
 * What reading and writing a store share: the names in the file, its seal, and the one door to NetCDF.
 *
 * A store is a NetCDF-4 file with a seal behind its end, where HDF5 does not look: the place of every chunk,
 * and checksums. The seal is written last, so a file with a seal is complete; and everything but the chunks
 * is held against it before NetCDF sees the file, since HDF5 does not survive every damage. Pieces of chunks
 * have checksums of their own. Chunks are read straight from their places, by several threads at once.
 *
 * The seal names the version of the format, and only the present one is read. Under version 1 were written
 * stores of one checksum a chunk and of one a piece, which it does not tell apart; version 2 has one a piece.
 */
#ifndef LS_DATA_STORE_H
#define LS_DATA_STORE_H

#include <loadscope/store.h>

#include <pthread.h>

#define LS_STORE_VERSION  2  /* of the format; a program reads its own only */
#define LS_STORE_SUM_SIZE 33 /* 128 bits in hexadecimal and a NUL */

/* Pieces of a chunk. */
static inline size_t ls_store_pieces(size_t n_customers)
{
    return (n_customers + LS_STORE_PIECE - 1) / LS_STORE_PIECE;
}

/* Where a chunk lies. */
struct ls_extent {
    uint64_t offset, length; /* [bytes]; length 0: left out */
};

struct ls_seal {
    size_t n_extents;
    struct ls_extent *extents; /* [n_extents] by city and day */
};

/* Appends the seal to a complete NetCDF file. LS_ERR_IO, LS_ERR_MEMORY. */
int ls_seal_write(int fd, const char *path, const struct ls_seal *seal, struct ls_error *error);

/* Reads the seal and holds all but the chunks against it. LS_ERR_IO, LS_ERR_FORMAT, LS_ERR_MEMORY; free()
 * ends its extents. */
int ls_seal_read(int fd, const char *path, struct ls_seal *out, struct ls_error *error);

/* All of these bytes; 0, or -1 with errno (ENODATA at the file's end). */
int ls_store_pread(int fd, void *out, size_t length, uint64_t offset);

/* "cannot WHAT: the system's word" of a file, from errno. */
int ls_store_io_error(struct ls_error *error, const char *path, const char *what);

/* A row of calls of NetCDF: it keeps the first failure, and nothing is done after it. */
struct ls_sheet {
    int status;       /* the first that was not NC_NOERR */
    int cause;        /* errno then */
    const char *what; /* what was under way */
};

/* True while all went well; names what is tried next. */
bool ls_sheet_step(struct ls_sheet *sheet, const char *what);
void ls_sheet_note(struct ls_sheet *sheet, int status);

/* "WHAT: NetCDF's word" with LS_ERR_FORMAT, or LS_ERR_IO where errno says that the system is to blame. */
int ls_netcdf_error(struct ls_error *error, const char *path, const char *what, int status);

/* HDF5 knows one thread at a time in the whole process: every call of NetCDF stands between these two. */
void ls_netcdf_lock(void);
void ls_netcdf_unlock(void);

/* The attributes of ls_quality, by their place in the struct. */
struct ls_store_count {
    const char *name;
    size_t offset;
};
#define LS_STORE_COUNTS 10
extern const struct ls_store_count ls_store_counts[LS_STORE_COUNTS];

#endif
