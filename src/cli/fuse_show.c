/* SPDX-License-Identifier: MIT */
#include "cli/fuse_show.h"

#include "cli/fuse_text.h"
#include "isp/isp.h"

static void show_byte(struct cli *cli, const struct avrspi_chip *chip, enum avrspi_fuse fuse,
                      uint8_t value)
{
    const struct avrspi_field *field;

    ui_line(&cli->ui, "", "%-4s 0x%02X", avrspi_fuse_name(fuse), value);
    for (size_t n = 0; (field = avrspi_chip_field_at(chip, n)) != NULL; n++) {
        char words[160];

        if (avrspi_field_fuse(field) != fuse)
            continue;
        fuse_field_words(field, value, words, sizeof words);
        ui_line(&cli->ui, "", "     %-9s  %s", avrspi_field_name(field), words);
    }
}

static void show_sentence(struct cli *cli, const struct avrspi_chip *chip,
                          const struct avrspi_fuses *fuses)
{
    char sentence[512];

    fuse_sentence(chip, fuses, sentence, sizeof sentence);
    if (!*sentence)
        return;
    ui_line(&cli->ui, "", "%s.", sentence);
    ui_fact(&cli->ui, "summary", ui_string(sentence));
}

static void show_clock(struct cli *cli, const struct avrspi_clock *clock)
{
    uint32_t limit = avrspi_sck_limit(clock);
    char hz[UI_TEXT], cpu[UI_TEXT + 16], sck[UI_TEXT];

    if (!limit)
        return;
    if (clock->min_hz && clock->min_hz == clock->max_hz)
        (void)snprintf(cpu, sizeof cpu, "CPU clock %s", ui_hertz(clock->max_hz, hz));
    else
        (void)snprintf(cpu, sizeof cpu, "%s%s", clock->min_hz ? "CPU clock " : "",
                       ui_clock(clock, 1, hz));
    ui_line(&cli->ui, "", "%s, SCK up to %s", cpu, ui_hertz(limit, sck));
    if (clock->min_hz)
        ui_fact(&cli->ui, "cpu_hz", json_integer(clock->min_hz));
    ui_fact(&cli->ui, "sck_limit_hz", json_integer(limit));
}

void fuse_show(struct cli *cli, const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
               const struct avrspi_clock *clock)
{
    json_t *object = json_object();

    show_sentence(cli, chip, fuses);
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        enum avrspi_fuse fuse = (enum avrspi_fuse)n;

        if (!fuses->given[n])
            continue;
        show_byte(cli, chip, fuse, fuses->value[n]);
        (void)json_object_set_new(object, avrspi_fuse_name(fuse),
                                  fuse_json(chip, fuse, fuses->value[n]));
    }
    ui_fact(&cli->ui, "fuses", object);
    if (!avrspi_fuses_any(fuses))
        ui_line(&cli->ui, "", "fuses and lock bits of the %s can't be read over SPI",
                avrspi_chip_name(chip));
    show_clock(cli, clock);
}

static const char *value_words(const struct avrspi_field *field, uint8_t number)
{
    const struct avrspi_value *value = avrspi_field_value(field, number);

    return value ? (*value->text ? value->text : value->name) : "a value that is not listed";
}

/* Old and new of every field that changes. */
static void show_fields(struct cli *cli, const struct avrspi_chip *chip, int fuse, uint8_t before,
                        uint8_t after)
{
    const struct avrspi_field *field;

    for (size_t n = 0; (field = avrspi_chip_field_at(chip, n)) != NULL; n++) {
        uint8_t old = avrspi_field_get(field, before), new = avrspi_field_get(field, after);

        if ((int)avrspi_field_fuse(field) == fuse && old != new)
            ui_line(&cli->ui, "", "     %s: %s -> %s", avrspi_field_name(field),
                    value_words(field, old), value_words(field, new));
    }
}

static json_t *change_json(const struct avrspi_fuses *before, int fuse, uint8_t after)
{
    json_t *change = json_object();

    if (before->given[fuse])
        (void)json_object_set_new(change, "before", json_integer(before->value[fuse]));
    (void)json_object_set_new(change, "after", json_integer(after));
    return change;
}

void fuse_show_changes(struct cli *cli, const struct avrspi_chip *chip,
                       const struct avrspi_fuses *before, const struct avrspi_fuses *wanted)
{
    const struct avrspi_fuses after = avrspi_fuses_after(chip, before, wanted);
    const char *not_done = cli->config.dry_run ? "  (not written: --dry-run)" : "";
    json_t *changes = json_object();

    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const char *name = avrspi_fuse_name((enum avrspi_fuse)n);
        uint8_t value = after.value[n];

        if (!wanted->given[n] || !avrspi_chip_fuse_mask(chip, (enum avrspi_fuse)n))
            continue;
        (void)json_object_set_new(changes, name, change_json(before, n, value));
        if (!before->given[n]) {
            ui_line(&cli->ui, "", "%-4s -> 0x%02X%s%s", name, value,
                    avrspi_fuse_readable(chip, (enum avrspi_fuse)n) ? ""
                                                                    : ", which can't be read back",
                    not_done);
        } else if (before->value[n] == value) {
            ui_line(&cli->ui, "", "%-4s 0x%02X already", name, value);
        } else {
            ui_line(&cli->ui, "", "%-4s 0x%02X -> 0x%02X%s", name, before->value[n], value,
                    not_done);
            show_fields(cli, chip, n, before->value[n], value);
        }
    }
    ui_fact(&cli->ui, "changes", changes);
}

void fuse_show_found(struct cli *cli, const struct avrspi_fuses *wanted,
                     const struct avrspi_fuses *found)
{
    json_t *bytes = json_object();

    for (int n = 0; n < AVRSPI_FUSES; n++)
        if (wanted->given[n] && found->given[n])
            (void)json_object_set_new(bytes, avrspi_fuse_name((enum avrspi_fuse)n),
                                      json_pack("{s:i, s:i}", "expected", (int)wanted->value[n],
                                                "found", (int)found->value[n]));
    ui_fact(&cli->ui, "verify", bytes);
}
