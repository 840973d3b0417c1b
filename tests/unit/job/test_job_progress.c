/* SPDX-License-Identifier: MIT */
/*
 * Progress: whatever a step takes of calls and readings, its events count up, from none to all of
 * what is read or written, once.
 */
#include "rig.h"

struct seen {
    size_t stages; /* that were begun */
    size_t events; /* of this one */
    enum avrspi_stage stage;
    size_t done, total;
};

static int watch(void *user, const struct avrspi_event *event)
{
    struct seen *seen = user;

    if (event->kind != AVRSPI_EVENT_PROGRESS)
        return 0;
    if (seen->done == seen->total) {
        *seen = (struct seen){.stages = seen->stages + 1, .stage = event->stage};
        seen->total = event->total;
    }
    if (event->stage != seen->stage || event->total != seen->total || event->done <= seen->done)
        fail_msg("stage %zu: %zu of %zu bytes after %zu of %zu", seen->stages, event->done,
                 event->total, seen->done, seen->total);
    seen->events++;
    seen->done = event->done;
    return 0;
}

static void assert_progress(struct rig *rig, const struct avrspi_request *request,
                            enum avrspi_err code, size_t stages, size_t total)
{
    struct seen seen = {0};

    rig->config.event = watch;
    rig->config.user = &seen;
    rig_restart(rig, "atmega328p");
    assert_int_equal(avrspi_job_run(rig->session, request, &rig->result, &rig->error), code);
    assert_int_equal(seen.stages, stages);
    assert_int_equal(seen.total, total);
    assert_int_equal(seen.done, total);
}

/* Three runs of bytes of the same length, and none of them is what the blank chip holds: each is
 * read again. */
static void progress_of_a_comparison_that_fails(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_request request = {.compare = true, .flash = rig_image(rig)};
    uint8_t data[100];

    rig_fill(data, sizeof data, 1);
    for (uint32_t n = 0; n < 3; n++)
        rig_put(rig->images[0], n * 1000, data, sizeof data);
    rig_start(rig, "atmega328p");
    assert_progress(rig, &request, AVRSPI_ERR_VERIFY, 1, 300);
}

/* Pages here and there are read, one of them twice more, then written and read back. */
static void progress_of_an_update_that_erases(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_request request = {.update = true, .flash = rig_image(rig)};
    uint8_t *flash = rig_new_chip(rig, "atmega328p")->flash, data[100];

    rig_fill(data, sizeof data, 1);
    for (uint32_t n = 0; n < 3; n++)
        rig_put(rig->images[0], n * 1024, data, sizeof data);
    memset(flash, 0, 200);
    rig_save(rig, "atmega328p");
    rig_start(rig, "atmega328p");
    assert_progress(rig, &request, 0, 2, (size_t)3 * 128);
}

static void progress_of_reading_twice(void **state)
{
    struct rig *rig = *state;
    uint8_t data[500];
    const struct avrspi_request request = {
        .read_data = data,
        .read_memory = AVRSPI_MEMORY_FLASH,
        .read_size = sizeof data,
        .read_twice = true,
    };

    rig_start(rig, "atmega328p");
    assert_progress(rig, &request, 0, 1, 2 * sizeof data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(progress_of_a_comparison_that_fails),
        RIG_TEST(progress_of_an_update_that_erases),
        RIG_TEST(progress_of_reading_twice),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
