#include "tui/picture_screen.h"

#include "tui/picture.h"
#include "tui/screen.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#define CAPTION_ROWS   12
#define CAPTION_BYTES  4000
#define CHECKSUM_SHOWN 16 /* digits of the data's checksum in a caption: enough to tell data apart */

/* What a picture says of itself, as text that lasts as long as this. */
struct caption {
    char title[200], data[400], scenario[CAPTION_BYTES];
    const char *checksum;
};

static void add_parameter(const struct ls_parameter *parameter, const struct ls_policy *policy,
                          const struct ls_policy *defaults, const char *city, char *out, size_t size)
{
    char now[LS_VALUE_SIZE], usual[LS_VALUE_SIZE], name[160];
    size_t used = strlen(out);
    ls_parameter_get(parameter, policy, city, now, sizeof now);
    ls_parameter_get(parameter, defaults, city, usual, sizeof usual);
    if (strcmp(now, usual) != 0)
        snprintf(out + used, size - used, "%s%s=%s", used > 0 ? ", " : "",
                 ls_parameter_name(parameter, city, name, sizeof name), now);
}

/* The parameters that are not at their default, those per city for the one on screen. */
static void describe_scenario(const struct ls_policy *policy, const char *city, char *out, size_t size)
{
    struct ls_policy defaults;
    size_t count;
    const struct ls_parameter *parameters = ls_parameters(&count);
    ls_policy_init(&defaults);
    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        add_parameter(&parameters[i], policy, &defaults, parameters[i].per_city ? city : NULL, out, size);
    if (out[0] == '\0')
        snprintf(out, size, "all parameters at their defaults");
    ls_policy_clear(&defaults);
}

/* All the data are gone through for it, so only once. */
static const char *data_checksum(struct ls_explorer *explorer)
{
    if (explorer->options->store != NULL)
        return ls_store_checksum(explorer->options->store);
    if (explorer->data_checksum[0] == '\0')
        ls_record_data(explorer->dataset, explorer->data_checksum);
    return explorer->data_checksum;
}

static void fill_caption(struct ls_explorer *explorer, struct caption *caption)
{
    const struct ls_explorer_options *options = explorer->options;
    const char *slash = strrchr(options->data_name, '/');
    char date[LS_DATE_SIZE];
    snprintf(caption->title, sizeof caption->title, "loadscope: %s, %s, %s", explorer->city->name,
             ls_date_format(explorer->dates[explorer->date], date), ls_view(explorer->view)->name);
    caption->checksum = data_checksum(explorer);
    snprintf(caption->data, sizeof caption->data, "%s, %s %s", slash != NULL ? slash + 1 : options->data_name,
             options->store != NULL ? "xxh3" : "sha256", caption->checksum);
    describe_scenario(explorer->answer != NULL ? &explorer->answer->policy : &explorer->policy,
                      explorer->city->name, caption->scenario, sizeof caption->scenario);
}

/* Draws the caption at the top of a frame; returns its rows. */
static int draw_caption(const struct caption *caption, struct ls_frame *frame)
{
    char text[CAPTION_BYTES + 100];
    int name_bytes = (int)(strlen(caption->data) - strlen(caption->checksum));
    snprintf(text, sizeof text, "loadscope " LS_VERSION ", %.*s%.*s", name_bytes, caption->data,
             CHECKSUM_SHOWN, caption->checksum);
    struct ls_rect rect = {0, 1, frame->rows, frame->cols - 2};
    int rows = ls_frame_paragraph(frame, rect, LS_STYLE_MUTED, text);
    rect.row += rows;
    rect.rows -= rows;
    return rows + ls_frame_paragraph(frame, rect, LS_STYLE_MUTED, caption->scenario);
}

/* A frame of the screen with the caption below. */
static int draw_picture(struct ls_explorer *explorer, const struct caption *caption, struct ls_frame **out,
                        struct ls_error *error)
{
    static const struct ls_worker_state idle = {0};
    struct ls_frame *screen = explorer->frame, *foot = NULL, *picture = NULL;
    int status = ls_frame_create(CAPTION_ROWS, screen->cols, screen->glyphs, &foot, error);
    if (status != 0)
        return status;
    int rows = draw_caption(caption, foot);
    status = ls_frame_create(screen->rows + rows, screen->cols, screen->glyphs, &picture, error);
    if (status == 0) {
        size_t cells = (size_t)screen->rows * (size_t)screen->cols;
        picture->reverse = screen->reverse;
        picture->rows = screen->rows; /* views fill the frame they are given */
        ls_screen_draw(explorer, &idle, picture);
        picture->rows += rows;
        memcpy(picture->cell + cells, foot->cell, (size_t)rows * (size_t)screen->cols * sizeof *foot->cell);
        *out = picture;
    }
    ls_frame_destroy(foot);
    return status;
}

/* Writes the screen to a file, a PNG by *png. */
static int save(struct ls_explorer *explorer, const char *path, ls_conversion **png, struct ls_error *error)
{
    struct caption caption = {0};
    struct ls_frame *picture = NULL;
    fill_caption(explorer, &caption);
    explorer->for_picture = true;
    int status = draw_picture(explorer, &caption, &picture, error);
    explorer->for_picture = false;
    if (status != 0)
        return status;
    const struct ls_picture_about about = {
        .title = caption.title, .data = caption.data, .scenario = caption.scenario, .version = LS_VERSION};
    status = ls_picture_save(path, picture, ls_terminal_palette(explorer->terminal), &about, png, error);
    ls_frame_destroy(picture);
    return status;
}

int ls_screen_save(struct ls_explorer *explorer, const char *path, struct ls_error *error)
{
    ls_conversion *png = NULL;
    int status = save(explorer, path, &png, error);
    if (png != NULL)
        status = ls_conversion_wait(png, error);
    ls_conversion_drop(png);
    return status;
}

void ls_screen_snapshot(struct ls_explorer *explorer, const char *path)
{
    struct ls_error error;
    if (explorer->png != NULL)
        ls_explorer_refuse(explorer, "another picture is still being made", "try again once it is there");
    else if (save(explorer, path, &explorer->png, &error) != 0)
        ls_explorer_fail(explorer, &error);
    else
        ls_explorer_say(explorer, explorer->png != NULL ? "%s is being made" : "the screen is in %s", path);
}

void ls_screen_mind_png(struct ls_explorer *explorer)
{
    struct ls_error error;
    int status;
    if (explorer->png == NULL || !ls_conversion_ended(explorer->png, &status, &error))
        return;
    if (status != 0)
        ls_explorer_fail(explorer, &error);
    else
        ls_explorer_say(explorer, "the screen is in %s", ls_conversion_path(explorer->png));
    ls_conversion_drop(explorer->png);
    explorer->png = NULL;
}
