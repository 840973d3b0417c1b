/* SPDX-License-Identifier: MIT */
/* Events as JSON objects, where no target is needed to have one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ui/ui.h"

static void assert_line(const struct avrspi_event *event, const char *expected)
{
    json_t *line = ui_json_line(event);
    char *text;

    assert_non_null(line);
    text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(12));
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
    json_decref(line);
}

static void line_of_progress(void **state)
{
    const struct avrspi_event event = {
        .kind = AVRSPI_EVENT_PROGRESS,
        .station = "",
        .time_ns = UINT64_C(1234567890),
        .stage = AVRSPI_STAGE_VERIFY,
        .memory = AVRSPI_MEMORY_EEPROM,
        .done = 5,
        .total = 64,
    };

    (void)state;
    assert_line(&event, "{\"event\":\"progress\",\"at\":1.234568,\"stage\":\"verify\","
                        "\"memory\":\"eeprom\",\"done\":5,\"total\":64}");
}

static void line_names_the_station(void **state)
{
    const struct avrspi_event event = {
        .kind = AVRSPI_EVENT_RESYNC,
        .station = "left",
        .time_ns = UINT64_C(500000000),
        .sck_hz = 100000,
        .count = 2,
    };

    (void)state;
    assert_line(&event, "{\"event\":\"resync\",\"station\":\"left\",\"at\":0.5,"
                        "\"sck_hz\":100000,\"count\":2}");
}

/* The object at the end says it. */
static void line_of_a_result_is_none(void **state)
{
    const struct avrspi_event event = {.kind = AVRSPI_EVENT_RESULT, .station = ""};

    (void)state;
    assert_null(ui_json_line(&event));
}

static void string_of_bytes_that_are_not_utf8(void **state)
{
    json_t *string = ui_string("a\xFF\xC3\xA9");

    (void)state;
    assert_string_equal(json_string_value(string), "a?\xC3\xA9");
    json_decref(string);
}

static void seconds_are_rounded_to_microseconds(void **state)
{
    json_t *seconds = ui_json_seconds(1499);

    (void)state;
    assert_float_equal(json_real_value(seconds), 1e-6, 1e-12);
    json_decref(seconds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_of_progress),
        cmocka_unit_test(line_names_the_station),
        cmocka_unit_test(line_of_a_result_is_none),
        cmocka_unit_test(string_of_bytes_that_are_not_utf8),
        cmocka_unit_test(seconds_are_rounded_to_microseconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
