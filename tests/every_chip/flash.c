/* SPDX-License-Identifier: MIT */
#include "every_chip.h"

#include <stdlib.h>
#include <string.h>

enum {
    WHOLE = 32768,     /* bytes of flash up to which the image is as large as the flash */
    PLACES = 4,        /* in the middle of a larger one */
    BYTE_PAGE = 16,    /* stands for a page where there are none */
    BANK = 128 * 1024, /* bytes that the 16 address bits of an instruction reach */
    LONGEST_GAP = 20,  /* inside a run */
    BLANK = 3,
    ABSENT = 4, /* of five pages, one holds 0xFF, and one is not in the image */
};

/* What the flash is to hold, and what of it is in the image. */
struct content {
    uint8_t *data; /* 0xFF where nothing is held */
    bool *held;
    struct avrspi_image *image;
};

static void free_content(struct content *content)
{
    avrspi_image_free(content->image);
    free(content->held);
    free(content->data);
}

/* Random bytes with random gaps between them. */
static void fill(struct run *run, struct content *content, uint32_t at, uint32_t size)
{
    uint32_t gap = 0;

    for (uint32_t n = at; n < at + size; n++) {
        if (gap == 0 && next_random(run) % 64 == 0)
            gap = 1 + next_random(run) % LONGEST_GAP;
        if (gap > 0) {
            gap--;
            continue;
        }
        content->data[n] = (uint8_t)(next_random(run) >> 8);
        content->held[n] = true;
    }
}

static void fill_blank(struct content *content, uint32_t at, uint32_t size)
{
    memset(content->data + at, 0xFF, size);
    memset(content->held + at, true, size);
}

static void fill_whole(struct run *run, struct content *content, uint32_t page)
{
    for (uint32_t at = 0; at < run->chip->flash_size; at += page) {
        uint32_t kind = at / page % 5;

        if (kind == BLANK)
            fill_blank(content, at, page);
        else if (kind != ABSENT)
            fill(run, content, at, page);
    }
}

/* The first pages and the last, some between them, and what lies across a border of 64 Ki
 * words; none of it begins or ends with a page. */
static void fill_places(struct run *run, struct content *content, uint32_t page)
{
    uint32_t size = run->chip->flash_size;

    fill(run, content, 0, 2 * page + 13);
    for (uint32_t n = 1; n < PLACES; n++)
        fill(run, content, size / PLACES * n + page + 3, page + 1);
    fill_blank(content, size / 8, page);
    for (uint32_t border = BANK; border < size; border += BANK)
        fill(run, content, border - page - 5, 2 * page + 9);
    fill(run, content, size - page - 7, page + 7);
}

static bool make_content(struct run *run, struct content *content)
{
    const struct avrspi_chip *chip = run->chip;
    uint32_t page = chip->flash_page ? chip->flash_page : BYTE_PAGE;

    content->data = malloc(chip->flash_size);
    content->held = calloc(chip->flash_size, sizeof *content->held);
    NEED(run, content->data && content->held, "out of memory");
    memset(content->data, 0xFF, chip->flash_size);
    (chip->flash_size <= WHOLE ? fill_whole : fill_places)(run, content, page);
    content->image = image_of(chip->flash_start, content->data, content->held, chip->flash_size);
    NEED(run, content->image, "no image");
    return true;
}

static bool check_write(struct run *run, const struct content *content)
{
    const struct avrspi_request options = {.erase = true, .verify = true};
    size_t unit = run->chip->flash_page ? run->chip->flash_page : 1;
    size_t pages = units_not_blank(content->data, run->chip->flash_size, unit);
    struct avrspi_job_result job;
    int result = work_flash(run->session, content->image, &options, &job, &run->error);

    if (!ends(run, result, 0, "write flash"))
        return false;
    NEED(run, job.erased && job.flash.verified, "flash was written, but %s",
         job.erased ? "not verified" : "not erased");
    NEED(run, job.flash.pages == run->chip->flash_size / unit, "flash has %zu pages",
         job.flash.pages);
    NEED(run, job.flash.pages_written == pages && job.flash.bytes_written == pages * unit,
         "expected %zu pages to be written, found %zu", pages, job.flash.pages_written);
    return true;
}

/* Every byte of the flash: the image, and 0xFF elsewhere. */
static bool check_reading(struct run *run, const struct content *content)
{
    uint32_t size = run->chip->flash_size;
    uint8_t *found = malloc(size);
    int result;
    bool good;

    NEED(run, found, "out of memory");
    result = avrspi_session_read(run->session, AVRSPI_MEMORY_FLASH, run->chip->flash_start, found,
                                 size, &run->error);
    good = ends(run, result, 0, "read flash");
    for (uint32_t n = 0; good && n < size; n++)
        if (found[n] != content->data[n])
            good = fail(run, "flash at 0x%05X: expected 0x%02X, found 0x%02X", n, content->data[n],
                        found[n]);
    free(found);
    return good;
}

static bool check_update(struct run *run, const struct content *content)
{
    const struct avrspi_request options = {.update = true, .verify = true};
    struct avrspi_job_result job;
    int result = work_flash(run->session, content->image, &options, &job, &run->error);

    if (!ends(run, result, 0, "update flash"))
        return false;
    NEED(run, !job.erased && job.flash.pages_written == 0,
         "an update with what is there already: %s, %zu pages written",
         job.erased ? "erased" : "not erased", job.flash.pages_written);
    return true;
}

/* One byte less than what is there: a difference, and an update of one page without an erase. */
static bool check_difference(struct run *run, struct content *content)
{
    const struct avrspi_request options = {.update = true, .verify = true};
    struct avrspi_job_result job;
    struct avrspi_image *image;
    size_t differences = 0;
    uint32_t at = 0;
    int result;
    bool good;

    while (content->data[at] == 0)
        at++;
    content->data[at] &= (uint8_t)(content->data[at] - 1);
    image = image_of_run(run->chip->flash_start + at, &content->data[at], 1);
    NEED(run, image, "no image");
    result =
        work_verify(run->session, AVRSPI_MEMORY_FLASH, image, false, &differences, &run->error);
    good = ends(run, result, AVRSPI_ERR_VERIFY, "verify flash with another image");
    if (good && differences != 1)
        good = fail(run, "expected one difference, found %zu", differences);
    result = good ? work_flash(run->session, image, &options, &job, &run->error) : 0;
    good = good && ends(run, result, 0, "update a byte of flash");
    if (good && (job.erased || job.flash.pages_written != 1))
        good = fail(run, "an update that clears a bit: %s, %zu pages written",
                    job.erased ? "erased" : "not erased", job.flash.pages_written);
    avrspi_image_free(image);
    return good;
}

static bool check_verify(struct run *run, const struct content *content)
{
    int result =
        work_verify(run->session, AVRSPI_MEMORY_FLASH, content->image, false, NULL, &run->error);

    return ends(run, result, 0, "verify flash");
}

/* A chip without flash that SPI reaches refuses all, by definition. */
static bool check_none(struct run *run)
{
    static const uint8_t byte = 0x00;
    const struct avrspi_request options = {.erase = true};
    struct avrspi_image *image = image_of_run(0, &byte, 1);
    int result;

    NEED(run, image, "no image");
    result = work_flash(run->session, image, &options, NULL, &run->error);
    avrspi_image_free(image);
    NEED(run, !run->chip->instruction[AVRSPI_READ_FLASH_LOW].defined,
         "there is no flash, but an instruction that reads it");
    return ends(run, result, AVRSPI_ERR_INPUT, "write the flash of a chip that has none");
}

bool check_flash(struct run *run)
{
    struct content content = {0};
    bool good;

    if (run->chip->flash_size == 0)
        return check_none(run);
    good = make_content(run, &content) && check_write(run, &content) &&
           check_verify(run, &content) && check_update(run, &content) &&
           check_difference(run, &content) && check_reading(run, &content);
    free_content(&content);
    return good;
}
