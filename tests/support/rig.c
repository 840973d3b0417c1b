/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include <unistd.h>

#include "base/file.h"
#include "simhost/simhost.h"
#include "temporary.h"

static struct avrspi_chips *chips;
static char folder[128];

int rig_open_chips(void **state)
{
    (void)state;
    return temporary_folder(folder, sizeof folder) ? avrspi_chips_open(&chips, NULL) : -1;
}

int rig_close_chips(void **state)
{
    (void)state;
    avrspi_chips_close(chips);
    return rmdir(folder);
}

int rig_set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);

    if (!rig)
        return -1;
    rig->silicon = calloc(1, sizeof *rig->silicon);
    if (!rig->silicon) {
        free(rig);
        return -1;
    }
    (void)snprintf(rig->state, sizeof rig->state, "%s/chip", folder);
    rig->config.chips = chips;
    rig->config.interrupt = &rig->interrupt;
    *state = rig;
    return 0;
}

int rig_tear_down(void **state)
{
    struct rig *rig = *state;

    rig_unplug(rig);
    for (size_t n = 0; n < rig->n_images; n++)
        avrspi_image_free(rig->images[n]);
    (void)unlink(rig->state);
    free(rig->silicon);
    free(rig);
    return 0;
}

const struct avrspi_chips *rig_chips(void)
{
    return chips;
}

void rig_add_chips(const char *text)
{
    struct avrspi_error error = {0};

    if (avrspi_chips_add_text(chips, "test", text, strlen(text), &error) < 0)
        fail_msg("%s", error.message);
}

const struct avrspi_chip *rig_chip(const char *name)
{
    const struct avrspi_chip *chip = avrspi_chips_find(chips, name);

    assert_non_null(chip);
    return chip;
}

/* --- the chip on the bench */

struct avrspi_sim_silicon *rig_new_chip(struct rig *rig, const char *name)
{
    const struct avrspi_sim_config config = {.chip = rig_chip(name)};
    struct avrspi_sim *sim = malloc(avrspi_sim_size);

    assert_non_null(sim);
    avrspi_sim_init(sim, &config);
    *rig->silicon = *avrspi_sim_silicon(sim);
    free(sim);
    return rig->silicon;
}

void rig_save(struct rig *rig, const char *name)
{
    char *data;
    size_t size;

    assert_int_equal(avrspi_sim_file_format(rig->silicon, rig_chip(name), &data, &size, NULL), 0);
    assert_int_equal(avrspi_file_write(rig->state, data, size, NULL), 0);
    free(data);
}

void rig_new_fused(struct rig *rig, const char *name, const uint8_t fuses[AVRSPI_FUSES])
{
    memcpy(rig_new_chip(rig, name)->fuse, fuses, AVRSPI_FUSES);
    rig_save(rig, name);
}

const struct avrspi_sim_silicon *rig_load(struct rig *rig, const char *name)
{
    char *data;
    size_t size;

    rig_unplug(rig);
    (void)rig_new_chip(rig, name);
    assert_int_equal(avrspi_file_read(rig->state, &data, &size, NULL), 0);
    assert_int_equal(
        avrspi_sim_file_parse(rig->silicon, rig_chip(name), rig->state, data, size, NULL), 0);
    free(data);
    return rig->silicon;
}

/* --- connecting it */

void rig_plug_limited(struct rig *rig, const char *words, size_t max_transfer)
{
    char all[256];

    (void)snprintf(all, sizeof all, "%s,state=%s", words, rig->state);
    rig_assert_ok(rig, wire_open(&rig->link, &rig->wire, all, max_transfer, chips, &rig->error));
    rig->config.link = rig->link;
}

void rig_plug(struct rig *rig, const char *words)
{
    rig_plug_limited(rig, words, 0);
}

int rig_open(struct rig *rig)
{
    return avrspi_session_open(&rig->session, &rig->config, &rig->error);
}

int rig_identify(struct rig *rig)
{
    int result = rig_open(rig);

    return result < 0 ? result : avrspi_session_identify(rig->session, &rig->error);
}

void rig_start(struct rig *rig, const char *words)
{
    rig_plug(rig, words);
    rig_assert_ok(rig, rig_identify(rig));
}

void rig_start_with_flash(struct rig *rig, const char *name, uint32_t offset, uint8_t *data,
                          size_t size)
{
    rig_fill(data, size, 1);
    memcpy(rig_new_chip(rig, name)->flash + offset, data, size);
    rig_save(rig, name);
    rig_start(rig, name);
    wire_forget(rig->wire);
}

static void interrupt(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct rig *rig = user;

    (void)out;
    (void)in;
    if (rig->interrupt_countdown && --rig->interrupt_countdown == 0)
        rig->interrupt = 1;
}

void rig_interrupt_at(struct rig *rig, size_t n)
{
    rig->interrupt_countdown = n;
    rig->wire->tamper = interrupt;
    rig->wire->user = rig;
}

void rig_unplug(struct rig *rig)
{
    char kinds[256] = "";
    uint64_t violations;

    (void)avrspi_session_close(rig->session, NULL);
    rig->session = NULL;
    if (!rig->link)
        return;
    violations = avrspi_link_violations(rig->link, kinds, sizeof kinds);
    assert_int_equal(avrspi_link_close(rig->link, NULL), 0);
    rig->link = NULL;
    rig->wire = NULL;
    if (violations)
        fail_msg("violations of the datasheet: %s", kinds);
}

void rig_restart(struct rig *rig, const char *words)
{
    rig_unplug(rig);
    rig_start(rig, words);
}

/* --- work */

struct avrspi_image *rig_image(struct rig *rig)
{
    struct avrspi_image *image = avrspi_image_new();

    assert_non_null(image);
    assert_true(rig->n_images < RIG_IMAGES);
    rig->images[rig->n_images++] = image;
    return image;
}

struct avrspi_image *rig_image_of(struct rig *rig, uint32_t address, const uint8_t *data,
                                  size_t size)
{
    struct avrspi_image *image = rig_image(rig);

    rig_put(image, address, data, size);
    return image;
}

void rig_put(struct avrspi_image *image, uint32_t address, const uint8_t *data, size_t size)
{
    assert_int_equal(avrspi_image_put(image, address, data, size, NULL), 0);
}

void rig_fill(uint8_t *data, size_t size, unsigned seed)
{
    uint32_t value = seed * 2654435761U + 1;

    for (size_t n = 0; n < size; n++) {
        value = value * 1664525U + 1013904223U;
        data[n] = (uint8_t)((value >> 16) % 255);
    }
}

struct avrspi_image *rig_filled_image(struct rig *rig, uint8_t *data, size_t size, unsigned seed)
{
    rig_fill(data, size, seed);
    return rig_image_of(rig, 0, data, size);
}

int rig_flash(struct rig *rig, const struct avrspi_image *image, struct avrspi_request options)
{
    int result;

    options.flash = image;
    result = avrspi_job_run(rig->session, &options, &rig->result, &rig->error);
    rig->report = rig->result.flash;
    return result;
}

int rig_eeprom(struct rig *rig, const struct avrspi_image *image, bool verify)
{
    const struct avrspi_request request = {.eeprom = image, .verify = verify};
    int result = avrspi_job_run(rig->session, &request, &rig->result, &rig->error);

    rig->report = rig->result.eeprom;
    return result;
}

int rig_verify(struct rig *rig, enum avrspi_memory memory, const struct avrspi_image *image,
               bool full)
{
    return work_verify(rig->session, memory, image, full, NULL, &rig->error);
}

int rig_read(struct rig *rig, enum avrspi_memory memory, uint32_t address, uint8_t *data,
             size_t size)
{
    return avrspi_session_read(rig->session, memory, address, data, size, &rig->error);
}

int rig_write_fuse(struct rig *rig, enum avrspi_fuse fuse, uint8_t value)
{
    struct avrspi_fuses fuses = {0};

    fuses.given[fuse] = true;
    fuses.value[fuse] = value;
    return avrspi_session_write_fuses(rig->session, &fuses, &rig->error);
}

/* --- what is asserted */

void rig_assert_error(const struct rig *rig, int result, enum avrspi_err code, const char *message,
                      const char *hint)
{
    assert_int_equal(result, code);
    assert_int_equal(rig->error.code, code);
    if (!strstr(rig->error.message, message))
        fail_msg("expected '%s' in '%s'", message, rig->error.message);
    if (!strstr(rig->error.hint, hint))
        fail_msg("expected '%s' in '%s'", hint, rig->error.hint);
}

void rig_assert_advice(const struct rig *rig, enum avrspi_advice advice)
{
    assert_int_equal(rig->error.advice, advice);
}

void rig_assert_flash(struct rig *rig, const char *name, uint32_t offset, const uint8_t *data,
                      size_t size)
{
    assert_memory_equal(rig_load(rig, name)->flash + offset, data, size);
}

void rig_assert_blank(const uint8_t *data, size_t size)
{
    for (size_t n = 0; n < size; n++)
        assert_int_equal(data[n], 0xFF);
}

void rig_assert_ok(const struct rig *rig, int result)
{
    if (result != 0)
        fail_msg("failed with %d: %s", result, rig->error.message);
}
