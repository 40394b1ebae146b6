/*
 * Fuzzes the CSV reader and the loader from memory.
 *
 * The first byte chooses the slot and the zone, and whether what follows a line of "--" is a file of factors.
 * What loads must be sound; what does not must say why and leave nothing behind.
 */
#include "data/load.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first line of "--", or NULL; from the newline before it. */
static const char *divider(const char *text, size_t length)
{
    for (size_t i = 0; i + 4 <= length; i++)
        if (memcmp(text + i, "\n--\n", 4) == 0)
            return text + i;
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int slots[] = {30, 15, 60, 1};
    if (size < 1)
        return 0;
    struct ls_load_options options = {.slot_minutes = slots[data[0] & 3],
                                      .timezone = (data[0] & 4) != 0 ? "Europe/London" : "auto"};
    const char *text = (const char *)data + 1;
    struct ls_source readings = {"readings", text, size - 1}, factors = {"factors", NULL, 0};
    const char *cut = (data[0] & 8) != 0 ? divider(text, size - 1) : NULL;
    if (cut != NULL) {
        readings.length = (size_t)(cut - text) + 1;
        factors.bytes = cut + 4;
        factors.length = (size_t)(text + size - 1 - (cut + 4));
    }
    struct ls_dataset *dataset = NULL;
    struct ls_error error = {0};
    int code =
        ls_dataset_load_sources(&readings, 1, cut != NULL ? &factors : NULL, &options, &dataset, &error);
    if ((code == 0) != (dataset != NULL) ||
        (code != 0 && (error.code != (enum ls_code)code || error.message[0] == '\0')) ||
        (code == 0 && !ls_dataset_check(dataset)))
        abort();
    ls_dataset_destroy(dataset);
    return 0;
}
