/* SPDX-License-Identifier: MIT */
/* Names and sizes of a chip's memories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chips/record.h"

static const struct avrspi_chip chip = {
    .name = "ATtest",
    .flash_size = 8192,
    .flash_page = 64,
    .flash_start = 0x8000,
    .eeprom_size = 512,
    .eeprom_page = 4,
    .calibration_bytes = 2,
    .fuse = {[AVRSPI_FUSE_LOW] = {.mask = 0xFF},
             [AVRSPI_FUSE_HIGH] = {.mask = 0xFF},
             [AVRSPI_FUSE_LOCK] = {.mask = 0x3F}},
};

static void memory_by_name_of_every_memory(void **state)
{
    static const char *const names[] = {"flash",     "eeprom",      "fuses",  "lock",
                                        "signature", "calibration", "userrow"};

    (void)state;
    assert_int_equal(sizeof names / sizeof *names, AVRSPI_MEMORIES);
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        enum avrspi_memory memory = AVRSPI_MEMORIES;

        assert_string_equal(avrspi_memory_name((enum avrspi_memory)n), names[n]);
        assert_true(avrspi_memory_by_name(names[n], &memory));
        assert_int_equal(memory, n);
    }
}

static void memory_by_name_unknown(void **state)
{
    enum avrspi_memory memory = AVRSPI_MEMORY_LOCK;

    (void)state;
    assert_false(avrspi_memory_by_name("fuse", &memory));
    assert_false(avrspi_memory_by_name("", &memory));
    assert_int_equal(memory, AVRSPI_MEMORY_LOCK);
    assert_string_equal(avrspi_memory_name(AVRSPI_MEMORIES), "");
}

static void memory_size_of_every_memory(void **state)
{
    static const uint32_t sizes[AVRSPI_MEMORIES] = {
        [AVRSPI_MEMORY_FLASH] = 8192,  [AVRSPI_MEMORY_EEPROM] = 512,
        [AVRSPI_MEMORY_FUSES] = 2,     [AVRSPI_MEMORY_LOCK] = 1,
        [AVRSPI_MEMORY_SIGNATURE] = 3, [AVRSPI_MEMORY_CALIBRATION] = 2,
        [AVRSPI_MEMORY_USER_ROW] = 0,
    };

    (void)state;
    for (int n = 0; n < AVRSPI_MEMORIES; n++)
        assert_int_equal(avrspi_memory_size(&chip, (enum avrspi_memory)n), sizes[n]);
    assert_int_equal(avrspi_memory_size(&chip, AVRSPI_MEMORIES), 0);
}

static void memory_size_of_a_chip_without_fuses(void **state)
{
    static const struct avrspi_chip bare = {.name = "bare"};
    static const struct avrspi_chip gap = {.fuse = {[AVRSPI_FUSE_EXT] = {.mask = 1}}};

    (void)state;
    assert_int_equal(avrspi_memory_size(&bare, AVRSPI_MEMORY_FUSES), 0);
    assert_int_equal(avrspi_memory_size(&bare, AVRSPI_MEMORY_LOCK), 0);
    assert_int_equal(avrspi_memory_size(&gap, AVRSPI_MEMORY_FUSES), 3);
}

static void memory_start_and_page(void **state)
{
    (void)state;
    assert_int_equal(avrspi_memory_start(&chip, AVRSPI_MEMORY_FLASH), 0x8000);
    assert_int_equal(avrspi_memory_start(&chip, AVRSPI_MEMORY_EEPROM), 0);
    assert_int_equal(avrspi_memory_page(&chip, AVRSPI_MEMORY_FLASH), 64);
    assert_int_equal(avrspi_memory_page(&chip, AVRSPI_MEMORY_EEPROM), 4);
    assert_int_equal(avrspi_memory_page(&chip, AVRSPI_MEMORY_FUSES), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_by_name_of_every_memory),
        cmocka_unit_test(memory_by_name_unknown),
        cmocka_unit_test(memory_size_of_every_memory),
        cmocka_unit_test(memory_size_of_a_chip_without_fuses),
        cmocka_unit_test(memory_start_and_page),
    };

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
