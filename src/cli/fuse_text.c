/* SPDX-License-Identifier: MIT */
#include "cli/fuse_text.h"

#include <stdio.h>

static void field_text(const struct avrspi_field *field, uint8_t byte, char *text, size_t size)
{
    uint8_t number = avrspi_field_get(field, byte);
    const struct avrspi_value *value = avrspi_field_value(field, number);

    if (!value)
        (void)snprintf(text, size, "%s 0x%X (not listed)", avrspi_field_name(field), number);
    else if (avrspi_field_is_switch(field) && number == 0)
        (void)snprintf(text, size, "%s programmed%s%s", avrspi_field_name(field),
                       *value->text ? ": " : "", value->text);
    else if (avrspi_field_is_switch(field))
        (void)snprintf(text, size, "%s off", avrspi_field_name(field));
    else
        (void)snprintf(text, size, "%s %s", avrspi_field_name(field),
                       *value->text ? value->text : value->name);
}

void fuse_text(const struct avrspi_chip *chip, enum avrspi_fuse fuse, uint8_t byte, char *text,
               size_t size)
{
    size_t used = 0;

    *text = '\0';
    const struct avrspi_field *field;

    for (size_t n = 0; (field = avrspi_chip_field_at(chip, n)) != NULL; n++) {
        char one[160];

        if (avrspi_field_fuse(field) != fuse)
            continue;
        field_text(field, byte, one, sizeof one);
        if (used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used ? " · " : "", one);
    }
}

json_t *fuse_json(const struct avrspi_chip *chip, enum avrspi_fuse fuse, uint8_t byte)
{
    json_t *fields = json_object();
    char hex[8];

    const struct avrspi_field *field;

    for (size_t n = 0; (field = avrspi_chip_field_at(chip, n)) != NULL; n++) {
        const struct avrspi_value *value;
        uint8_t number;

        if (avrspi_field_fuse(field) != fuse)
            continue;
        number = avrspi_field_get(field, byte);
        value = avrspi_field_value(field, number);
        (void)json_object_set_new(fields, avrspi_field_name(field),
                                  json_pack("{s:i, s:s, s:s}", "value", (int)number, "name",
                                            value ? value->name : "", "text",
                                            value ? value->text : ""));
    }
    (void)snprintf(hex, sizeof hex, "0x%02X", byte);
    return json_pack("{s:i, s:s, s:o}", "value", (int)byte, "hex", hex, "fields", fields);
}
