/* SPDX-License-Identifier: MIT */
#include "cli/read_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "avrspi/backup.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/done.h"
#include "cli/folder.h"
#include "cli/sck.h"
#include "image/format.h"

enum {
    NOTES = 256,
};

/* A backup on its way from the target to a file. */
struct all {
    struct avrspi_backup *backup;
    struct avrspi_contents *contents;
    const struct avrspi_chip *chip;
    char notes[NOTES]; /* what is missing, in lines */
    struct job_end end;
};

/* --- where it goes */

static enum avrspi_format format_of(const struct cli *cli)
{
    enum avrspi_format format = config_given(&cli->config, OPT_FORMAT)
                                    ? cli->config.format
                                    : avrspi_format_by_path(cli->config.output);

    return format == AVRSPI_FORMAT_AUTO ? AVRSPI_FORMAT_IHEX : format;
}

static int check_folder(const struct cli *cli, bool *made, struct avrspi_error *error)
{
    if (config_given(&cli->config, OPT_FORMAT))
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "--format is for one file, '%.200s' is a folder", cli->config.output);
    return folder_prepare(cli->config.output, made, error);
}

static int check_file(const struct cli *cli, struct avrspi_error *error)
{
    const enum avrspi_format format = format_of(cli);
    int result = config_given(&cli->config, OPT_FORMAT)
                     ? 0
                     : avrspi_format_check_path(cli->config.output, error);

    if (result == 0 && format != AVRSPI_FORMAT_IHEX && format != AVRSPI_FORMAT_SREC) {
        avrspi_fail(error, AVRSPI_ERR_USAGE,
                    "expected Intel HEX or S-record for 'all', which name memories by addresses, "
                    "found %s",
                    avrspi_format_title(format));
        avrspi_hint(error, "a folder ('-o NAME/') has a file for each memory");
        return AVRSPI_ERR_USAGE;
    }
    return result < 0 ? result : avrspi_file_check_writable(cli->config.output, error);
}

static int check_output(struct cli *cli, bool *made, struct avrspi_error *error)
{
    if (config_given(&cli->config, OPT_RANGE))
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "--range is not for 'all'");
    if (!cli->config.output) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'read all' needs -o FILE, or -o FOLDER/");
        return AVRSPI_ERR_USAGE;
    }
    if (strcmp(cli->config.output, "-") == 0)
        cli->ui.quiet = true; /* standard output is for the bytes */
    return folder_is(cli->config.output) ? check_folder(cli, made, error) : check_file(cli, error);
}

/* --- what is missing */

static void add_note(struct all *all, const char *text)
{
    const size_t used = strlen(all->notes);

    (void)snprintf(all->notes + used, sizeof all->notes - used, "%s%s", used ? "\n" : "", text);
}

/* "low, high, lock of the AT90S2313 can't be read over SPI: not in this backup" */
static void note_missing(struct cli *cli, struct all *all)
{
    json_t *names = json_array();
    bool missing[AVRSPI_FUSES], unknown;
    char list[UI_TEXT] = "", text[2 * UI_TEXT + 64];
    size_t used = 0;

    avrspi_backup_missing(all->backup, missing, &unknown);
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const char *name = avrspi_fuse_name((enum avrspi_fuse)n);

        if (!missing[n])
            continue;
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", name);
        (void)json_array_append_new(names, ui_string(name));
    }
    if (used) {
        (void)snprintf(text, sizeof text,
                       "%s of the %.40s can't be read over SPI: not in this backup", list,
                       avrspi_chip_name(all->chip));
        add_note(all, text);
    }
    if (unknown) {
        (void)snprintf(text, sizeof text, "fuses of the %.40s are not known: not in this backup",
                       avrspi_chip_name(all->chip));
        add_note(all, text);
    }
    ui_fact(&cli->ui, "missing", names);
}

/* --- writing */

static void show_sizes(struct cli *cli, const struct all *all)
{
    char text[4 * UI_TEXT] = "";
    json_t *sizes = json_object();
    size_t used = 0;

    for (int n = 0; n < AVRSPI_MEMORIES && used < sizeof text; n++) {
        const enum avrspi_memory memory = (enum avrspi_memory)n;
        const uint32_t size = avrspi_memory_size(all->chip, memory);
        const struct avrspi_image *image = avrspi_contents_image(all->contents, memory);
        const bool large = memory == AVRSPI_MEMORY_FLASH || memory == AVRSPI_MEMORY_EEPROM;
        const json_int_t bytes = image && !large ? (json_int_t)avrspi_image_size(image) : size;

        if (!image)
            continue;
        used += (size_t)snprintf(text + used, sizeof text - used, large ? "%s%s %u B" : "%s%s",
                                 used ? ", " : "", avrspi_memory_name(memory), size);
        (void)json_object_set_new(sizes, avrspi_memory_name(memory), json_integer(bytes));
    }
    ui_line(&cli->ui, "read", "%s, twice each, written to %s", text, cli->config.output);
    ui_fact(&cli->ui, "memories", sizes);
}

/* Intel HEX allows comments in front of its records; in an S-record there is no place for them. */
static int write_file(const struct cli *cli, const struct all *all, struct avrspi_error *error)
{
    const enum avrspi_format format = format_of(cli);
    struct avrspi_image *image;
    char *records = NULL, *text = NULL;
    size_t size = 0, length = 0;
    FILE *out;
    int result = avrspi_contents_join(all->contents, &image, error);

    if (result == 0)
        result = avrspi_image_format(image, format, &records, &size, error);
    avrspi_image_free(image);
    if (result < 0)
        return result;
    out = open_memstream(&text, &length);
    if (!out) {
        free(records);
        return avrspi_fail_memory(error);
    }
    for (const char *note = all->notes; format == AVRSPI_FORMAT_IHEX && *note;) {
        const int end = (int)strcspn(note, "\n");

        (void)fprintf(out, "; %.*s\n", end, note);
        note += end + (note[end] == '\n');
    }
    (void)fwrite(records, 1, size, out);
    result = fclose(out) == 0 ? avrspi_file_write(cli->config.output, text, length, error)
                              : avrspi_fail_memory(error);
    free(text);
    free(records);
    return result;
}

static int deliver(struct cli *cli, const struct all *all, struct avrspi_error *error)
{
    const char *path = cli->config.output;
    int result = folder_is(path) ? folder_write(path, all->contents, all->chip, all->notes, error)
                                 : write_file(cli, all, error);

    if (result < 0)
        return result;
    ui_fact(&cli->ui, "memory", ui_string("all"));
    ui_fact(&cli->ui, "file", ui_string(path));
    show_sizes(cli, all);
    for (const char *note = all->notes; *note;) {
        const int end = (int)strcspn(note, "\n");

        ui_line(&cli->ui, "missing", "%.*s", end, note);
        note += end + (note[end] == '\n');
    }
    job_show(cli, &all->end, avrspi_backup_bytes(all->backup));
    return 0;
}

/* --- reading */

static int collect(struct target *target, struct all *all, struct avrspi_error *error)
{
    struct avrspi_request request;
    struct avrspi_job_result job;
    int result = avrspi_backup_new(&all->backup, target->session, error);

    if (result < 0)
        return result;
    avrspi_backup_request(all->backup, &request);
    result = target_read_job(target, &request, &job, error);
    if (result < 0)
        return result;
    all->chip = avrspi_chips_find(target->cli->chips, avrspi_chip_name(target_chip(target)));
    all->end = job_end(target, &job);
    sck_warn_slow(target, all->end.timing.total_ns, all->end.limit_ns);
    note_missing(target->cli, all);
    return avrspi_backup_contents(all->backup, target->cli->config.output, &all->contents, error);
}

int read_all(struct cli *cli, struct avrspi_error *error)
{
    struct target target = {0};
    struct all all = {0};
    bool made = false;
    int result = check_output(cli, &made, error);

    if (result == 0)
        result = target_identify(&target, cli, error);
    if (result == 0)
        result = collect(&target, &all, error);
    /* whoever takes the bytes may be slow: the target is released first */
    result = target_close(&target, result, error);
    if (result == 0)
        result = deliver(cli, &all, error);
    if (result < 0 && made) /* where nothing is in it */
        (void)rmdir(cli->config.output);
    avrspi_contents_free(all.contents);
    avrspi_backup_free(all.backup);
    return result;
}
