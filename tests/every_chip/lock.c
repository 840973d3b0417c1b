/* SPDX-License-Identifier: MIT */
/*
 * Lock bits: mode 2 forbids writing, mode 3 reading too, and a chip erase ends both. The value that
 * no datasheet defines takes force, and counts as mode 3. What a session refuses it refuses by the
 * lock bits it has read: parts that do not show theirs are looked at from outside only.
 */
#include "every_chip.h"

#include <string.h>

enum {
    MODE_2 = 2, /* the value of LB2 and LB1 */
    MODE_3 = 0,
    UNDEFINED = 1,
    BYTES = 6,
};

static const uint8_t content[BYTES] = {0x12, 0x34, 0x00, 0xFE, 0x7F, 0x80};

static int write_flash(struct run *run, bool erase, bool update)
{
    const struct avrspi_request options = {.erase = erase, .update = update, .verify = true};
    struct avrspi_image *image = image_of_run(run->chip->flash_start, content, BYTES);
    int result = work_flash(run->session, image, &options, NULL, &run->error);

    avrspi_image_free(image);
    return result;
}

static int write_eeprom(struct run *run, uint8_t byte)
{
    const struct avrspi_request options = {.verify = true};
    struct avrspi_image *image = image_of_run(0, &byte, 1);
    int result = work_eeprom(run->session, image, &options, NULL, &run->error);

    avrspi_image_free(image);
    return result;
}

/* The first bytes of both memories. */
static bool check_content(struct run *run, const uint8_t flash[BYTES], uint8_t eeprom)
{
    uint8_t found[BYTES], byte;
    int result;

    if (run->chip->flash_size) {
        result = avrspi_session_read(run->session, AVRSPI_MEMORY_FLASH, run->chip->flash_start,
                                     found, BYTES, &run->error);
        if (!ends(run, result, 0, "read flash beside lock bits"))
            return false;
        NEED(run, memcmp(found, flash, BYTES) == 0, "flash beside lock bits begins with %02X %02X",
             found[0], found[1]);
    }
    if (run->chip->eeprom_size) {
        result = avrspi_session_read(run->session, AVRSPI_MEMORY_EEPROM, 0, &byte, 1, &run->error);
        if (!ends(run, result, 0, "read EEPROM beside lock bits"))
            return false;
        NEED(run, byte == eeprom, "EEPROM beside lock bits begins with %02X", byte);
    }
    return true;
}

static bool fill(struct run *run)
{
    if (run->chip->flash_size && !ends(run, write_flash(run, true, false), 0, "write flash"))
        return false;
    if (run->chip->eeprom_size && !ends(run, write_eeprom(run, content[0]), 0, "write EEPROM"))
        return false;
    return check_content(run, content, content[0]);
}

static uint8_t lock_byte(const struct run *run, uint8_t mode)
{
    return avrspi_field_set(avrspi_chip_field(run->chip, "LB"), 0xFF, mode);
}

static bool set_mode(struct run *run, uint8_t mode)
{
    struct avrspi_fuses fuses;

    if (!ends(run, write_fuse(run, AVRSPI_FUSE_LOCK, lock_byte(run, mode)), 0, "write lock bits"))
        return false;
    fuses = avrspi_session_fuses(run->session);
    NEED(run,
         !fuses.given[AVRSPI_FUSE_LOCK] || fuses.value[AVRSPI_FUSE_LOCK] == lock_byte(run, mode),
         "lock bits: expected 0x%02X, found 0x%02X", lock_byte(run, mode),
         fuses.value[AVRSPI_FUSE_LOCK]);
    return true;
}

/* Every way to write: flash, EEPROM, fuses, and lock bits back. */
static bool check_writing_refused(struct run *run)
{
    struct avrspi_fuses fuses = avrspi_session_fuses(run->session);
    uint8_t open = 0xFF;

    if (run->chip->flash_size &&
        !ends(run, write_flash(run, false, false), AVRSPI_ERR_REFUSED, "write locked flash"))
        return false;
    if (run->chip->eeprom_size &&
        !ends(run, write_eeprom(run, 0x77), AVRSPI_ERR_REFUSED, "write locked EEPROM"))
        return false;
    for (unsigned n = 0; n < AVRSPI_FUSE_LOCK; n++) {
        enum avrspi_fuse fuse = (enum avrspi_fuse)n;
        uint8_t lowest = run->chip->fuse[n].mask & (uint8_t)-run->chip->fuse[n].mask;

        if (fuses.given[n] && can_write_fuse(run->chip, fuse) &&
            !ends(run, write_fuse(run, fuse, fuses.value[n] ^ lowest), AVRSPI_ERR_REFUSED,
                  "write locked fuses"))
            return false;
    }
    return ends(run, write_fuse(run, AVRSPI_FUSE_LOCK, open), AVRSPI_ERR_REFUSED,
                "set lock bits back");
}

static bool check_reading_refused(struct run *run, enum avrspi_memory memory, uint32_t start)
{
    struct avrspi_image *image = image_of_run(start, content, BYTES);
    uint8_t byte;
    int result = avrspi_session_read(run->session, memory, start, &byte, 1, &run->error);

    if (result == AVRSPI_ERR_REFUSED)
        result = work_verify(run->session, memory, image, false, NULL, &run->error);
    avrspi_image_free(image);
    return ends(run, result, AVRSPI_ERR_REFUSED, "read a locked memory");
}

static bool check_mode_2(struct run *run)
{
    return check_writing_refused(run) && check_content(run, content, content[0]);
}

static bool check_mode_3(struct run *run)
{
    const struct avrspi_chip *chip = run->chip;

    if (chip->flash_size &&
        (!check_reading_refused(run, AVRSPI_MEMORY_FLASH, chip->flash_start) ||
         !ends(run, write_flash(run, false, true), AVRSPI_ERR_REFUSED, "update locked flash")))
        return false;
    if (chip->eeprom_size && !check_reading_refused(run, AVRSPI_MEMORY_EEPROM, 0))
        return false;
    return check_writing_refused(run);
}

/* A session of its own: it has to find the lock bits set. Parts of the time before page
 * programming hide their signature in mode 3, and open up for who insists. */
static bool reopen_locked(struct run *run)
{
    bool hidden = run->chip->flash_page == 0;

    target_close(run);
    if (target_open(run, false) == hidden)
        return !hidden ? false : fail(run, "the signature is not hidden in lock mode 3");
    if (!hidden)
        return true;
    NEED(run, run->error.code == AVRSPI_ERR_SIGNATURE, "hidden signature: %s", run->error.message);
    target_close(run);
    return target_open(run, true);
}

/* Erases, and everything is as new; EEPROM only where EESAVE does not keep it. */
static bool check_way_back(struct run *run)
{
    static const uint8_t blank[BYTES] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    bool keeps = work_eeprom_survives(run->session);
    struct avrspi_fuses fuses;

    if (!ends(run, avrspi_session_erase(run->session, &run->error), 0, "erase a locked chip"))
        return false;
    target_close(run);
    if (!target_open(run, false) || !check_content(run, blank, keeps ? content[0] : 0xFF))
        return false;
    fuses = avrspi_session_fuses(run->session);
    NEED(run, !fuses.given[AVRSPI_FUSE_LOCK] || fuses.value[AVRSPI_FUSE_LOCK] == 0xFF,
         "lock bits read 0x%02X after an erase", fuses.value[AVRSPI_FUSE_LOCK]);
    return fill(run);
}

static bool check_modes(struct run *run)
{
    bool shown = can_read_fuse(run->chip, AVRSPI_FUSE_LOCK);

    if (!fill(run) || !set_mode(run, MODE_2))
        return false;
    if (!(shown ? check_mode_2(run) : check_content(run, content, content[0])))
        return false;
    if (!set_mode(run, MODE_3) || (shown && !check_mode_3(run)))
        return false;
    if (!reopen_locked(run) || (shown && !check_mode_3(run)))
        return false;
    return check_way_back(run);
}

static bool check_undefined(struct run *run)
{
    if (!ends(run, write_fuse(run, AVRSPI_FUSE_LOCK, lock_byte(run, UNDEFINED)), AVRSPI_ERR_REFUSED,
              "write undefined lock bits"))
        return false;
    target_close(run);
    if (!target_open(run, true) || !set_mode(run, UNDEFINED))
        return false;
    if (can_read_fuse(run->chip, AVRSPI_FUSE_LOCK) && !check_mode_3(run))
        return false;
    return check_way_back(run);
}

bool check_lock(struct run *run)
{
    const struct avrspi_chip *chip = run->chip;

    if (!can_write_fuse(chip, AVRSPI_FUSE_LOCK))
        return ends(run, write_fuse(run, AVRSPI_FUSE_LOCK, 0xFE), AVRSPI_ERR_REFUSED,
                    "write lock bits that can't be written");
    NEED(run, avrspi_chip_field(chip, "LB"), "lock bits without a field LB");
    return check_modes(run) && check_undefined(run);
}
