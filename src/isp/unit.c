/* SPDX-License-Identifier: MIT */
/*
 * Flash and EEPROM are written in units: a page that is loaded and then written at once, or a
 * single byte where the part has no pages. One transfer carries the read-back of the unit
 * before, the load of this one, and the instruction that writes it.
 */
#include "isp/isp.h"

uint32_t avrspi_unit_size(const struct avrspi_chip *chip, enum avrspi_memory memory)
{
    uint32_t page = avrspi_memory_page(chip, memory);

    return page ? page : 1;
}

/* A read between the two bytes of a word may spoil it on an AT90S1200 (its datasheet, 'Serial
 * Programming Algorithm'): flash without pages is read back when all is written. */
bool avrspi_unit_reads_back_at_once(const struct avrspi_chip *chip, enum avrspi_memory memory)
{
    return memory != AVRSPI_MEMORY_FLASH || chip->flash_page > 0;
}

/* --- sending */

/* Where nothing was erased, a byte that stays is loaded as 0xFF, which changes nothing whatever the
 * cell holds: never as it was read. */
static uint8_t flash_byte(const struct avrspi_unit *unit, uint32_t n)
{
    return unit->old && unit->data[n] == unit->old[n] ? 0xFF : unit->data[n];
}

static void add_flash_page(struct avrspi_session *session, const struct avrspi_unit *unit)
{
    for (uint32_t n = 0; n < unit->size; n++)
        (void)avrspi_batch_add(session, n & 1 ? AVRSPI_LOAD_FLASH_HIGH : AVRSPI_LOAD_FLASH_LOW,
                               (unit->address + n) / 2, flash_byte(unit, n));
    (void)avrspi_batch_add(session, AVRSPI_WRITE_FLASH_PAGE, unit->address / 2, 0);
}

static void add_flash_byte(struct avrspi_session *session, const struct avrspi_unit *unit)
{
    (void)avrspi_batch_add(session,
                           unit->address & 1 ? AVRSPI_WRITE_FLASH_HIGH : AVRSPI_WRITE_FLASH_LOW,
                           unit->address / 2, unit->data[0]);
}

/* Only bytes that were loaded are erased and written. */
static void add_eeprom_page(struct avrspi_session *session, const struct avrspi_unit *unit)
{
    for (uint32_t n = 0; n < unit->size; n++)
        if (unit->data[n] != (unit->old ? unit->old[n] : 0xFF))
            (void)avrspi_batch_add(session, AVRSPI_LOAD_EEPROM_PAGE, unit->address + n,
                                   unit->data[n]);
    (void)avrspi_batch_add(session, AVRSPI_WRITE_EEPROM_PAGE, unit->address, 0);
}

static void add_eeprom_byte(struct avrspi_session *session, const struct avrspi_unit *unit)
{
    (void)avrspi_batch_add(session, AVRSPI_WRITE_EEPROM, unit->address, unit->data[0]);
}

static void add_write(struct avrspi_session *session, const struct avrspi_unit *unit)
{
    if (unit->memory == AVRSPI_MEMORY_FLASH)
        (session->chip.flash_page ? add_flash_page : add_flash_byte)(session, unit);
    else
        (session->chip.eeprom_page ? add_eeprom_page : add_eeprom_byte)(session, unit);
}

/* --- reading back */

/* Adds the reads of a whole unit, between two presence checks; the place of the first is enough to
 * find all. */
static size_t add_read_back(struct avrspi_session *session, const struct avrspi_unit *unit)
{
    size_t first;

    avrspi_batch_add_presence_check(session);
    session->ext_in_batch = -1; /* a latch that was disturbed would read back another bank */
    first = avrspi_batch_add_read(session, unit->memory, unit->address);
    for (uint32_t n = 1; n < unit->size; n++)
        (void)avrspi_batch_add_read(session, unit->memory, unit->address + n);
    avrspi_batch_add_presence_check(session);
    return first;
}

static void compare(const struct avrspi_session *session, const struct avrspi_unit *unit,
                    size_t first, struct avrspi_differences *differences)
{
    for (uint32_t n = 0; n < unit->size; n++) {
        uint8_t found = avrspi_batch_read_answer(session, first + (size_t)n * 4, unit->memory,
                                                 unit->address + n);

        if (found != unit->data[n])
            avrspi_differences_add(differences, unit->address + n, unit->data[n], found);
    }
}

static int read_back(struct avrspi_session *session, void *context,
                     struct avrspi_differences *differences, struct avrspi_error *error)
{
    const struct avrspi_unit *unit = context;
    size_t first;
    int result;

    avrspi_batch_begin(session);
    first = add_read_back(session, unit);
    result = avrspi_batch_run(session, error);
    if (result == 0)
        compare(session, unit, first, differences);
    return result;
}

static int look_again(struct avrspi_session *session, const struct avrspi_unit *unit,
                      const struct avrspi_differences *first, struct avrspi_error *error)
{
    struct avrspi_unit copy = *unit;

    return avrspi_isp_look_again(session, unit->memory, first, read_back, &copy, error);
}

static int verify(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    struct avrspi_differences differences = {0};
    int result = read_back(session, context, &differences, error);

    if (result == 0 && differences.count)
        result = look_again(session, context, &differences, error);
    return result;
}

int avrspi_unit_verify(struct avrspi_session *session, const struct avrspi_unit *unit,
                       struct avrspi_error *error)
{
    struct avrspi_unit copy = *unit;

    return avrspi_isp_with_resync(session, verify, &copy, error);
}

/* --- both together */

struct pair {
    const struct avrspi_unit *unit;
    const struct avrspi_unit *previous; /* NULL, or once it was verified */
};

static int write_pair(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    struct pair *pair = context;
    enum avrspi_wait kind =
        pair->unit->memory == AVRSPI_MEMORY_FLASH ? AVRSPI_WAIT_FLASH : AVRSPI_WAIT_EEPROM;
    struct avrspi_differences differences = {0};
    size_t first = 0;
    int result;

    avrspi_batch_begin(session);
    if (pair->previous)
        first = add_read_back(session, pair->previous);
    else
        avrspi_batch_add_presence_check(session);
    add_write(session, pair->unit);
    result = avrspi_batch_run(session, error);
    avrspi_busy_begin(session, kind);
    if (result < 0)
        return result;
    if (pair->previous)
        compare(session, pair->previous, first, &differences);
    result = avrspi_busy_end(session, kind, error);
    if (result == 0 && differences.count)
        result = look_again(session, pair->previous, &differences, error);
    if (result == 0)
        pair->previous = NULL;
    return result;
}

int avrspi_unit_write(struct avrspi_session *session, const struct avrspi_unit *unit,
                      const struct avrspi_unit *previous, struct avrspi_error *error)
{
    struct pair pair = {.unit = unit, .previous = previous};

    return avrspi_isp_with_resync(session, write_pair, &pair, error);
}
