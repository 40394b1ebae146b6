/*
 * The text that a field had last, so that the same text need not be understood again.
 *
 * Files repeat themselves: stamps and factors from home to home, places and names from row to row. Comparing
 * costs a few nanoseconds, understanding tens. A longer text is never remembered. Start with LS_MEMO_NONE.
 */
#ifndef LS_DATA_MEMO_H
#define LS_DATA_MEMO_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LS_MEMO_BYTES 31

struct ls_memo {
    char text[LS_MEMO_BYTES];
    uint8_t length; /* UINT8_MAX: nothing is remembered */
};
#define LS_MEMO_NONE ((struct ls_memo){.length = UINT8_MAX})

static inline uint64_t ls_memo_word(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* memcmp() == 0 by words, without a call: the last word overlaps the one before. */
static inline bool ls_same_bytes(const char *a, const char *b, size_t length)
{
    const size_t word = sizeof(uint64_t);
    size_t i = 0;
    if (length >= word) {
        for (; i + word < length; i += word)
            if (ls_memo_word(a + i) != ls_memo_word(b + i))
                return false;
        return ls_memo_word(a + length - word) == ls_memo_word(b + length - word);
    }
    while (i < length && a[i] == b[i])
        i++;
    return i == length;
}

static inline bool ls_memo_is(const struct ls_memo *memo, const char *text, size_t length)
{
    return memo->length == length && ls_same_bytes(memo->text, text, length);
}

static inline void ls_memo_keep(struct ls_memo *memo, const char *text, size_t length)
{
    memo->length = UINT8_MAX;
    if (length > LS_MEMO_BYTES)
        return;
    memcpy(memo->text, text, length);
    memo->length = (uint8_t)length;
}

#endif
