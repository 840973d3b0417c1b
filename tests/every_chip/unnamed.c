/* SPDX-License-Identifier: MIT */
/*
 * A session that is not told what the chip is. Where chips that share a signature are worked
 * alike it goes on, and must be right for each of them; where not, it has to say so.
 */
#include "every_chip.h"

#include <string.h>

enum {
    BYTES = 5,
};

static const uint8_t content[BYTES] = {0x80, 0x7F, 0x00, 0xA5, 0x01};

/* What the session took it for must do for the chip that it is. */
static bool check_choice(struct run *run)
{
    const struct avrspi_chip *taken = avrspi_session_chip(run->session), *chip = run->chip;

    NEED(run,
         taken->flash_size == chip->flash_size && taken->flash_page == chip->flash_page &&
             taken->flash_start == chip->flash_start && taken->eeprom_size == chip->eeprom_size &&
             taken->eeprom_page == chip->eeprom_page,
         "it was taken for a %s, whose memories differ", taken->name);
    for (unsigned n = 0; n < AVRSPI_WAITS; n++)
        NEED(run, taken->wait_us[n] >= chip->wait_us[n],
             "it was taken for a %s, and wait %u is %u us, not %u us", taken->name, n,
             (unsigned)taken->wait_us[n], (unsigned)chip->wait_us[n]);
    return true;
}

static bool write_end(struct run *run, enum avrspi_memory memory)
{
    const struct avrspi_request options = {.erase = true, .verify = true};
    bool flash = memory == AVRSPI_MEMORY_FLASH;
    uint32_t start = flash ? run->chip->flash_start : 0;
    uint32_t size = flash ? run->chip->flash_size : run->chip->eeprom_size;
    struct avrspi_image *image;
    int result;

    if (size == 0)
        return true;
    image = image_of_run(start + size - BYTES, content, BYTES);
    NEED(run, image, "no image");
    result = (flash ? work_flash : work_eeprom)(run->session, image, &options, NULL, &run->error);
    avrspi_image_free(image);
    return ends(run, result, 0, flash ? "write flash" : "write EEPROM");
}

static bool check_work(struct run *run)
{
    return check_choice(run) && write_end(run, AVRSPI_MEMORY_FLASH) &&
           write_end(run, AVRSPI_MEMORY_EEPROM);
}

bool check_unnamed(struct run *run)
{
    const struct avrspi_session_config config = {.link = run->link, .chips = run->chips};
    bool shared = avrspi_chips_by_signature(run->chips, run->chip->signature, 1) != NULL;
    int result;

    target_close(run);
    result = avrspi_session_open(&run->session, &config, &run->error);
    if (run->chip->no_echo)
        return ends(run, result, AVRSPI_ERR_NO_TARGET, "enter a chip without an echo");
    if (!ends(run, result, 0, "enter"))
        return false;
    result = avrspi_session_identify(run->session, &run->error);
    if (result == 0)
        return check_work(run);
    NEED(run, shared, "identify: %s", run->error.message);
    return ends(run, result, AVRSPI_ERR_SIGNATURE, "identify a chip of several");
}
