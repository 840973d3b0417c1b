/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simhost/simhost.h"

enum {
    CRYSTAL = 4000000,
    FAST_CRYSTAL = 16000000,
    NO_PAGE = 16, /* a page where there are none */
};

/* Boards without a clock of their own, where the chip has one: a fuse byte that selects an external
 * clock ends it. */
const struct subject subjects[SUBJECTS] = {
    {.name = "ATmega8", .other = {0xE4, 0xD1, 0xFF, 0xFC}, .n_fuses = 2},
    {.name = "ATmega328P", .other = {0xE2, 0xD1, 0xFD, 0xFC}, .n_fuses = 3},
    {.name = "ATmega2560", .other = {0xE2, 0x91, 0xFD, 0xFC}, .n_fuses = 3},
    {.name = "ATtiny13A", .other = {0x7A, 0xFD, 0xFF, 0xFC}, .n_fuses = 2},
    {.name = "AT90S2313", .fcpu_hz = CRYSTAL, .other = {0xFF, 0xFF, 0xFF, 0xF9}},
    /* a full-swing crystal, whose clock is found by trials */
    {.name = "full-swing",
     .chip = "ATmega328P",
     .fcpu_hz = FAST_CRYSTAL,
     .low = 0xF7,
     .only = "flash-long"},
};

void fill(uint8_t *data, size_t size, uint32_t seed)
{
    uint32_t value = seed * 2654435761U + 1;

    for (size_t n = 0; n < size; n++) {
        value = value * 1664525U + 1013904223U;
        data[n] = (uint8_t)((value >> 16) % 255);
    }
}

uint32_t scene_page(const struct scene *scene)
{
    return scene->chip->flash_page ? scene->chip->flash_page : (uint32_t)NO_PAGE;
}

/* Of a chip of more than 128 KiB, on both sides of where the extended address changes. */
uint32_t scene_start(const struct scene *scene)
{
    return scene->chip->flash_size / 2 - scene_page(scene);
}

const char *subject_chip(const struct subject *subject)
{
    return subject->chip ? subject->chip : subject->name;
}

static bool configure(struct scene *scene, const char *words)
{
    struct avrspi_sim_port port;
    struct avrspi_error error = {0};
    char all[TEXT];

    (void)snprintf(all, sizeof all, "%s,fcpu=%u%s%s%s", subject_chip(scene->subject),
                   (unsigned)scene->subject->fcpu_hz, scene->subject->low ? ",sync=3" : "",
                   *words ? "," : "", words);
    if (avrspi_sim_port_parse(&port, all, scene->chips, &error) < 0) {
        (void)fprintf(stderr, "sweep: %s\n", error.message);
        return false;
    }
    free(port.state);
    scene->config = port.config;
    scene->chip = port.config.chip;
    return true;
}

static bool leave_factory(struct scene *scene)
{
    struct avrspi_sim *sim = malloc(avrspi_sim_size);

    if (!sim)
        return false;
    avrspi_sim_init(sim, &scene->config);
    scene->before = *avrspi_sim_silicon(sim);
    free(sim);
    fill(scene->before.flash, scene->chip->flash_size, 1);
    fill(scene->before.eeprom, scene->chip->eeprom_size, 2);
    if (scene->subject->low)
        scene->before.fuse[AVRSPI_FUSE_LOW] = scene->subject->low;
    scene->asked = scene->before;
    return true;
}

static bool suits(const struct subject *subject, const struct job *job)
{
    if (subject->only ? strcmp(subject->only, job->name) != 0 : job->seldom)
        return false;
    if (job->needs_fuses && subject->n_fuses == 0)
        return false;
    return !(job->needs_raise || job->needs_boot) || strcmp(subject->name, "ATmega328P") == 0;
}

struct scene *scene_new(const struct avrspi_chips *chips, const struct subject *subject,
                        const struct job *job, const char *words)
{
    struct scene *scene = suits(subject, job) ? calloc(1, sizeof *scene) : NULL;

    if (!scene)
        return NULL;
    scene->chips = chips;
    scene->subject = subject;
    scene->job = job;
    scene->image = avrspi_image_new();
    if (!scene->image || !configure(scene, words) || !leave_factory(scene)) {
        scene_free(scene);
        return NULL;
    }
    if (job->prepare)
        job->prepare(scene);
    return scene;
}

void scene_free(struct scene *scene)
{
    if (!scene)
        return;
    avrspi_image_free(scene->image);
    free(scene);
}
