/* SPDX-License-Identifier: MIT */
/*
 * The simulator's lock bits, read on its own from the datasheets, against those of avrspi/rules.h,
 * by which the session refuses: on every chip built in and with every value of the lock byte, the
 * simulator counts a violation for what the rules forbid, and for nothing else.
 */
#include "sim_rig.h"

#include <stdio.h>

#include "known_chips.h"
#include "avrspi/rules.h"

enum {
    LONG_US = 200000, /* longer than any write */
};

/* A chip and one value of its lock byte. */
struct probe {
    struct rig rig;
    const struct avrspi_chip *chip;
    uint8_t lock;
    size_t asked; /* questions */
};

static bool has(const struct probe *probe, enum avrspi_instruction_id id)
{
    return probe->chip->instruction[id].defined;
}

/* Sends an instruction, waits for what it may have begun, and compares. */
static void ask(struct probe *probe, enum avrspi_instruction_id id, uint32_t address, uint8_t data,
                bool forbidden)
{
    uint64_t all = avrspi_sim_violations(probe->rig.sim);
    uint64_t locked = avrspi_sim_violation(probe->rig.sim, AVRSPI_VIOLATION_LOCKED);
    uint8_t out[4];

    avrspi_instruction_encode(&probe->chip->instruction[id], address, data, out);
    (void)send(&probe->rig, out[0], out[1], out[2], out[3]);
    wait_us(&probe->rig, LONG_US);
    all = avrspi_sim_violations(probe->rig.sim) - all;
    locked = avrspi_sim_violation(probe->rig.sim, AVRSPI_VIOLATION_LOCKED) - locked;
    if (all != locked || locked != forbidden)
        fail_msg("%s, lock 0x%02X, %s: the rules say %s, the simulator counts %u of %u violations",
                 probe->chip->name, probe->lock, avrspi_instruction_name(id),
                 forbidden ? "forbidden" : "allowed", (unsigned)locked, (unsigned)all);
    probe->asked++;
}

static void ask_about_flash(struct probe *probe, const struct avrspi_fuses *fuses)
{
    uint32_t word = probe->chip->flash_start / 2;
    bool writing = avrspi_lock_forbids_writing(probe->chip, fuses, AVRSPI_MEMORY_FLASH);

    ask(probe, AVRSPI_READ_FLASH_LOW, word, 0,
        avrspi_lock_forbids_reading(probe->chip, fuses, AVRSPI_MEMORY_FLASH));
    if (probe->chip->flash_page)
        ask(probe, AVRSPI_WRITE_FLASH_PAGE, word, 0, writing);
    else
        ask(probe, AVRSPI_WRITE_FLASH_LOW, word, 0xFF, writing);
}

static void ask_about_eeprom(struct probe *probe, const struct avrspi_fuses *fuses)
{
    bool writing = avrspi_lock_forbids_writing(probe->chip, fuses, AVRSPI_MEMORY_EEPROM);

    ask(probe, AVRSPI_READ_EEPROM, 0, 0,
        avrspi_lock_forbids_reading(probe->chip, fuses, AVRSPI_MEMORY_EEPROM));
    if (has(probe, AVRSPI_WRITE_EEPROM))
        ask(probe, AVRSPI_WRITE_EEPROM, 0, 0x5A, writing);
    if (probe->chip->eeprom_page)
        ask(probe, AVRSPI_WRITE_EEPROM_PAGE, 0, 0, writing);
}

static void ask_about_memories(struct probe *probe, const struct avrspi_fuses *fuses)
{
    if (probe->chip->flash_size)
        ask_about_flash(probe, fuses);
    if (probe->chip->eeprom_size)
        ask_about_eeprom(probe, fuses);
    ask(probe, AVRSPI_READ_SIGNATURE, 0, 0,
        avrspi_lock_forbids_reading(probe->chip, fuses, AVRSPI_MEMORY_SIGNATURE));
}

/* Fuse bytes are written with the value that they have. The lock byte is too, which is no violation
 * in any mode, and then with every bit programmed. */
static void ask_about_fuses(struct probe *probe, const struct avrspi_fuses *fuses)
{
    const struct avrspi_chip *chip = probe->chip;
    uint8_t reserved = (uint8_t)~chip->fuse[AVRSPI_FUSE_LOCK].mask;

    for (unsigned n = 0; n < AVRSPI_FUSE_LOCK; n++) {
        enum avrspi_fuse fuse = (enum avrspi_fuse)n;

        if (chip->fuse[n].mask && has(probe, avrspi_fuse_write_id(fuse)))
            ask(probe, avrspi_fuse_write_id(fuse), 0,
                (uint8_t)(fuses->value[n] | ~chip->fuse[n].mask),
                avrspi_lock_forbids_fuse(chip, fuses, fuse));
    }
    if (!has(probe, AVRSPI_WRITE_LOCK))
        return;
    ask(probe, AVRSPI_WRITE_LOCK, 0, fuses->value[AVRSPI_FUSE_LOCK] | reserved, false);
    if (fuses->value[AVRSPI_FUSE_LOCK] & chip->fuse[AVRSPI_FUSE_LOCK].mask)
        ask(probe, AVRSPI_WRITE_LOCK, 0, reserved,
            avrspi_lock_forbids_fuse(chip, fuses, AVRSPI_FUSE_LOCK));
}

static void ask_about_value(struct probe *probe)
{
    struct avrspi_fuses fuses = {.given = {true, true, true, true}};

    silicon(&probe->rig)->fuse[AVRSPI_FUSE_LOCK] = probe->lock;
    memcpy(fuses.value, silicon(&probe->rig)->fuse, sizeof fuses.value);
    ask_about_memories(probe, &fuses);
    ask_about_fuses(probe, &fuses);
}

static size_t ask_about_chip(const struct avrspi_chip *chip)
{
    struct probe probe = {.chip = chip, .rig = rig_of(chip)};

    enter(&probe.rig);
    if (has(&probe, AVRSPI_LOAD_EXT_ADDRESS))
        ask(&probe, AVRSPI_LOAD_EXT_ADDRESS, 0, 0, false);
    for (unsigned value = 0; value < 0x100; value++) {
        probe.lock = (uint8_t)value;
        ask_about_value(&probe);
    }
    rig_close(&probe.rig);
    return probe.asked;
}

static void lock_bits_are_those_of_the_rules(void **state)
{
    size_t asked = 0;

    (void)state;
    for (size_t n = 0; n < avrspi_chips_count(chips); n++)
        asked += ask_about_chip(avrspi_chips_at(chips, n));
    print_message("%zu chips, %zu instructions\n", avrspi_chips_count(chips), asked);
    assert_true(asked > 200 * 256 * 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lock_bits_are_those_of_the_rules),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
