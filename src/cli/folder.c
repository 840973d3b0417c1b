/* SPDX-License-Identifier: MIT */
#include "cli/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/ini.h"
#include "base/number.h"

/* A file of a memory, and one of words. */
static const struct {
    const char *name;
    enum avrspi_memory memory;
} images[] = {
    {"flash.hex", AVRSPI_MEMORY_FLASH},
    {"eeprom.hex", AVRSPI_MEMORY_EEPROM},
};

static const char fuses_file[] = "fuses.txt", lock_file[] = "lock.txt", chip_file[] = "chip.txt";

static const char *const words_files[] = {fuses_file, lock_file, chip_file};

enum {
    IMAGES = sizeof images / sizeof *images,
    WORDS_FILES = sizeof words_files / sizeof *words_files,
    MOST_CALIBRATION = 16, /* bytes; no chip has more than 4 */
};

bool folder_is(const char *path)
{
    const size_t length = strlen(path);
    struct stat status;

    return (length > 0 && path[length - 1] == '/') ||
           (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* The caller frees it. */
static char *path_of(const char *folder, const char *name, struct avrspi_error *error)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    const bool slash = *folder && folder[strlen(folder) - 1] == '/';
    char *path = malloc(size);

    if (path)
        (void)snprintf(path, size, "%s%s%s", folder, slash ? "" : "/", name);
    else
        (void)avrspi_fail_memory(error);
    return path;
}

int folder_prepare(const char *path, bool *made, struct avrspi_error *error)
{
    char *file;
    int result;

    *made = mkdir(path, 0777) == 0;
    if (!*made && errno != EEXIST)
        return avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't make the folder '%.200s'", path);
    file = path_of(path, images[0].name, error);
    if (!file)
        return AVRSPI_ERR_FAILURE;
    result = avrspi_file_check_writable(file, error);
    free(file);
    return result;
}

/* --- writing */

static int write_one(const char *folder, const char *name, const char *text, size_t size,
                     struct avrspi_error *error)
{
    char *path = path_of(folder, name, error);
    int result = path ? avrspi_file_write(path, text, size, error) : AVRSPI_ERR_FAILURE;

    free(path);
    return result;
}

static int write_image(const char *folder, const char *name, const struct avrspi_image *image,
                       struct avrspi_error *error)
{
    char *text;
    size_t size;
    int result = avrspi_image_format(image, AVRSPI_FORMAT_IHEX, &text, &size, error);

    if (result < 0)
        return result;
    result = write_one(folder, name, text, size, error);
    free(text);
    return result;
}

/* The bytes from 'first' to 'last' that are given, each with its name. */
static int write_fuses(const char *folder, const char *name, const struct avrspi_fuses *fuses,
                       int first, int last, struct avrspi_error *error)
{
    char text[256];
    size_t used = 0;

    for (int n = first; n <= last; n++)
        if (fuses->given[n])
            used += (size_t)snprintf(text + used, sizeof text - used, "%s = 0x%02X\n",
                                     avrspi_fuse_name((enum avrspi_fuse)n), fuses->value[n]);
    return used ? write_one(folder, name, text, used, error) : 0;
}

/* "KEY = 1E 95 0F" where the contents have bytes of that memory. */
static void print_bytes(FILE *out, const char *key, const struct avrspi_contents *contents,
                        enum avrspi_memory memory)
{
    const struct avrspi_image *image = avrspi_contents_image(contents, memory);
    struct avrspi_segment segment;

    if (!image || !avrspi_image_next(image, 0, &segment))
        return;
    (void)fprintf(out, "%s =", key);
    for (size_t n = 0; n < segment.size; n++)
        (void)fprintf(out, " %02X", segment.data[n]);
    (void)fprintf(out, "\n");
}

/* 'notes' line by line, each as a comment. */
static void print_notes(FILE *out, const char *notes)
{
    while (*notes) {
        const int length = (int)strcspn(notes, "\n");

        (void)fprintf(out, "# %.*s\n", length, notes);
        notes += length + (notes[length] == '\n');
    }
}

static int write_chip(const char *folder, const struct avrspi_contents *contents,
                      const struct avrspi_chip *chip, const char *notes, struct avrspi_error *error)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    int result;

    if (!out)
        return avrspi_fail_memory(error);
    print_notes(out, notes);
    (void)fprintf(out, "chip = %s\n", avrspi_chip_name(chip));
    print_bytes(out, "signature", contents, AVRSPI_MEMORY_SIGNATURE);
    print_bytes(out, "calibration", contents, AVRSPI_MEMORY_CALIBRATION);
    result = fclose(out) == 0 ? write_one(folder, chip_file, text, size, error)
                              : avrspi_fail_memory(error);
    free(text);
    return result;
}

/* What an earlier backup left there, of which this one has nothing, would be burned with it. */
static int remove_old(const char *folder, const char *name, struct avrspi_error *error)
{
    char *path = path_of(folder, name, error);
    int result = path ? 0 : AVRSPI_ERR_FAILURE;

    if (path && remove(path) != 0 && errno != ENOENT)
        result = avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't remove '%.200s'", path);
    free(path);
    return result;
}

int folder_write(const char *path, const struct avrspi_contents *contents,
                 const struct avrspi_chip *chip, const char *notes, struct avrspi_error *error)
{
    struct avrspi_fuses fuses;
    int result = 0;

    avrspi_contents_fuses(contents, &fuses);
    for (size_t n = 0; result == 0 && n < IMAGES; n++)
        result = remove_old(path, images[n].name, error);
    for (size_t n = 0; result == 0 && n < WORDS_FILES; n++)
        result = remove_old(path, words_files[n], error);
    for (size_t n = 0; result == 0 && n < IMAGES; n++) {
        const struct avrspi_image *image = avrspi_contents_image(contents, images[n].memory);

        if (image)
            result = write_image(path, images[n].name, image, error);
    }
    if (result == 0)
        result = write_fuses(path, fuses_file, &fuses, AVRSPI_FUSE_LOW, AVRSPI_FUSE_EXT, error);
    if (result == 0)
        result = write_fuses(path, lock_file, &fuses, AVRSPI_FUSE_LOCK, AVRSPI_FUSE_LOCK, error);
    return result < 0 ? result : write_chip(path, contents, chip, notes, error);
}

/* --- reading */

/* A file of words that is being read. */
struct words {
    const char *name;
    struct avrspi_contents *contents;
};

static int put(const struct words *words, const struct avrspi_ini_entry *entry,
               enum avrspi_memory memory, uint32_t address, const uint8_t *data, size_t size,
               struct avrspi_error *error)
{
    const struct avrspi_origin origin = {.kind = AVRSPI_ORIGIN_LINE, .line = entry->line};

    return avrspi_contents_put(words->contents, memory, address, data, size, &origin, error);
}

static int take_fuse(const struct words *words, const struct avrspi_ini_entry *entry, int fuse,
                     struct avrspi_error *error)
{
    const bool lock = fuse == AVRSPI_FUSE_LOCK;
    uint64_t value;
    uint8_t byte;

    if (!avrspi_number_parse(entry->value, strlen(entry->value), &value) || value > 0xFF)
        return avrspi_ini_expected(error, words->name, entry->line, entry->value,
                                   "a byte such as 0x62");
    byte = (uint8_t)value;
    return put(words, entry, lock ? AVRSPI_MEMORY_LOCK : AVRSPI_MEMORY_FUSES,
               lock ? 0 : (uint32_t)fuse, &byte, 1, error);
}

static int take_bytes(const struct words *words, const struct avrspi_ini_entry *entry,
                      enum avrspi_memory memory, size_t least, size_t most,
                      struct avrspi_error *error)
{
    uint8_t bytes[MOST_CALIBRATION];
    const char *at = entry->value;
    size_t size = 0;

    for (; *at && size < most; at += strspn(at, " \t")) {
        const size_t length = strcspn(at, " \t");

        if (!avrspi_hex_byte(at, length, &bytes[size]))
            break;
        size++;
        at += length;
    }
    if (*at || size < least)
        return avrspi_ini_expected(error, words->name, entry->line, entry->value,
                                   "bytes in hex such as 1E 95 0F");
    return put(words, entry, memory, 0, bytes, size, error);
}

static int take_entry(void *user, const struct avrspi_ini_entry *entry, struct avrspi_error *error)
{
    const struct words *words = user;

    for (int n = 0; n < AVRSPI_FUSES; n++)
        if (strcmp(entry->key, avrspi_fuse_name((enum avrspi_fuse)n)) == 0)
            return take_fuse(words, entry, n, error);
    if (strcmp(entry->key, "signature") == 0)
        return take_bytes(words, entry, AVRSPI_MEMORY_SIGNATURE, 3, 3, error);
    if (strcmp(entry->key, "calibration") == 0)
        return take_bytes(words, entry, AVRSPI_MEMORY_CALIBRATION, 1, MOST_CALIBRATION, error);
    if (strcmp(entry->key, "chip") == 0) /* for people: the signature says which */
        return 0;
    return avrspi_ini_expected(error, words->name, entry->line, entry->key,
                               "low, high, ext, lock, chip, signature or calibration");
}

static int read_words(const char *path, struct avrspi_contents *contents,
                      struct avrspi_error *error)
{
    struct words words = {.name = path, .contents = contents};
    const struct avrspi_ini ini = {.name = path, .flat = true, .take = take_entry, .user = &words};
    char *text;
    size_t size;
    int result = avrspi_file_read(path, &text, &size, error);

    if (result < 0)
        return result;
    result = avrspi_ini_read(&ini, text, size, error);
    free(text);
    return result;
}

/* *path is NULL where the folder has no such file. The caller frees it. */
static int find(const char *folder, const char *name, char **path, struct avrspi_error *error)
{
    *path = path_of(folder, name, error);
    if (!*path)
        return AVRSPI_ERR_FAILURE;
    if (avrspi_file_is_absent(*path)) {
        free(*path);
        *path = NULL;
    }
    return 0;
}

static int read_images(const char *folder, const struct avrspi_chip *chip,
                       struct avrspi_contents **files, size_t *n_files, struct avrspi_error *error)
{
    int result = 0;

    for (size_t n = 0; result == 0 && n < IMAGES; n++) {
        const struct avrspi_read_options options = {
            .memory = images[n].memory, .chip = chip, .may_be_empty = true};
        char *path;

        result = find(folder, images[n].name, &path, error);
        if (result == 0 && path) {
            result = avrspi_contents_read(&files[*n_files], &options, path, error);
            *n_files += result == 0;
        }
        free(path);
    }
    return result;
}

int folder_read(const char *path, const struct avrspi_chip *chip, struct avrspi_contents **files,
                size_t *n_files, struct avrspi_error *error)
{
    struct avrspi_contents *words = avrspi_contents_new(path);
    const size_t before = *n_files;
    bool any = false;
    int result = words ? 0 : avrspi_fail_memory(error);

    if (result == 0)
        result = read_images(path, chip, files, n_files, error);
    for (size_t n = 0; result == 0 && n < WORDS_FILES; n++) {
        char *file;

        result = find(path, words_files[n], &file, error);
        if (result == 0 && file) {
            any = true;
            result = read_words(file, words, error);
        }
        free(file);
    }
    if (result == 0 && !any && *n_files == before)
        result = avrspi_fail(error, AVRSPI_ERR_INPUT,
                             "expected flash.hex, eeprom.hex, fuses.txt, lock.txt or chip.txt in "
                             "the folder '%.200s', found none",
                             path);
    if (result < 0 || !any)
        avrspi_contents_free(words);
    else
        files[(*n_files)++] = words;
    return result;
}
