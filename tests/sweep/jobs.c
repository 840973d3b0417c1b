/* SPDX-License-Identifier: MIT */
/* The jobs: what each finds, asks for, and is to leave. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep.h"

enum {
    EEPROM_AT = 5,
    EEPROM_BYTES = 24,
    FEW = 8,
    LONG_PAGES = 12,
};

static void put(struct scene *scene, uint32_t address, const uint8_t *data, size_t size)
{
    if (avrspi_image_put(scene->image, address, data, size, NULL) == 0)
        return;
    (void)fputs("sweep: out of memory\n", stderr);
    exit(2);
}

/* The flash image: so many bytes of what is asked. */
static void ask_flash(struct scene *scene, uint32_t address, size_t size)
{
    put(scene, address, scene->asked.flash + address, size);
    scene->request.flash = scene->image;
    scene->request.verify = true;
}

/* What a chip erase leaves; EESAVE is programmed in no scene. */
static void erase(struct avrspi_sim_silicon *silicon)
{
    memset(silicon->flash, 0xFF, sizeof silicon->flash);
    memset(silicon->eeprom, 0xFF, sizeof silicon->eeprom);
    silicon->fuse[AVRSPI_FUSE_LOCK] = 0xFF;
}

static void flash(struct scene *scene)
{
    const uint32_t start = scene_start(scene), size = 3 * scene_page(scene);

    erase(&scene->asked);
    fill(scene->asked.flash + start, size, 3);
    ask_flash(scene, start, size);
    scene->request.erase = true;
}

/* As many pages as it takes for trials of the clock to pay. */
static void flash_long(struct scene *scene)
{
    const uint32_t size = LONG_PAGES * scene_page(scene), start = scene_start(scene);

    erase(&scene->asked);
    fill(scene->asked.flash + start, size, 3);
    ask_flash(scene, start, size);
    scene->request.erase = true;
}

static void turbo(struct scene *scene)
{
    flash(scene);
    scene->request.raise_clock = true;
}

/* A few bytes that are blank before differ in the page in the middle. */
static void update(struct scene *scene)
{
    const uint32_t start = scene_start(scene), page = scene_page(scene);

    memset(scene->before.flash + start + page + 2, 0xFF, FEW);
    ask_flash(scene, start, (size_t)3 * page);
    scene->request.erase = true;
    scene->request.update = true;
}

/* Nothing differs. */
static void update_same(struct scene *scene)
{
    ask_flash(scene, scene_start(scene), (size_t)3 * scene_page(scene));
    scene->request.erase = true;
    scene->request.update = true;
}

/* What differs has to be erased. */
static void update_erase(struct scene *scene)
{
    flash(scene);
    scene->request.update = true;
}

/* Half of each page is blank, and is written. */
static void no_erase(struct scene *scene)
{
    const uint32_t page = scene_page(scene), half = page / 2;

    for (uint32_t n = 0, at = scene_start(scene); n < 3; n++, at += page) {
        memset(scene->before.flash + at, 0xFF, half);
        ask_flash(scene, at, half);
    }
}

/* Every third byte differs. */
static void eeprom(struct scene *scene)
{
    uint8_t *data = scene->asked.eeprom + EEPROM_AT;

    for (uint32_t n = 0; n < EEPROM_BYTES; n += 3)
        data[n] ^= 0x5A;
    put(scene, EEPROM_AT, data, EEPROM_BYTES);
    scene->request.eeprom = scene->image;
    scene->request.verify = true;
}

static void ask_fuse(struct scene *scene, enum avrspi_fuse fuse)
{
    scene->asked.fuse[fuse] = scene->subject->other[fuse];
    scene->request.fuses.given[fuse] = true;
    scene->request.fuses.value[fuse] = scene->subject->other[fuse];
}

static void fuses(struct scene *scene)
{
    for (unsigned fuse = 0; fuse < scene->subject->n_fuses; fuse++)
        ask_fuse(scene, (enum avrspi_fuse)fuse);
}

/* The clock is raised after the erase, and the low byte written at the end. */
static void burn(struct scene *scene)
{
    flash(scene);
    scene->supply_mv = 5000;
    scene->request.raise_blank = true;
    fuses(scene);
}

static void lock(struct scene *scene)
{
    ask_fuse(scene, AVRSPI_FUSE_LOCK);
}

static void erase_chip(struct scene *scene)
{
    erase(&scene->asked);
    scene->request.erase = true;
}

static void keep(struct scene *scene)
{
    const size_t size = scene->chip->eeprom_size;

    memset(scene->before.eeprom + 2 * FEW, 0xFF, size - (size_t)2 * FEW);
    erase(&scene->asked);
    memcpy(scene->asked.eeprom, scene->before.eeprom, size);
    scene->request.erase = true;
    scene->request.keep_eeprom = true;
}

/* All but a page of the boot section, the smallest that the chip may have, is blank. */
static void keep_boot(struct scene *scene)
{
    const uint32_t size = 512, start = scene->chip->flash_size - size, page = scene_page(scene);

    scene->before.fuse[AVRSPI_FUSE_HIGH] |= 0x06; /* BOOTSZ = 11 */
    scene->asked = scene->before;
    memset(scene->before.flash + start + page, 0xFF, size - page);
    flash(scene);
    memcpy(scene->asked.flash + start, scene->before.flash + start, size);
    scene->request.keep_boot = true;
}

static void read_flash(struct scene *scene)
{
    scene->request.read_memory = AVRSPI_MEMORY_FLASH;
    scene->request.read_address = scene_start(scene);
    scene->request.read_size = 3 * scene_page(scene);
    scene->to_read = scene->before.flash + scene->request.read_address;
}

static void verify(struct scene *scene)
{
    ask_flash(scene, scene_start(scene), (size_t)3 * scene_page(scene));
    scene->request.verify = false;
    scene->request.compare = true;
}

/* The chip holds one bit that is not in the file. */
static void verify_differs(struct scene *scene)
{
    verify(scene);
    scene->before.flash[scene_start(scene) + scene_page(scene) + 3] ^= 0x10;
    scene->asked = scene->before;
}

static void verify_twice(struct scene *scene)
{
    verify_differs(scene);
    scene->request.read_twice = true;
}

const struct job jobs[MOST_JOBS] = {
    {.name = "flash", .prepare = flash},
    {.name = "turbo", .prepare = turbo, .needs_raise = true},
    {.name = "update", .prepare = update},
    {.name = "update-same", .prepare = update_same},
    {.name = "update-erase", .prepare = update_erase},
    {.name = "no-erase", .prepare = no_erase},
    {.name = "eeprom", .prepare = eeprom},
    {.name = "fuses", .prepare = fuses, .needs_fuses = true},
    {.name = "burn", .prepare = burn, .needs_raise = true, .needs_fuses = true},
    {.name = "lock", .prepare = lock},
    {.name = "erase", .prepare = erase_chip},
    {.name = "erase-keep", .prepare = keep},
    {.name = "keep-boot", .prepare = keep_boot, .needs_boot = true},
    {.name = "read", .prepare = read_flash, .single_pass = true},
    {.name = "verify", .prepare = verify},
    {.name = "verify-differs",
     .prepare = verify_differs,
     .expected = AVRSPI_ERR_VERIFY,
     .single_pass = true},
    {.name = "verify-twice", .prepare = verify_twice, .expected = AVRSPI_ERR_VERIFY},
    {.name = "sig", .identifies = true},
    {.name = "flash-long", .prepare = flash_long, .seldom = true},
};

size_t job_count(void)
{
    size_t n = 0;

    while (n < MOST_JOBS && jobs[n].name)
        n++;
    return n;
}
