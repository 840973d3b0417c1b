/* SPDX-License-Identifier: MIT */
/*
 * Prints chips as C source for the kernel module: chips NAME..., or all that are known.
 */
#include <inttypes.h>
#include <stdio.h>

#include "avrspi/chips.h"
#include "chips/record.h"

static void print_text(const char *text)
{
    (void)putchar('"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '?') {
            (void)putchar(c);
        } else {
            (void)printf("\\%03o", c);
        }
    }
    (void)putchar('"');
}

static void print_bytes(const uint8_t *bytes, size_t count)
{
    (void)putchar('{');
    for (size_t n = 0; n < count; n++)
        (void)printf("%u,", bytes[n]);
    (void)putchar('}');
}

static void print_values(const struct avrspi_field *field)
{
    for (size_t n = 0; n < field->n_values; n++) {
        const struct avrspi_value *value = &field->values[n];

        (void)printf("{.value=%u,.name=", value->value);
        print_text(value->name ? value->name : "");
        (void)printf(",.text=");
        print_text(value->text ? value->text : "");
        (void)printf(",.clock={.source=%u,.min_hz=%" PRIu32 "u,.max_hz=%" PRIu32 "u}},\n",
                     (unsigned)value->clock.source, value->clock.min_hz, value->clock.max_hz);
    }
}

/* Tables that a chip's record points to, named after its number. */
static void print_tables(size_t number, const struct avrspi_chip *chip)
{
    for (size_t n = 0; n < chip->n_fields; n++) {
        if (chip->fields[n].n_values == 0)
            continue;
        (void)printf("static const struct avrspi_value values_%zu_%zu[] = {\n", number, n);
        print_values(&chip->fields[n]);
        (void)printf("};\n");
    }
    if (chip->n_fields == 0)
        return;
    (void)printf("static const struct avrspi_field fields_%zu[] = {\n", number);
    for (size_t n = 0; n < chip->n_fields; n++) {
        const struct avrspi_field *field = &chip->fields[n];

        (void)printf("{.fuse=%u,.mask=%u,.shift=%u,.name=", (unsigned)field->fuse, field->mask,
                     field->shift);
        print_text(field->name);
        if (field->n_values)
            (void)printf(",.values=values_%zu_%zu,.n_values=%zu", number, n, field->n_values);
        (void)printf("},\n");
    }
    (void)printf("};\n");
}

/* Parts have no values that the simulator asks for. */
static void print_parts(size_t number, const struct avrspi_chip *chip)
{
    if (chip->n_parts == 0)
        return;
    (void)printf("static const struct avrspi_field parts_%zu[] = {\n", number);
    for (size_t n = 0; n < chip->n_parts; n++) {
        const struct avrspi_field *part = &chip->parts[n];

        (void)printf("{.fuse=%u,.mask=%u,.shift=%u,.name=", (unsigned)part->fuse, part->mask,
                     part->shift);
        print_text(part->name);
        (void)printf("},\n");
    }
    (void)printf("};\n");
}

static void print_instruction(unsigned id, const struct avrspi_instruction *instruction)
{
    (void)printf("[%u]={.defined=true,.fixed=", id);
    print_bytes(instruction->fixed, 4);
    (void)printf(",.address_mask=");
    print_bytes(instruction->address_mask, 4);
    (void)printf(",.address_shift=");
    print_bytes(instruction->address_shift, 4);
    (void)printf(",.data_mask=");
    print_bytes(instruction->data_mask, 4);
    (void)printf(",.answer_bit={");
    for (unsigned bit = 0; bit < 8; bit++)
        (void)printf("%d,", instruction->answer_bit[bit]);
    (void)printf("}},\n");
}

static void print_chip(size_t number, const struct avrspi_chip *chip)
{
    (void)printf("{.name=");
    print_text(chip->name);
    (void)printf(",.family=\"\",.note=\"\",.signature=");
    print_bytes(chip->signature, 3);
    (void)printf(",.flash_size=%" PRIu32 ",.flash_page=%" PRIu32 ",.flash_start=%" PRIu32
                 ",.eeprom_size=%" PRIu32 ",.eeprom_page=%" PRIu32 ",.calibration_bytes=%u,\n",
                 chip->flash_size, chip->flash_page, chip->flash_start, chip->eeprom_size,
                 chip->eeprom_page, chip->calibration_bytes);
    (void)printf(".rdy_bsy=%d,.no_echo=%d,.pulse_after_erase=%d,.power_cycle=%d,"
                 ".factory_clock=%" PRIu32 "u,\n.wait_us={",
                 chip->rdy_bsy, chip->no_echo, chip->pulse_after_erase, chip->power_cycle,
                 chip->factory_clock);
    for (unsigned n = 0; n < AVRSPI_WAITS; n++)
        (void)printf("%" PRIu32 "u,", chip->wait_us[n]);
    (void)printf("},\n.fuse={");
    for (unsigned n = 0; n < AVRSPI_FUSES; n++)
        (void)printf("{%u,%u},", chip->fuse[n].mask, chip->fuse[n].default_value);
    (void)printf("},\n.instruction={\n");
    for (unsigned n = 0; n < AVRSPI_INSTRUCTIONS; n++) {
        if (chip->instruction[n].defined)
            print_instruction(n, &chip->instruction[n]);
    }
    (void)printf("}");
    if (chip->n_fields)
        (void)printf(",.fields=fields_%zu,.n_fields=%zu", number, chip->n_fields);
    if (chip->n_parts)
        (void)printf(",.parts=parts_%zu,.n_parts=%zu", number, chip->n_parts);
    (void)printf("},\n");
}

static const struct avrspi_chip *nth(const struct avrspi_chips *chips, char **names, size_t n)
{
    return *names ? avrspi_chips_find(chips, names[n]) : avrspi_chips_at(chips, n);
}

int main(int argc, char **argv)
{
    struct avrspi_chips *chips;
    struct avrspi_error error = {0};
    size_t count;

    if (avrspi_chips_open(&chips, &error) < 0) {
        (void)fprintf(stderr, "chips: %s\n", error.message);
        return 1;
    }
    count = argc > 1 ? (size_t)argc - 1 : avrspi_chips_count(chips);
    for (size_t n = 0; n < count; n++) {
        if (!nth(chips, argv + 1, n)) {
            (void)fprintf(stderr, "chips: no chip '%s'\n", argv[n + 1]);
            avrspi_chips_close(chips);
            return 1;
        }
    }
    (void)printf("#include \"target.h\"\n");
    for (size_t n = 0; n < count; n++) {
        print_tables(n, nth(chips, argv + 1, n));
        print_parts(n, nth(chips, argv + 1, n));
    }
    (void)printf("const struct avrspi_chip target_chips[] = {\n");
    for (size_t n = 0; n < count; n++)
        print_chip(n, nth(chips, argv + 1, n));
    (void)printf("};\nconst unsigned target_n_chips = %zu;\n", count);
    avrspi_chips_close(chips);
    return 0;
}
