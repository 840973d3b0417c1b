/* SPDX-License-Identifier: MIT */
/* Where the pins of packages are drawn. */
#include <stdio.h>
#include <string.h>

#include "known_chips.h"

#include "base/text.h"
#include "chips/record.h"
#include "host/model_names.h"
#include "ui/wiring.h"

static void sides_go_around_the_package(void **state)
{
    struct ui_shape shape;

    (void)state;
    assert_true(ui_shape_of("PDIP-28", &shape));
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_LEFT, 0), 1);
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_LEFT, 13), 14);
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_RIGHT, 13), 15);
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_RIGHT, 0), 28);
    assert_true(ui_shape_of("TQFP-32", &shape));
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_LEFT, 7), 8);
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_BOTTOM, 0), 9);
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_RIGHT, 0), 24);
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_TOP, 7), 25);
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_TOP, 0), 32);
    /* pin 1 in the middle of the top */
    assert_true(ui_shape_of("PLCC-44", &shape));
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_LEFT, 0), 7);
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_TOP, 5), 1);
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_TOP, 0), 6);
    assert_int_equal(ui_shape_pin(&shape, UI_SIDE_TOP, 10), 40);
    /* two rows, where four sides would not have equally many */
    assert_true(ui_shape_of("QFN-10", &shape));
    assert_false(shape.quad);
    assert_false(ui_shape_of("UFBGA-32", &shape));
    assert_false(ui_shape_of("DRQFN-64", &shape));
}

/* Every pin stands at one place; how many have a signal. */
static unsigned count_drawn(const struct ui_wiring *wiring, const struct ui_shape *shape)
{
    bool seen[128] = {false};
    unsigned drawn = 0;

    for (int side = 0; side < UI_SIDES; side++)
        for (unsigned n = 0; n < shape->per_side; n++) {
            const unsigned pin = ui_shape_pin(shape, (enum ui_side)side, n);
            enum avrspi_signal signal;
            char name[16];

            if (!shape->quad && (side == UI_SIDE_BOTTOM || side == UI_SIDE_TOP))
                continue;
            assert_true(pin >= 1 && pin <= shape->pins);
            assert_false(seen[pin]);
            seen[pin] = true;
            drawn += ui_wiring_signal(wiring, pin, &signal, name);
        }
    return drawn;
}

static unsigned count_listed(const struct avrspi_package *package)
{
    unsigned count = 0;

    for (int n = 0; n < AVRSPI_SIGNAL_PAD; n++) {
        const char *rest = package->pins[n];
        size_t size;

        while (avrspi_text_word(&rest, &size))
            count++;
    }
    return count;
}

static void every_pin_of_every_package_is_drawn_once(void **state)
{
    unsigned packages = 0;

    (void)state;
    FOR_EACH(chip)
    {
        struct ui_wiring wiring = {.chip = chip};

        for (size_t n = 0; (wiring.package = avrspi_chip_package(chip, n)) != NULL; n++) {
            struct ui_shape shape;

            if (!ui_shape_of(wiring.package->name, &shape))
                continue;
            EXPECT(count_drawn(&wiring, &shape) == count_listed(wiring.package), chip, "%s",
                   wiring.package->name);
            packages++;
        }
    }
    assert_true(packages > 350);
}

static void every_package_can_be_a_picture(void **state)
{
    struct ui_wiring wiring = {.board = "<a & b>"};
    struct avrspi_error error;

    (void)state;
    assert_true(avrspi_host_wires(avrspi_host_model_named("pi4", 0), 0, wiring.wires));
    FOR_EACH(chip)
    {
        wiring.chip = chip;
        for (size_t n = 0; (wiring.package = avrspi_chip_package(chip, n)) != NULL; n++)
            EXPECT(ui_wiring_svg(&wiring, "/dev/null", &error) == 0, chip, "%s", error.message);
    }
}

static void a_pin_has_the_name_that_the_maker_gives_it(void **state)
{
    struct ui_wiring wiring = {.chip = find_chip("ATmega2561")};
    enum avrspi_signal signal;
    char name[16];

    (void)state;
    wiring.package = avrspi_chip_package(wiring.chip, 0);
    assert_true(ui_wiring_signal(&wiring, 2, &signal, name));
    assert_string_equal(name, "MOSI/PDI");
    wiring.chip = find_chip("AT90USB646");
    wiring.package = avrspi_chip_package(wiring.chip, 0);
    assert_true(ui_wiring_signal(&wiring, 3, &signal, name));
    assert_string_equal(name, "UVCC");
    assert_int_equal(signal, AVRSPI_SIGNAL_VCC);
    assert_false(ui_wiring_signal(&wiring, 4, &signal, name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sides_go_around_the_package),
        cmocka_unit_test(every_pin_of_every_package_is_drawn_once),
        cmocka_unit_test(every_package_can_be_a_picture),
        cmocka_unit_test(a_pin_has_the_name_that_the_maker_gives_it),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
