/* SPDX-License-Identifier: MIT */
/*
 * The definitions in chips/ against the facts in tests/facts/, row by row. What differs on
 * purpose has a row in 'deviations' with the reason; one that nothing needs any more fails.
 */
#include "facts_table.h"
#include "known_chips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "avrspi/rules.h"
#include "chips/record.h"

static const char lock_mode_2[] = "lock mode 2 is LB2 unprogrammed, LB1 programmed (datasheet "
                                  "1042): value 2";
static const char datasheet_7679[] = "datasheet 7679 has one table for AT90CAN32, 64 and 128; the "
                                     "device files lack its last rows";
static const char no_pll[] = "the ATtiny43U has no PLL (datasheet 8048)";

static const char as_rfr2[] =
    "datasheet 8266: the transceiver's crystal is CKSEL 1111 to 0110, as in "
    "the ATmega128RFR2; cores ship low 0xFF";

static const struct deviation {
    const char *part;
    const char *what; /* a column, or FIELD.column */
    const char *reason;
} deviations[] = {
    {"AT86RF401", "part", "a transmitter without a signature to be read"},
    {"AT90C8534", "part", "nothing is known of its fuses, lock bits and timing; hardly made"},
    {"AT90S2333", "LB.values", lock_mode_2},
    {"AT90CAN32", "SUT_CKSEL.values", datasheet_7679},
    {"AT90CAN64", "SUT_CKSEL.values", datasheet_7679},
    {"ATmega128RFA1", "SUT_CKSEL.values", as_rfr2},
    {"ATtiny43U", "SUT_CKSEL.values", no_pll},
};

static bool used[sizeof deviations / sizeof *deviations];
static unsigned differences;

static uint32_t number(const char *text)
{
    return (uint32_t)strtoul(text, NULL, 0);
}

/* Counts a difference, unless it is one on purpose. */
static void expect(bool same, const char *part, const char *what, const char *fact)
{
    if (same)
        return;
    for (size_t i = 0; i < sizeof deviations / sizeof *deviations; i++) {
        if (strcmp(deviations[i].part, part) == 0 && strcmp(deviations[i].what, what) == 0) {
            used[i] = true;
            return;
        }
    }
    print_message("%s: %s is not as in the facts ('%s')\n", part, what, fact);
    differences++;
}

static void expect_number(uint32_t ours, const struct table *table, const char *column)
{
    const char *fact = cell(table, column);

    if (*fact)
        expect(ours == number(fact), cell(table, "name"), column, fact);
}

static void expect_flag(bool ours, const struct table *table, const char *column)
{
    const char *fact = cell(table, column);

    expect(ours == (strcmp(fact, "yes") == 0), cell(table, "name"), column, fact);
}

/* The number after "low=" in "low=0xff,high=0xdf"; 'absent' when there is none. A single fuse
 * byte is called "fuse". */
static uint32_t named_number(const char *list, const char *name, uint32_t absent)
{
    const char *found = strstr(list, name);

    if (!found && strcmp(name, "low=") == 0)
        found = strstr(list, "fuse=");
    return found ? number(strchr(found, '=') + 1) : absent;
}

static void check_fuse_bytes(const struct avrspi_chip *chip, const struct table *table)
{
    static const char *const names[] = {"low=", "high=", "ext="};
    const char *part = cell(table, "name");

    for (size_t i = 0; i < 3; i++) {
        const char *masks = cell(table, "fuse_masks"), *defaults = cell(table, "fuse_defaults");

        expect(chip->fuse[i].mask == named_number(masks, names[i], 0), part, "fuse_masks", masks);
        expect(chip->fuse[i].default_value == named_number(defaults, names[i], 0xFF), part,
               "fuse_defaults", defaults);
    }
    expect_number(chip->fuse[AVRSPI_FUSE_LOCK].mask, table, "lock_mask");
    assert_int_equal(chip->fuse[AVRSPI_FUSE_LOCK].default_value, 0xFF);
}

/* Whether a byte sent for some data is what a word of the facts says: "AC", "101iiiii". */
static bool byte_matches(const char *word, uint8_t byte, uint8_t data)
{
    if (strlen(word) == 2)
        return byte == (strcmp(word, "DI") == 0 ? data : (uint8_t)strtoul(word, NULL, 16));
    for (unsigned i = 0; i < 8; i++) {
        unsigned bit = 7 - i, sent = byte >> bit & 1;

        if (word[i] == '0' || word[i] == '1'
                ? sent != (unsigned)(word[i] - '0')
                : word[i] == 'i' && sent != ((unsigned)data >> bit & 1U))
            return false;
    }
    return true;
}

static bool instruction_matches(const struct avrspi_instruction *instruction, const char *fact)
{
    char words[4][9];
    uint8_t out[4];

    if (strcmp(fact, "none") == 0)
        return !instruction->defined;
    if (!instruction->defined ||
        sscanf(fact, "%8s %8s %8s %8s", words[0], words[1], words[2], words[3]) != 4)
        return false;
    for (unsigned data = 0; data < 256; data++) {
        avrspi_instruction_encode(instruction, 0, (uint8_t)data, out);
        for (size_t i = 0; i < 3; i++)
            if (!byte_matches(words[i], out[i], (uint8_t)data))
                return false;
        if (!strpbrk(words[3], "o{O") && !byte_matches(words[3], out[3], (uint8_t)data))
            return false;
    }
    return true;
}

/* The facts' notations for where the bits of an answer are. */
static bool answer_matches(const struct avrspi_instruction *instruction, const char *fact)
{
    uint8_t lock_low = avrspi_instruction_answer(instruction, 0x7F);
    uint8_t lock_high = avrspi_instruction_answer(instruction, 0xBF);

    if (strstr(fact, "{o1}{o2}000000"))
        return lock_low == (0xFF & ~0x02) && lock_high == (0xFF & ~0x04);
    if (strstr(fact, "00o0000o"))
        return avrspi_instruction_answer(instruction, 0x00) == (0xFF & ~0x21);
    return true;
}

/* The standard instruction, or what "lock.write=..." among the differences says. */
static void check_instruction(const struct avrspi_chip *chip, const struct table *table,
                              enum avrspi_instruction_id id, const char *name, const char *standard)
{
    const struct avrspi_instruction *instruction = &chip->instruction[id];
    const char *list = cell(table, "isp_encoding_diffs"), *found = strstr(list, name);
    char fact[64] = "";

    if (strncmp(list, "as ATmega103", 12) == 0)
        found = strcmp(name, "lock.write=") == 0   ? "lock.write=AC 11111ii1 00 00"
                : strcmp(name, "fuse.write=") == 0 ? "fuse.write=AC 1011i1ii 00 00"
                                                   : NULL;
    if (found)
        (void)snprintf(fact, sizeof fact, "%.*s", (int)strcspn(strchr(found, '=') + 1, ";"),
                       strchr(found, '=') + 1);
    else
        (void)snprintf(fact, sizeof fact, "%s", standard);
    if (strcmp(fact, "AC A0 00 DI") == 0 && strstr(cell(table, "fuse_write_fixed_bits"), "fixed"))
        return; /* check_fixed_bits() */
    expect(instruction_matches(instruction, fact) && answer_matches(instruction, fact), chip->name,
           name, fact);
}

/* Bits that a write can't change must go out as 1: the session's business where they are outside
 * of the mask, the instruction's where they are inside. */
static void check_fixed_bits(const struct avrspi_chip *chip, const struct table *table)
{
    static const char *const names[] = {"low:writable=", "high:writable=", "ext:writable="};
    const char *facts = cell(table, "fuse_write_fixed_bits");

    for (unsigned i = 0; i < 3; i++) {
        const char *found = strstr(facts, names[i]);
        uint8_t out[4], stuck;

        if (!found && i == 0)
            found = strstr(facts, "fuse:writable=");
        if (!found)
            continue;
        stuck = (uint8_t)(chip->fuse[i].mask & ~number(strchr(found, '=') + 1));
        avrspi_instruction_encode(&chip->instruction[avrspi_fuse_write_id((enum avrspi_fuse)i)], 0,
                                  0x00, out);
        expect((out[3] & stuck) == stuck, chip->name, "fuse_write_fixed_bits", facts);
    }
}

static void check_instructions(const struct avrspi_chip *chip, const struct table *table)
{
    static const struct {
        enum avrspi_instruction_id id;
        const char *name, *standard;
    } rows[] = {
        {AVRSPI_PROGRAMMING_ENABLE, "enable=", "AC 53 00 00"},
        {AVRSPI_CHIP_ERASE, "erase=", "AC 80 00 00"},
        {AVRSPI_READ_SIGNATURE, "signature.read=", "30 00 00 DO"},
        {AVRSPI_READ_LOW, "fuse.read=", "50 00 00 DO"},
        {AVRSPI_WRITE_LOW, "fuse.write=", "AC A0 00 DI"},
        {AVRSPI_READ_LOCK, "lock.read=", "58 00 00 DO"},
        {AVRSPI_WRITE_LOCK, "lock.write=", "AC E0 00 DI"},
    };
    const char *facts = cell(table, "isp_encoding_diffs");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_instruction(chip, table, rows[i].id, rows[i].name, rows[i].standard);
    check_fixed_bits(chip, table);
    assert_int_equal(chip->no_echo, strstr(facts, "no 0x53 echo") != NULL);
    assert_int_equal(chip->pulse_after_erase, strstr(facts, "pulse RESET") != NULL);
    if (chip->flash_size > 0)
        assert_int_equal(chip->instruction[AVRSPI_WRITE_FLASH_LOW].defined,
                         number(cell(table, "flash_page_size")) == 0);
}

static void check_factory_clock(const struct avrspi_chip *chip, const struct table *table)
{
    /* "1000000", "external", "external/8", "?": what begins with no digit is 0 */
    expect_number(chip->factory_clock, table, "factory_clock_hz");
}

/* "rstdisbl=high:0x80,spien=high:0x20": the bits that end serial programming. */
static void check_lockout_bits(const struct avrspi_chip *chip, const struct table *table)
{
    char list[128], *rest = list, *item;

    (void)snprintf(list, sizeof list, "%s", cell(table, "isp_lockout_bits"));
    while ((item = strsep(&rest, ",")) && *item) {
        char name[16], byte[8];
        unsigned mask;
        const struct avrspi_field *field;

        assert_int_equal(sscanf(item, "%15[^=]=%7[^:]:%x", name, byte, &mask), 3);
        field = avrspi_chip_field(chip, name);
        expect(field && field->mask == mask &&
                   (strcmp(byte, "fuse") == 0 ? field->fuse == AVRSPI_FUSE_LOW
                                              : strcmp(avrspi_fuse_name(field->fuse), byte) == 0),
               chip->name, "isp_lockout_bits", item);
    }
}

static void check_part(const struct avrspi_chip *chip, const struct table *table)
{
    const char *status = cell(table, "status");
    bool paged = strcmp(cell(table, "eeprom_isp_page_write"), "yes") == 0;
    char signature[16];

    (void)snprintf(signature, sizeof signature, "%02X %02X %02X", chip->signature[0],
                   chip->signature[1], chip->signature[2]);
    expect(strcmp(signature, cell(table, "signature")) == 0, chip->name, "signature",
           cell(table, "signature"));
    expect_number(chip->flash_size, table, "flash_size");
    expect_number(chip->flash_page, table, "flash_page_size");
    expect_number(chip->eeprom_size, table, "eeprom_size");
    expect(chip->eeprom_page == (paged ? number(cell(table, "eeprom_page_size")) : 0), chip->name,
           "eeprom_page_size", cell(table, "eeprom_page_size"));
    expect_number(chip->calibration_bytes, table, "calibration_bytes");
    expect_number(chip->wait_us[AVRSPI_WAIT_FLASH], table, "safe_wait_flash_us");
    expect_number(chip->wait_us[AVRSPI_WAIT_EEPROM], table, "safe_wait_eeprom_us");
    expect_number(chip->wait_us[AVRSPI_WAIT_FUSE], table, "safe_wait_fuse_us");
    expect_number(chip->wait_us[AVRSPI_WAIT_ERASE], table, "safe_wait_erase_us");
    expect_flag(chip->rdy_bsy, table, "rdy_bsy_F0");
    expect_flag(chip->instruction[AVRSPI_LOAD_EXT_ADDRESS].defined, table, "ext_addr");
    expect(chip->unverified == (strcmp(status, "atdf-only") == 0 || strcmp(status, "legacy") == 0),
           chip->name, "status", status);
    check_factory_clock(chip, table);
    check_fuse_bytes(chip, table);
    check_instructions(chip, table);
    check_lockout_bits(chip, table);
}

static void parts_agree_with_facts(void **state)
{
    struct table table;
    size_t parts = 0;

    (void)state;
    differences = 0;
    table_open(&table, "isp-parts.tsv");
    while (table_next(&table)) {
        const char *name = cell(&table, "name");
        const struct avrspi_chip *chip = avrspi_chips_find(chips, name);

        expect(chip != NULL, name, "part", "");
        if (!chip)
            continue;
        check_part(chip, &table);
        parts++;
    }
    table_close(&table);
    assert_int_equal(parts, avrspi_chips_count(chips));
    assert_int_equal(differences, 0);
}

/* A field is known here under the datasheets' name in upper case. */
static const struct avrspi_field *find_field(const struct avrspi_chip *chip, const char *fact)
{
    static const struct {
        const char *fact, *name;
    } others[] = {{"cksel_sut", "SUT_CKSEL"}, {"_32oen", "32OEN"}};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].fact, fact) == 0)
            fact = others[i].name;
    for (size_t i = 0; i < chip->n_fields; i++)
        if (strcasecmp(chip->fields[i].name, fact) == 0)
            return &chip->fields[i];
    return NULL;
}

static void expect_field(bool same, const char *part, const struct avrspi_field *field,
                         const char *column, const char *fact)
{
    char what[64];

    (void)snprintf(what, sizeof what, "%s.%s", field->name, column);
    expect(same, part, what, fact);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Megahertz out of the middle of a label: "8MHZ" or "9MHZ6", "128KHZ". */
static uint32_t label_hz(const char *label)
{
    unsigned whole, tenths = 0;
    const char *digits = strpbrk(label, "0123456789");

    if (!digits || (!strstr(label, "MHZ") && !strstr(label, "KHZ")))
        return 0;
    if (sscanf(digits, "%uMHZ%1u", &whole, &tenths) >= 1 && strstr(label, "MHZ"))
        return whole * 1000000 + tenths * 100000;
    return whole * 1000;
}

static bool clock_matches(const char *label, const struct avrspi_clock *clock)
{
    if (begins(label, "EXTCLK"))
        return clock->source == AVRSPI_CLOCK_EXTERNAL;
    if (begins(label, "EXTRCOSC"))
        return clock->source == AVRSPI_CLOCK_RC;
    if (begins(label, "EXTLOFXTAL") && !begins(label, "EXTLOFXTALRES"))
        return clock->source == AVRSPI_CLOCK_CRYSTAL && clock->max_hz == 32768;
    if (begins(label, "INTRCOSC") || begins(label, "WDOSC") || begins(label, "RC_"))
        return clock->source == AVRSPI_CLOCK_INTERNAL && clock->min_hz == clock->max_hz &&
               (label_hz(label) == 0 || label_hz(label) == clock->max_hz ||
                (label_hz(label) == 6400000 && clock->max_hz == 1600000)); /* divided by 4 */
    if (begins(label, "PLLCLK"))
        return clock->source != AVRSPI_CLOCK_UNKNOWN && clock->max_hz <= 16000000;
    if (strstr(label, "OSC") || strstr(label, "XTAL") || strstr(label, "CRES"))
        return clock->source != AVRSPI_CLOCK_UNKNOWN || begins(label, "INTULP");
    return true;
}

/* A device file's label against the name that it has here. */
static bool label_matches(const struct avrspi_field *field, const struct avrspi_value *value,
                          const char *label)
{
    char name[16];
    unsigned words, whole, tenths;

    if (strcmp(field->name, "BOOTSZ") == 0 && sscanf(label, "%uW_", &words) == 1) {
        (void)snprintf(name, sizeof name, "%uW", words == 2408 ? 2048 : words);
        return strcmp(value->name, name) == 0;
    }
    if (strcmp(field->name, "BODLEVEL") == 0 && sscanf(label, "%uV%u", &whole, &tenths) == 2) {
        (void)snprintf(name, sizeof name, "%u.%uV", whole, tenths);
        return strcmp(value->name, name) == 0;
    }
    if (strcmp(label, "DISABLED") == 0 || strcmp(label, "BOD_DISABLED") == 0)
        return strcmp(value->name, "off") == 0;
    if (strcmp(label, "programmed") == 0)
        return value->value == 0;
    return !strstr(field->name, "CKSEL") || clock_matches(label, &value->clock);
}

/* "0x0=LABEL 0x1 ..." against the values of a field: the same set, and the same meaning. */
static void check_values(const struct avrspi_chip *chip, const struct avrspi_field *field,
                         const char *facts)
{
    char list[8192], *rest = list, *item;
    size_t count = 0;

    if (strstr(facts, "=VAL_") && field->n_values == 0)
        return; /* what they mean is not public */
    (void)snprintf(list, sizeof list, "%s", facts);
    while ((item = strsep(&rest, " "))) {
        char *label = strchr(item, '=');
        const struct avrspi_value *value = avrspi_field_value(field, (uint8_t)number(item));

        count++;
        expect_field(value != NULL, chip->name, field, "values", item);
        if (value && label && !begins(label, "=VAL_"))
            expect_field(label_matches(field, value, label + 1), chip->name, field, "label", item);
    }
    expect_field(count == field->n_values, chip->name, field, "values", facts);
}

static void check_field(const struct avrspi_chip *chip, const struct table *table)
{
    const struct avrspi_field *field = find_field(chip, cell(table, "field"));
    const char *byte = cell(table, "byte");
    uint8_t value;

    if (!field) {
        expect(false, chip->name, cell(table, "field"), "");
        return;
    }
    expect_field(strcmp(avrspi_fuse_name(field->fuse), strcmp(byte, "fuse") ? byte : "low") == 0,
                 chip->name, field, "byte", byte);
    expect_field(field->mask == number(cell(table, "mask")), chip->name, field, "mask",
                 cell(table, "mask"));
    expect_field(field->shift == number(cell(table, "shift")), chip->name, field, "shift",
                 cell(table, "shift"));
    value = avrspi_field_get(field, chip->fuse[field->fuse].default_value);
    expect_field(value == number(cell(table, "default")), chip->name, field, "default",
                 cell(table, "default"));
    check_values(chip, field, cell(table, "values"));
}

static void fields_agree_with_facts(void **state)
{
    struct table table;
    size_t fields = 0, ours = 0;

    (void)state;
    differences = 0;
    table_open(&table, "fuse-fields.tsv");
    while (table_next(&table)) {
        const struct avrspi_chip *chip = avrspi_chips_find(chips, cell(&table, "part"));

        if (!chip)
            continue; /* parts_agree_with_facts() tells why */
        check_field(chip, &table);
        fields++;
    }
    table_close(&table);
    for (size_t i = 0; i < avrspi_chips_count(chips); i++)
        ours += avrspi_chips_at(chips, i)->n_fields;
    assert_int_equal(fields, ours);
    assert_int_equal(differences, 0);
}

/* --- what cores ship */

static const char *refusal_of(const struct avrspi_chip *chip, enum avrspi_fuse fuse, uint8_t value)
{
    struct avrspi_fuses before = {0}, wanted = {0};
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
    size_t count;

    wanted.given[fuse] = true;
    wanted.value[fuse] = value;
    count = avrspi_fuse_hazards(chip, &before, &wanted, hazards);
    if (avrspi_fuse_obstacle(chip, &before, &wanted, fuse) != AVRSPI_OBSTACLE_NONE)
        return "obstacle";
    for (size_t n = 0; n < count; n++)
        if (hazards[n].refused)
            return hazards[n].kind == AVRSPI_HAZARD_ENDS_PROGRAMMING ? "ends" : "other";
    return "";
}

static enum avrspi_fuse fuse_named(const char *name)
{
    for (unsigned n = 0; n < AVRSPI_FUSES; n++)
        if (strcmp(avrspi_fuse_name((enum avrspi_fuse)n), name) == 0)
            return (enum avrspi_fuse)n;
    fail_msg("no byte '%s'", name);
    return AVRSPI_FUSES;
}

/* Values that boards run with can't be wrong: refused are those that end serial programming, by
 * the facts' own list of such bits, and a reserved CKSEL of two parts. */
static void shipped_values_are_taken(void **state)
{
    struct table table;
    unsigned rows = 0, parts = 0, ends = 0;

    (void)state;
    differences = 0;
    table_open(&table, "core-fuses.tsv");
    while (table_next(&table)) {
        const char *name = cell(&table, "chip"), *text = cell(&table, "value"), *refusal;
        const struct avrspi_chip *chip = avrspi_chips_find(chips, name);
        uint8_t value = (uint8_t)number(text);
        bool pb = strcasecmp(name, "ATmega328PB") == 0 || strcasecmp(name, "ATmega324PB") == 0;

        rows++;
        if (!chip)
            continue; /* ATtiny4 to 10: not programmed over SPI */
        parts++;
        refusal = refusal_of(chip, fuse_named(cell(&table, "byte")), value);
        if (strcmp(refusal, "ends") == 0)
            ends++;
        else if (*refusal)
            expect(pb && value == 0xF7 && strcmp(cell(&table, "byte"), "low") == 0, name,
                   cell(&table, "byte"), text);
        else
            expect(!(pb && value == 0xF7 && strcmp(cell(&table, "byte"), "low") == 0), name,
                   cell(&table, "byte"), text);
    }
    table_close(&table);
    assert_int_equal(rows, 951);
    assert_int_equal(parts, 947);
    assert_int_equal(ends, 17); /* RSTDISBL, of boards that need its pin */
    assert_int_equal(differences, 0);
}

/* --- spellings */

/* What '--set' makes of a spelling: the value meant, or an error, but never another value. */
static void expect_spelling(const struct avrspi_chip *chip, const char *text, enum avrspi_fuse fuse,
                            uint8_t meant, unsigned *understood)
{
    struct avrspi_fuses fuses = {.value = {0xFF, 0xFF, 0xFF, 0xFF}};

    if (avrspi_fuses_set(chip, text, &fuses, NULL) < 0)
        return;
    (*understood)++;
    expect(fuses.given[fuse] && fuses.value[fuse] == meant, chip->name, text, "another value");
}

static void check_spellings(const struct avrspi_chip *chip, const struct table *table,
                            unsigned *understood)
{
    const struct avrspi_field *field = find_field(chip, cell(table, "field"));
    char list[8192], *rest = list, *item, text[160];

    (void)snprintf(list, sizeof list, "%s", cell(table, "values"));
    while (field && (item = strsep(&rest, " ")) && *item) {
        const char *label = strchr(item, '=');
        uint8_t meant = avrspi_field_set(field, 0xFF, (uint8_t)number(item));

        (void)snprintf(text, sizeof text, "%s=%.*s", cell(table, "field"), (int)strcspn(item, "="),
                       item);
        expect_spelling(chip, text, field->fuse, meant, understood);
        if (!label)
            continue;
        (void)snprintf(text, sizeof text, "%s=%s", cell(table, "field"), label + 1);
        expect_spelling(chip, text, field->fuse, meant, understood);
    }
}

static void spellings_of_device_files_are_never_another_value(void **state)
{
    struct table table;
    unsigned understood = 0;

    (void)state;
    differences = 0;
    table_open(&table, "fuse-fields.tsv");
    while (table_next(&table)) {
        const struct avrspi_chip *chip = avrspi_chips_find(chips, cell(&table, "part"));

        if (chip)
            check_spellings(chip, &table, &understood);
    }
    table_close(&table);
    assert_true(understood > 10000);
    assert_int_equal(differences, 0);
}

/* The modes of the datasheets' tables 'Lock Bit Protection Modes', which avr/lock.h has too. */
static void modes_of_lock_bits_have_names(void **state)
{
    static const struct {
        const char *field;
        unsigned mode;
        uint8_t value; /* shifted down */
    } modes[] = {
        {"LB", 1, 3},   {"LB", 2, 2},   {"LB", 3, 0},   {"BLB0", 1, 3},
        {"BLB0", 2, 2}, {"BLB0", 3, 0}, {"BLB0", 4, 1}, {"BLB1", 1, 3},
        {"BLB1", 2, 2}, {"BLB1", 3, 0}, {"BLB1", 4, 1},
    };
    static const char *const spellings[] = {"mode", "MODE_", "Mode "};

    (void)state;
    differences = 0;
    for (size_t i = 0; i < avrspi_chips_count(chips); i++) {
        const struct avrspi_chip *chip = avrspi_chips_at(chips, i);

        for (size_t n = 0; n < sizeof modes / sizeof *modes; n++) {
            const struct avrspi_field *field = avrspi_chip_field(chip, modes[n].field);
            unsigned understood = 0;
            char text[32];

            if (!field)
                continue;
            for (size_t k = 0; k < sizeof spellings / sizeof *spellings; k++) {
                (void)snprintf(text, sizeof text, "%s=%s%u", modes[n].field, spellings[k],
                               modes[n].mode);
                expect_spelling(chip, text, AVRSPI_FUSE_LOCK,
                                avrspi_field_set(field, 0xFF, modes[n].value), &understood);
            }
            expect(understood == sizeof spellings / sizeof *spellings, chip->name, modes[n].field,
                   "a mode without a name");
        }
    }
    assert_int_equal(differences, 0);
}

/* Runs last. */
static void deviations_are_all_needed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof deviations / sizeof *deviations; i++)
        if (!used[i])
            fail_msg("%s: %s agrees with the facts by now", deviations[i].part, deviations[i].what);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_agree_with_facts),
        cmocka_unit_test(fields_agree_with_facts),
        cmocka_unit_test(shipped_values_are_taken),
        cmocka_unit_test(spellings_of_device_files_are_never_another_value),
        cmocka_unit_test(modes_of_lock_bits_have_names),
        cmocka_unit_test(deviations_are_all_needed),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
