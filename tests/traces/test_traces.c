/* SPDX-License-Identifier: MIT */
/*
 * What a short job puts on the wires, for chips whose instructions differ, held against
 * tests/traces/CHIP.txt, and each instruction against the table of the chip's datasheet.
 *
 * After a change that is meant, UPDATE=1 in the environment or the argument --update writes the
 * files anew; 'git diff' then shows what that change does on the wire.
 */
#include "traces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"

enum {
    FIRST_BYTES = 4,
    LAST_BYTES = 2,
};

/* Fuses that may be turned: no clock source, nothing that ends serial programming. */
static const struct {
    const char *chip;
    const char *fuses[3];
} changes[] = {
    {"ATtiny12", {"BODLEVEL=1"}},
    {"ATtiny26", {"PLLCK_SUT_CKSEL=0x91", "EESAVE=programmed"}},
    {"ATmega103", {"EESAVE=programmed"}},
    {"ATmega161", {"BOOTRST=programmed"}},
    {"ATmega328P", {"CKOUT=programmed", "EESAVE=programmed", "BODLEVEL=2.7V"}},
    {"ATmega2560", {"EESAVE=programmed", "BODLEVEL=2.7V"}},
};

static int put_ends(struct avrspi_image *image, uint32_t size, struct avrspi_error *error)
{
    static const uint8_t first[FIRST_BYTES] = {0x12, 0x34, 0x00, 0x7F};
    static const uint8_t last[LAST_BYTES] = {0xA5, 0x5A};
    int result = avrspi_image_put(image, 0, first, FIRST_BYTES, error);

    if (result == 0)
        result = avrspi_image_put(image, size - LAST_BYTES, last, LAST_BYTES, error);
    return result;
}

static int write_memory(struct avrspi_session *session, enum avrspi_memory memory,
                        struct avrspi_error *error)
{
    const struct avrspi_request options = {.erase = true, .verify = true};
    const struct avrspi_chip *chip = avrspi_session_chip(session);
    struct avrspi_image *image = avrspi_image_new();
    bool flash = memory == AVRSPI_MEMORY_FLASH;
    int result;

    if (!image)
        return avrspi_fail_memory(error);
    result = put_ends(image, flash ? chip->flash_size : chip->eeprom_size, error);
    if (result == 0)
        result = (flash ? work_flash : work_eeprom)(session, image, &options, NULL, error);
    avrspi_image_free(image);
    return result;
}

static int write_fuses(struct avrspi_session *session, struct avrspi_error *error)
{
    const struct avrspi_chip *chip = avrspi_session_chip(session);
    struct avrspi_fuses fuses = avrspi_session_fuses(session);

    memset(fuses.given, 0, sizeof fuses.given);
    for (size_t n = 0; n < sizeof changes / sizeof *changes; n++) {
        if (strcmp(changes[n].chip, chip->name) != 0)
            continue;
        for (size_t k = 0; k < 3 && changes[n].fuses[k]; k++) {
            int result = avrspi_fuses_set(chip, changes[n].fuses[k], &fuses, error);

            if (result < 0)
                return result;
        }
    }
    return avrspi_session_write_fuses(session, &fuses, error);
}

static int read_calibration(struct avrspi_session *session, struct avrspi_error *error)
{
    uint8_t bytes[4];

    return avrspi_session_read(session, AVRSPI_MEMORY_CALIBRATION, 0, bytes,
                               avrspi_session_chip(session)->calibration_bytes, error);
}

/* Lock mode 2. */
static int lock(struct avrspi_session *session, struct avrspi_error *error)
{
    struct avrspi_fuses fuses = {0};

    fuses.value[AVRSPI_FUSE_LOCK] = 0xFF;
    if (avrspi_fuses_set(avrspi_session_chip(session), "LB=write-locked", &fuses, error) < 0)
        return AVRSPI_ERR_USAGE;
    return avrspi_session_write_fuses(session, &fuses, error);
}

/* The end of the flash, where the largest parts need an address of more than 16 bits. */
static int read_end(struct avrspi_session *session, struct avrspi_error *error)
{
    const struct avrspi_chip *chip = avrspi_session_chip(session);
    uint8_t bytes[LAST_BYTES];

    return avrspi_session_read(session, AVRSPI_MEMORY_FLASH, chip->flash_size - LAST_BYTES, bytes,
                               LAST_BYTES, error);
}

typedef int step(struct avrspi_session *session, struct avrspi_error *error);

static int write_flash(struct avrspi_session *session, struct avrspi_error *error)
{
    return write_memory(session, AVRSPI_MEMORY_FLASH, error);
}

static int write_eeprom(struct avrspi_session *session, struct avrspi_error *error)
{
    return write_memory(session, AVRSPI_MEMORY_EEPROM, error);
}

/* A session of its own for some of the work. */
static int run_session(const struct avrspi_session_config *config, step *const *steps,
                       struct avrspi_error *error)
{
    struct avrspi_session *session;
    int result = avrspi_session_open(&session, config, error);

    if (result == 0)
        result = avrspi_session_identify(session, error);
    for (; result == 0 && *steps; steps++)
        result = (*steps)(session, error);
    (void)avrspi_session_close(session, NULL);
    return result;
}

static int run_job(struct avrspi_link *link, const struct avrspi_chips *chips, const char *name,
                   struct avrspi_error *error)
{
    static step *const first[] = {write_flash, write_eeprom, read_calibration,
                                  write_fuses, lock,         NULL};
    static step *const second[] = {read_end, NULL};
    const struct avrspi_session_config config = {
        .link = link,
        .chips = chips,
        .chip = avrspi_chips_find(chips, name),
    };
    int result = run_session(&config, first, error);

    return result < 0 ? result : run_session(&config, second, error);
}

/* Runs the job; false after a message. */
static bool record_job(struct record *record, const struct table *table,
                       const struct avrspi_chips *chips)
{
    struct avrspi_error error = {0};
    struct avrspi_link *link = NULL;
    char kinds[128] = "";
    int result = record_open(&link, record, table->chip, chips, &error);

    if (result == 0) {
        result = run_job(link, chips, table->chip, &error);
        (void)avrspi_link_violations(link, kinds, sizeof kinds);
    }
    (void)avrspi_link_close(link, NULL);
    if (result < 0)
        printf("%s: %s\n", table->chip, error.message);
    if (kinds[0])
        printf("%s: violations: %s\n", table->chip, kinds);
    if (record->torn)
        printf("%s: a transfer that is not made of whole instructions\n", table->chip);
    return result == 0 && !kinds[0] && !record->torn;
}

/* The job's record as text, from malloc(); NULL after a message. */
static char *trace(const struct table *table, const struct avrspi_chips *chips)
{
    struct record record = {0};
    char *text = NULL;
    size_t unknown = 0;

    if (record_job(&record, table, chips))
        text = record_text(&record, table, &unknown);
    record_free(&record);
    if (unknown == 0)
        return text;
    printf("%s: %zu instructions are not in its datasheet:\n%s", table->chip, unknown, text);
    free(text);
    return NULL;
}

static void print_first_difference(const char *path, const char *expected, const char *found)
{
    unsigned line = 1;

    while (strcspn(expected, "\n") == strcspn(found, "\n") && *expected &&
           strncmp(expected, found, strcspn(found, "\n")) == 0) {
        expected += strcspn(expected, "\n");
        found += strcspn(found, "\n");
        expected += *expected == '\n';
        found += *found == '\n';
        line++;
    }
    printf("%s:%u:\n  expected %.*s\n  found    %.*s\n", path, line, (int)strcspn(expected, "\n"),
           expected, (int)strcspn(found, "\n"), found);
}

static bool compare(const char *path, const char *text)
{
    struct avrspi_error error = {0};
    char *golden;
    size_t size;
    bool same;

    if (avrspi_file_read(path, &golden, &size, &error) < 0) {
        printf("%s\n", error.message);
        return false;
    }
    same = strlen(text) == size && memcmp(text, golden, size) == 0;
    if (!same)
        print_first_difference(path, golden, text);
    free(golden);
    return same;
}

static bool check(const struct table *table, const struct avrspi_chips *chips, bool update)
{
    char *text = trace(table, chips);
    struct avrspi_error error = {0};
    char path[512];
    bool good;

    if (!text)
        return false;
    (void)snprintf(path, sizeof path, TEST_TRACES "/%s.txt", table->chip);
    if (update) {
        good = avrspi_file_write(path, text, strlen(text), &error) == 0;
        if (!good)
            printf("%s\n", error.message);
    } else {
        good = compare(path, text);
    }
    free(text);
    return good;
}

int main(int argc, char **argv)
{
    const char *wish = getenv("UPDATE");
    bool update =
        (argc > 1 && strcmp(argv[1], "--update") == 0) || (wish && strcmp(wish, "1") == 0);
    struct avrspi_error error = {0};
    struct avrspi_chips *chips;
    const struct table *table;
    unsigned passed = 0, failed = 0;

    if (avrspi_chips_open(&chips, &error) < 0) {
        printf("%s\n", error.message);
        return 1;
    }
    for (size_t n = 0; (table = table_at(n)) != NULL; n++) {
        if (check(table, chips, update))
            passed++;
        else
            failed++;
    }
    avrspi_chips_close(chips);
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}
