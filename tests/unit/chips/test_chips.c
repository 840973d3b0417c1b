/* SPDX-License-Identifier: MIT */
/* The chips known: looked up, added, replaced, found in folders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "avrspi/chips.h"
#include "chips/record.h"
#include "chips/arena.h"
#include "chips/unknown.h"
#include "base/text.h"
#include "base/file.h"

/* The five facts that the least definition has. */
#define FACTS(signature)                                                                           \
    "signature = " signature "\nflash_size = 8192\nflash_page = 64\nfuse_masks = FF FF 01 03\n"

struct rig {
    struct avrspi_chips *chips;
    struct avrspi_error error;
    char folder[64];
};

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);

    assert_non_null(rig);
    assert_int_equal(avrspi_chips_open(&rig->chips, &rig->error), 0);
    strcpy(rig->folder, "/tmp/avrspi-test-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;
    char command[128];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", rig->folder);
    assert_int_equal(system(command), 0);
    avrspi_chips_close(rig->chips);
    free(rig);
    return 0;
}

static int add(struct rig *rig, const char *text)
{
    return avrspi_chips_add_text(rig->chips, "my.conf", text, strlen(text), &rig->error);
}

static void write_file(const struct rig *rig, const char *name, const char *text)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", rig->folder, name);
    assert_int_equal(avrspi_file_write(path, text, strlen(text), NULL), 0);
}

static void open_knows_the_common_chips(void **state)
{
    static const char *const names[] = {"AT90S2313",  "ATmega8",    "ATmega328P", "ATmega328PB",
                                        "ATmega2560", "ATmega32U4", "ATtiny13A",  "ATtiny85",
                                        "ATtiny2313", "AT90CAN128", "AT90USB162", "AT90PWM3"};
    struct rig *rig = *state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(avrspi_chips_find(rig->chips, names[i])->name, names[i]);
}

static void close_null(void **state)
{
    (void)state;
    avrspi_chips_close(NULL);
}

static void at_is_ordered_by_name_and_number(void **state)
{
    struct rig *rig = *state;
    size_t count = avrspi_chips_count(rig->chips);

    for (size_t i = 1; i < count; i++)
        assert_true(avrspi_text_order(avrspi_chips_at(rig->chips, i - 1)->name,
                                      avrspi_chips_at(rig->chips, i)->name) < 0);
    assert_null(avrspi_chips_at(rig->chips, count));
}

static void find_any_case_with_and_without_at(void **state)
{
    static const char *const names[] = {"ATmega328P", "atmega328p", "MEGA328P", "m", "mega328p"};
    struct rig *rig = *state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct avrspi_chip *chip = avrspi_chips_find(rig->chips, names[i]);

        if (strlen(names[i]) == 1)
            assert_null(chip);
        else
            assert_string_equal(chip->name, "ATmega328P");
    }
    assert_null(avrspi_chips_find(rig->chips, ""));
    assert_null(avrspi_chips_find(rig->chips, "ATmega"));
}

static void find_by_what_stands_on_the_chip(void **state)
{
    static const char *const endings[] = {"-PU", "-20AU", "-15AZ", "-"};
    const struct avrspi_chip *chip;
    struct rig *rig = *state;

    for (size_t n = 0; (chip = avrspi_chips_at(rig->chips, n)) != NULL; n++) {
        for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
            char name[64];

            (void)snprintf(name, sizeof name, "%s%s", avrspi_chip_name(chip), endings[i]);
            assert_ptr_equal(avrspi_chips_find(rig->chips, name), chip);
        }
    }
    assert_null(avrspi_chips_find(rig->chips, "-PU"));
    assert_null(avrspi_chips_find(rig->chips, "nonsense-PU"));
}

/* The nearest name is no help for a chip that is programmed otherwise. */
static void suggestion_for_chips_without_spi(void **state)
{
    static const struct {
        const char *name, *hint;
    } rows[] = {
        {"attiny4", "by TPI"},
        {"ATtiny10", "by TPI"},
        {"tiny40", "by TPI"},
        {"attiny104", "by TPI"},
        {"attiny202", "by UPDI"},
        {"attiny417", "by UPDI"},
        {"attiny827", "by UPDI"},
        {"attiny1616", "by UPDI"},
        {"attiny3227", "by UPDI"},
        {"atmega809", "by UPDI"},
        {"ATmega4808", "by UPDI"},
        {"AVR128DA48", "by UPDI"},
        {"avr64dd32", "by UPDI"},
        {"avr32eb14", "by UPDI"},
        {"avr64du28", "by UPDI"},
        {"ATxmega256A3BU", "by PDI"},
        {"attiny86", "did you mean 'ATtiny"},
        {"avr", ""},
    };
    struct avrspi_error error;
    struct rig *rig = *state;

    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        error = (struct avrspi_error){0};
        assert_null(avrspi_chips_find(rig->chips, rows[n].name));
        avrspi_chips_suggest(rig->chips, rows[n].name, &error);
        if (!strstr(error.hint, rows[n].hint))
            fail_msg("%s: '%s'", rows[n].name, error.hint);
    }
}

static void nearest_for_a_slip(void **state)
{
    struct rig *rig = *state;

    assert_string_equal(avrspi_chips_nearest(rig->chips, "ATmega382P"), "ATmega328P");
    assert_string_equal(avrspi_chips_nearest(rig->chips, "attny85"), "ATtiny85");
    assert_string_equal(avrspi_chips_nearest(rig->chips, "mega2569"), "ATmega2560");
}

static void nearest_for_a_part(void **state)
{
    struct rig *rig = *state;

    assert_string_equal(avrspi_chips_nearest(rig->chips, "328p"), "ATmega328P");
    assert_string_equal(avrspi_chips_nearest(rig->chips, "32u4"), "ATmega32U4");
    assert_string_equal(avrspi_chips_nearest(rig->chips, "S2313"), "AT90S2313");
}

static void nearest_for_nonsense(void **state)
{
    struct rig *rig = *state;
    char endless[200];

    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(avrspi_chips_nearest(rig->chips, "STM32F103"));
    assert_null(avrspi_chips_nearest(rig->chips, ""));
    assert_null(avrspi_chips_nearest(rig->chips, endless));
}

static void by_signature_gives_all_in_order(void **state)
{
    static const uint8_t shared[3] = {0x1E, 0x93, 0x0A}, nobody[3] = {0x1E, 0x00, 0x00};
    struct rig *rig = *state;

    assert_string_equal(avrspi_chips_by_signature(rig->chips, shared, 0)->name, "ATA6612C");
    assert_string_equal(avrspi_chips_by_signature(rig->chips, shared, 1)->name, "ATmega88");
    assert_string_equal(avrspi_chips_by_signature(rig->chips, shared, 2)->name, "ATmega88A");
    assert_null(avrspi_chips_by_signature(rig->chips, shared, 3));
    assert_null(avrspi_chips_by_signature(rig->chips, nobody, 0));
}

static void add_text_adds(void **state)
{
    struct rig *rig = *state;
    size_t count = avrspi_chips_count(rig->chips);

    assert_int_equal(add(rig, "[ATmega9]\n" FACTS("1E 93 99")), 0);
    assert_int_equal(avrspi_chips_count(rig->chips), count + 1);
    assert_string_equal(avrspi_chips_find(rig->chips, "mega9")->name, "ATmega9");
}

static void add_text_replaces_and_keeps_the_old_alive(void **state)
{
    struct rig *rig = *state;
    size_t count = avrspi_chips_count(rig->chips);
    const struct avrspi_chip *old = avrspi_chips_find(rig->chips, "ATmega328P"), *new;

    assert_int_equal(add(rig, "[atmega328p]\nlike = ATmega328P\nwait_erase = 20000\n"), 0);
    new = avrspi_chips_find(rig->chips, "ATmega328P");
    assert_int_equal(avrspi_chips_count(rig->chips), count);
    assert_string_equal(new->name, "atmega328p");
    assert_int_equal(new->wait_us[AVRSPI_WAIT_ERASE], 20000);
    assert_int_equal(new->flash_size, 32768);
    assert_int_equal(old->wait_us[AVRSPI_WAIT_ERASE], 9000);
}

static void add_text_with_an_error_changes_nothing(void **state)
{
    struct rig *rig = *state;
    size_t count = avrspi_chips_count(rig->chips);

    assert_int_equal(add(rig, "[New]\n" FACTS("1E 01 02") "[ATmega328P]\nflash_size = none\n"),
                     AVRSPI_ERR_INPUT);
    assert_int_equal(avrspi_chips_count(rig->chips), count);
    assert_null(avrspi_chips_find(rig->chips, "New"));
    assert_int_equal(avrspi_chips_find(rig->chips, "ATmega328P")->flash_size, 32768);
}

static void add_text_without_error_struct(void **state)
{
    static const char bad[] = "[New]\nflash = 1\n";
    struct rig *rig = *state;

    assert_int_equal(avrspi_chips_add_text(rig->chips, "x", bad, sizeof bad - 1, NULL),
                     AVRSPI_ERR_INPUT);
}

static void add_file_adds_and_names_itself(void **state)
{
    struct rig *rig = *state;
    char path[256], message[384];

    (void)snprintf(path, sizeof path, "%s/mine.conf", rig->folder);
    write_file(rig, "mine.conf", "[Mine]\n" FACTS("1E 01 02"));
    assert_int_equal(avrspi_chips_add_file(rig->chips, path, &rig->error), 0);
    assert_non_null(avrspi_chips_find(rig->chips, "mine"));

    write_file(rig, "mine.conf", "# mine\n[Mine]\nflash_size = lots\n");
    assert_int_equal(avrspi_chips_add_file(rig->chips, path, &rig->error), AVRSPI_ERR_INPUT);
    (void)snprintf(message, sizeof message,
                   "%s:3: expected flash_size to be a number from 0 to 262144, found 'lots'", path);
    assert_string_equal(rig->error.message, message);
}

static void add_file_absent(void **state)
{
    struct rig *rig = *state;

    assert_int_equal(avrspi_chips_add_file(rig->chips, "/nowhere/x.conf", &rig->error),
                     AVRSPI_ERR_INPUT);
    assert_non_null(strstr(rig->error.message, "/nowhere/x.conf"));
}

static void make_folders(const struct rig *rig, const char *below)
{
    char command[256];

    (void)snprintf(command, sizeof command, "mkdir -p '%s/%s'", rig->folder, below);
    assert_int_equal(system(command), 0);
}

static void search_path_by_xdg_config_home(void **state)
{
    struct rig *rig = *state;

    make_folders(rig, "avrspi/chips/folder.conf.d");
    write_file(rig, "avrspi/chips/2.conf", "[Two]\nlike = One\n");
    write_file(rig, "avrspi/chips/1.conf", "[One]\n" FACTS("1E 01 02"));
    write_file(rig, "avrspi/chips/.hidden.conf", "rubbish");
    write_file(rig, "avrspi/chips/notes.txt", "rubbish");
    write_file(rig, "avrspi/chips/.conf", "rubbish");
    assert_int_equal(setenv("XDG_CONFIG_HOME", rig->folder, 1), 0);
    assert_int_equal(avrspi_chips_add_search_path(rig->chips, &rig->error), 0);
    assert_int_equal(avrspi_chips_find(rig->chips, "Two")->signature[2], 0x02);
}

static void search_path_by_home(void **state)
{
    struct rig *rig = *state;

    make_folders(rig, ".config/avrspi/chips");
    write_file(rig, ".config/avrspi/chips/1.conf", "[One]\n" FACTS("1E 01 02"));
    assert_int_equal(setenv("XDG_CONFIG_HOME", "relative", 1), 0); /* to be ignored */
    assert_int_equal(setenv("HOME", rig->folder, 1), 0);
    assert_int_equal(avrspi_chips_add_search_path(rig->chips, &rig->error), 0);
    assert_non_null(avrspi_chips_find(rig->chips, "One"));
}

static void search_path_without_folders(void **state)
{
    struct rig *rig = *state;
    size_t count = avrspi_chips_count(rig->chips);

    assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
    assert_int_equal(setenv("HOME", rig->folder, 1), 0);
    assert_int_equal(avrspi_chips_add_search_path(rig->chips, &rig->error), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_int_equal(avrspi_chips_add_search_path(rig->chips, &rig->error), 0);
    assert_int_equal(avrspi_chips_count(rig->chips), count);
}

static void search_path_with_a_bad_file(void **state)
{
    struct rig *rig = *state;

    make_folders(rig, "avrspi/chips");
    write_file(rig, "avrspi/chips/1.conf", "[One]\nsize = 1\n");
    write_file(rig, "avrspi/chips/2.conf", "[Two]\n" FACTS("1E 01 02"));
    assert_int_equal(setenv("XDG_CONFIG_HOME", rig->folder, 1), 0);
    assert_int_equal(avrspi_chips_add_search_path(rig->chips, &rig->error), AVRSPI_ERR_INPUT);
    assert_non_null(strstr(rig->error.message, "/avrspi/chips/1.conf:2: expected a key"));
    assert_null(avrspi_chips_find(rig->chips, "Two"));
}

static void search_path_with_a_folder_that_is_a_file(void **state)
{
    struct rig *rig = *state;

    make_folders(rig, "avrspi");
    write_file(rig, "avrspi/chips", "");
    assert_int_equal(setenv("XDG_CONFIG_HOME", rig->folder, 1), 0);
    assert_int_equal(avrspi_chips_add_search_path(rig->chips, &rig->error), 0);
}

static void search_path_with_a_closed_folder(void **state)
{
    struct rig *rig = *state;
    char path[256];

    if (geteuid() == 0)
        skip(); /* every folder is open to root */
    make_folders(rig, "avrspi/chips");
    (void)snprintf(path, sizeof path, "%s/avrspi/chips", rig->folder);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(setenv("XDG_CONFIG_HOME", rig->folder, 1), 0);
    assert_int_equal(avrspi_chips_add_search_path(rig->chips, &rig->error), AVRSPI_ERR_INPUT);
    assert_non_null(strstr(rig->error.message, "can't read folder"));
    assert_int_equal(chmod(path, 0700), 0);
}

/* With sudo -u, HOME may be that of a user whose folders are closed. */
static void search_path_in_a_closed_home(void **state)
{
    struct rig *rig = *state;
    const uid_t user = geteuid();

    make_folders(rig, "avrspi/chips");
    write_file(rig, "avrspi/chips/1.conf", "nonsense");
    assert_int_equal(chmod(rig->folder, 0), 0);
    assert_int_equal(setenv("XDG_CONFIG_HOME", rig->folder, 1), 0);
    assert_int_equal(user == 0 ? seteuid(65534) : 0, 0);
    assert_int_equal(avrspi_chips_add_search_path(rig->chips, &rig->error), 0);
    assert_int_equal(user == 0 ? seteuid(user) : 0, 0);
    assert_int_equal(chmod(rig->folder, 0700), 0);
}

static void arena_gives_large_pieces(void **state)
{
    struct avrspi_arena arena = {0};
    char *large, *small;

    (void)state;
    small = avrspi_arena_text(&arena, "small", 3);
    large = avrspi_arena_alloc(&arena, 1 << 20);
    assert_string_equal(small, "sma");
    assert_int_equal(large[(1 << 20) - 1], 0);
    assert_non_null(avrspi_arena_copy(&arena, NULL, 0));
    avrspi_arena_free(&arena);
    assert_null(arena.blocks);
    avrspi_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(open_knows_the_common_chips, setup, teardown),
        cmocka_unit_test(close_null),
        cmocka_unit_test_setup_teardown(at_is_ordered_by_name_and_number, setup, teardown),
        cmocka_unit_test_setup_teardown(find_any_case_with_and_without_at, setup, teardown),
        cmocka_unit_test_setup_teardown(find_by_what_stands_on_the_chip, setup, teardown),
        cmocka_unit_test_setup_teardown(suggestion_for_chips_without_spi, setup, teardown),
        cmocka_unit_test_setup_teardown(nearest_for_a_slip, setup, teardown),
        cmocka_unit_test_setup_teardown(nearest_for_a_part, setup, teardown),
        cmocka_unit_test_setup_teardown(nearest_for_nonsense, setup, teardown),
        cmocka_unit_test_setup_teardown(by_signature_gives_all_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(add_text_adds, setup, teardown),
        cmocka_unit_test_setup_teardown(add_text_replaces_and_keeps_the_old_alive, setup, teardown),
        cmocka_unit_test_setup_teardown(add_text_with_an_error_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(add_text_without_error_struct, setup, teardown),
        cmocka_unit_test_setup_teardown(add_file_adds_and_names_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(add_file_absent, setup, teardown),
        cmocka_unit_test_setup_teardown(search_path_by_xdg_config_home, setup, teardown),
        cmocka_unit_test_setup_teardown(search_path_by_home, setup, teardown),
        cmocka_unit_test_setup_teardown(search_path_without_folders, setup, teardown),
        cmocka_unit_test_setup_teardown(search_path_with_a_bad_file, setup, teardown),
        cmocka_unit_test_setup_teardown(search_path_with_a_folder_that_is_a_file, setup, teardown),
        cmocka_unit_test_setup_teardown(search_path_with_a_closed_folder, setup, teardown),
        cmocka_unit_test_setup_teardown(search_path_in_a_closed_home, setup, teardown),
        cmocka_unit_test(arena_gives_large_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
