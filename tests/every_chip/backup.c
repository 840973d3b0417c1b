/* SPDX-License-Identifier: MIT */
/*
 * A backup of the whole chip as Intel HEX, brought back onto a chip that holds something else: a
 * second backup is the same text. With EESAVE programmed and lock mode 2 where the chip has them.
 */
#include "every_chip.h"

#include <stdlib.h>
#include <string.h>

enum {
    MODE_2 = 2,    /* the value of LB2 and LB1 */
    EDGE = 300,    /* bytes at both ends of the flash that are not blank */
    WHOLE = 32768, /* bytes of flash; a larger one is read once, which is enough and faster */
    PIECE = 1000,  /* of the flash in between, one that is not blank */
};

/* Whether the lock bits can be set and seen. */
static bool has_lock(const struct run *run)
{
    return avrspi_chip_field(run->chip, "LB") && can_write_fuse(run->chip, AVRSPI_FUSE_LOCK) &&
           can_read_fuse(run->chip, AVRSPI_FUSE_LOCK);
}

static const struct avrspi_field *eesave_of(const struct run *run)
{
    const struct avrspi_field *field = avrspi_chip_field(run->chip, "EESAVE");

    return field && can_read_fuse(run->chip, field->fuse) && can_write_fuse(run->chip, field->fuse)
               ? field
               : NULL;
}

static void add_random(struct run *run, struct avrspi_contents *contents, enum avrspi_memory memory,
                       uint32_t address, uint32_t size)
{
    uint8_t *data = malloc(size);

    for (uint32_t n = 0; data && n < size; n++)
        data[n] = (uint8_t)(next_random(run) >> 8);
    if (data)
        (void)avrspi_contents_put(contents, memory, address, data, size, NULL, NULL);
    free(data);
}

/* Random bytes for flash and EEPROM, the EEPROM's first half only. */
static struct avrspi_contents *random_contents(struct run *run)
{
    struct avrspi_contents *contents = avrspi_contents_new("random");
    const uint32_t size = run->chip->flash_size, start = run->chip->flash_start;

    if (!contents)
        return NULL;
    if (size > 2 * EDGE) {
        add_random(run, contents, AVRSPI_MEMORY_FLASH, start, EDGE);
        add_random(run, contents, AVRSPI_MEMORY_FLASH, start + size - EDGE, EDGE);
    }
    if (size > 4 * PIECE)
        add_random(run, contents, AVRSPI_MEMORY_FLASH, start + size / 2, PIECE);
    if (run->chip->eeprom_size)
        add_random(run, contents, AVRSPI_MEMORY_EEPROM, 0, run->chip->eeprom_size / 2);
    return contents;
}

static size_t size_in(const struct avrspi_contents *contents, enum avrspi_memory memory)
{
    const struct avrspi_image *image = avrspi_contents_image(contents, memory);

    return image ? avrspi_image_size(image) : 0;
}

static bool burn(struct run *run, struct avrspi_contents *contents, const char *what)
{
    struct avrspi_request request;
    struct avrspi_job_result job = {0};
    int result = avrspi_contents_check(contents, run->chip, &run->error);

    avrspi_contents_request(contents, &request);
    if (result == 0)
        result = avrspi_job_run(run->session, &request, &job, &run->error);
    if (!ends(run, result, 0, what))
        return false;
    NEED(run,
         job.flash.bytes == size_in(contents, AVRSPI_MEMORY_FLASH) &&
             job.eeprom.bytes == size_in(contents, AVRSPI_MEMORY_EEPROM),
         "%s: %zu B of flash, %zu B of EEPROM", what, job.flash.bytes, job.eeprom.bytes);
    NEED(run, job.flash.verified == (job.flash.bytes > 0), "%s: flash is not verified", what);
    NEED(run, job.eeprom.verified == (job.eeprom.bytes > 0), "%s: EEPROM is not verified", what);
    return true;
}

/* Something on the chip that nothing else has put there. */
static bool fill(struct run *run)
{
    struct avrspi_contents *contents = random_contents(run);
    bool good;

    NEED(run, contents, "no contents");
    good = burn(run, contents, "burn random bytes");
    avrspi_contents_free(contents);
    return good;
}

static bool set_fuses(struct run *run, uint8_t eesave)
{
    const struct avrspi_field *field = eesave_of(run);
    const struct avrspi_fuses now = avrspi_session_fuses(run->session);

    if (field &&
        !ends(run,
              write_fuse(run, field->fuse, avrspi_field_set(field, now.value[field->fuse], eesave)),
              0, "write EESAVE"))
        return false;
    return true;
}

static bool set_lock(struct run *run)
{
    const struct avrspi_field *field = avrspi_chip_field(run->chip, "LB");

    return !has_lock(run) ||
           ends(run, write_fuse(run, AVRSPI_FUSE_LOCK, avrspi_field_set(field, 0xFF, MODE_2)), 0,
                "write lock bits");
}

static int text_of(const struct avrspi_backup *backup, char **text, size_t *size,
                   struct avrspi_error *error)
{
    struct avrspi_contents *contents;
    struct avrspi_image *image = NULL;
    int result = avrspi_backup_contents(backup, "backup", &contents, error);

    if (result == 0)
        result = avrspi_contents_join(contents, &image, error);
    if (result == 0)
        result = avrspi_image_format(image, AVRSPI_FORMAT_IHEX, text, size, error);
    avrspi_image_free(image);
    avrspi_contents_free(contents);
    return result;
}

/* The caller frees *text. */
static bool save(struct run *run, char **text, size_t *size)
{
    struct avrspi_backup *backup;
    struct avrspi_request request;
    int result = avrspi_backup_new(&backup, run->session, &run->error);

    if (result == 0) {
        avrspi_backup_request(backup, &request);
        request.read_twice = run->chip->flash_size <= WHOLE; /* a simulated wire is never wrong */
        result = avrspi_job_run(run->session, &request, NULL, &run->error);
    }
    if (result == 0)
        result = text_of(backup, text, size, &run->error);
    avrspi_backup_free(backup);
    return ends(run, result, 0, "save all");
}

/* All that the chip shows is there: a byte that no backup has would be alike in both. */
static bool check_complete(struct run *run, const struct avrspi_contents *contents,
                           const struct avrspi_fuses *found)
{
    const struct avrspi_chip *chip = run->chip;
    struct avrspi_fuses fuses;

    avrspi_contents_fuses(contents, &fuses);
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const enum avrspi_fuse fuse = (enum avrspi_fuse)n;

        NEED(run, fuses.given[n] == can_read_fuse(chip, fuse), "the backup has %s %s byte",
             fuses.given[n] ? "a" : "no", avrspi_fuse_name(fuse));
        NEED(run, !fuses.given[n] || fuses.value[n] == found->value[n],
             "the backup has 0x%02X as the %s byte, the chip 0x%02X", fuses.value[n],
             avrspi_fuse_name(fuse), found->value[n]);
    }
    NEED(run, (size_in(contents, AVRSPI_MEMORY_FLASH) > 0) == (chip->flash_size > 0),
         "the backup has %zu B of flash", size_in(contents, AVRSPI_MEMORY_FLASH));
    NEED(run, size_in(contents, AVRSPI_MEMORY_EEPROM) == chip->eeprom_size,
         "the backup has %zu B of EEPROM", size_in(contents, AVRSPI_MEMORY_EEPROM));
    NEED(run, size_in(contents, AVRSPI_MEMORY_CALIBRATION) == chip->calibration_bytes,
         "the backup has %zu calibration bytes", size_in(contents, AVRSPI_MEMORY_CALIBRATION));
    return true;
}

/* 'found': the fuses and lock bits when it was made. */
static bool bring_back(struct run *run, const char *text, size_t size,
                       const struct avrspi_fuses *found)
{
    const struct avrspi_read_options options = {.memory = AVRSPI_MEMORY_FLASH};
    struct avrspi_contents *contents;
    uint8_t signature[3];
    int result = avrspi_contents_parse(&contents, &options, "backup.hex", text, size, &run->error);
    bool good = ends(run, result, 0, "read the backup");

    if (good && (!avrspi_contents_signature(contents, signature) ||
                 memcmp(signature, run->chip->signature, 3) != 0))
        good = fail(run, "the backup has another signature");
    good = good && check_complete(run, contents, found) && burn(run, contents, "burn the backup");
    avrspi_contents_free(contents);
    return good;
}

/* Leaves programming mode and comes back. */
static bool reopen(struct run *run)
{
    target_close(run);
    return target_open(run, false);
}

static bool check_same(struct run *run, const char *text, size_t size)
{
    char *again = NULL;
    size_t length = 0;
    bool good = reopen(run) && save(run, &again, &length);

    if (good && (!text || !again || length != size || memcmp(again, text, size) != 0))
        good = fail(run, "the second backup differs from the first");
    free(again);
    return good;
}

/* Lock bits and fuses as the other checks expect them. */
static bool clean(struct run *run)
{
    if (!run->chip->flash_size && !run->chip->eeprom_size)
        return true;
    return ends(run, avrspi_session_erase(run->session, &run->error), 0, "erase") &&
           set_fuses(run, 1);
}

bool check_backup(struct run *run)
{
    char *text = NULL;
    size_t size = 0;
    struct avrspi_fuses found;
    bool good = fill(run) && set_fuses(run, 0) && set_lock(run) && save(run, &text, &size);

    found = avrspi_session_fuses(run->session);
    good = good && clean(run) && fill(run) && bring_back(run, text, size, &found) &&
           check_same(run, text, size) && clean(run);

    free(text);
    return good;
}
