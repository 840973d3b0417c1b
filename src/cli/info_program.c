/* SPDX-License-Identifier: MIT */
/* Where a program begins, and what that has to do with the boot section. */
#include "cli/info.h"

#include "chips/record.h"
#include "image/jump.h"

/* The boot section, and how the file lies to it. */
struct boot {
    struct avrspi_fuses fuses; /* those of the file, or of the factory */
    bool by_file;
    uint32_t start, size, end; /* bytes; 0: there is none */
    uint32_t reset;            /* where the chip starts by the fuses of the file */
    bool knows_reset;          /* the file has that fuse byte */
    size_t inside, below;      /* bytes of the file */
};

static const struct avrspi_image *flash_of(const struct info *info)
{
    return avrspi_contents_image(info->contents, AVRSPI_MEMORY_FLASH);
}

/* Whether the file gives the byte that has a field. */
static bool has_field(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                      const char *name)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, name);

    return field && fuses->given[avrspi_field_fuse(field)];
}

static struct boot boot_of(const struct info *info)
{
    const struct avrspi_chip *chip = info->chip;
    const struct avrspi_image *image = flash_of(info);
    const uint32_t begin = avrspi_memory_start(chip, AVRSPI_MEMORY_FLASH);
    struct boot boot = {0};

    avrspi_contents_fuses(info->contents, &boot.fuses);
    boot.by_file = has_field(chip, &boot.fuses, "BOOTSZ");
    boot.knows_reset = has_field(chip, &boot.fuses, "BOOTRST");
    for (int n = 0; !boot.by_file && n < AVRSPI_FUSES; n++) {
        boot.fuses.given[n] = true;
        boot.fuses.value[n] = avrspi_chip_fuse_default(chip, (enum avrspi_fuse)n);
    }
    boot.start = avrspi_boot_start(chip, &boot.fuses);
    boot.size = boot.start ? avrspi_boot_size(chip, &boot.fuses) : 0;
    boot.end = boot.start + boot.size;
    boot.reset = boot.knows_reset ? avrspi_boot_reset(chip, &boot.fuses) : 0;
    boot.reset = boot.reset ? boot.reset : begin;
    if (image) {
        boot.inside = avrspi_image_count(image, boot.start, boot.size);
        boot.below = avrspi_image_count(image, begin, boot.start - begin);
    }
    return boot;
}

uint32_t info_boot_start(const struct info *info)
{
    return boot_of(info).start;
}

/* --- reset vector and vector table */

/* Where the chip starts: by the fuses of the file, else where the file has something. */
static uint32_t start_of(const struct info *info, const struct boot *boot)
{
    struct avrspi_segment first = {0};

    if (boot->knows_reset)
        return boot->reset;
    (void)avrspi_image_next(flash_of(info), 0, &first);
    return boot->start && first.address >= boot->start
               ? first.address
               : avrspi_memory_start(info->chip, AVRSPI_MEMORY_FLASH);
}

static void show_reset(struct cli *cli, const struct info *info, uint32_t start)
{
    const struct avrspi_image *image = flash_of(info);
    json_t *json = json_pack("{s:I}", "address", (json_int_t)start);
    const char *where;
    struct avrspi_jump jump;

    if (avrspi_jump_at(image, info->chip, start, &jump)) {
        where =
            avrspi_image_count(image, jump.target, 2) == 2 ? "" : ", where the file has nothing";
        ui_line(&cli->ui, "reset", "0x%04X: %s to 0x%04X%s", (unsigned)start, jump.instruction,
                (unsigned)jump.target, where);
        (void)json_object_set_new(json, "instruction", ui_string(jump.instruction));
        (void)json_object_set_new(json, "target", json_integer(jump.target));
    } else {
        ui_line(&cli->ui, "reset", "0x%04X: %s", (unsigned)start,
                avrspi_image_count(image, start, 2) == 2 ? "no jump"
                                                         : "the file has nothing there");
    }
    (void)json_object_set_new(info->json, "reset", json);
}

/* The table that the reset vector is the first entry of; where the file has none there, that of its
 * application. */
static void show_vectors(struct cli *cli, const struct info *info, uint32_t start,
                         struct ui_map *map)
{
    const uint32_t begin = avrspi_memory_start(info->chip, AVRSPI_MEMORY_FLASH);
    struct avrspi_vectors vectors;

    if (!avrspi_vectors_at(flash_of(info), info->chip, start, &vectors) &&
        !avrspi_vectors_at(flash_of(info), info->chip, begin, &vectors))
        return;
    ui_map_mark(map, vectors.address, vectors.size, UI_PAGE_VECTORS);
    ui_line(&cli->ui, "vectors", "0x%04X-0x%04X, %u of them", (unsigned)vectors.address,
            (unsigned)(vectors.address + vectors.size - 1), (unsigned)vectors.count);
    (void)json_object_set_new(info->json, "vectors",
                              json_pack("{s:I, s:I, s:I}", "address", (json_int_t)vectors.address,
                                        "bytes", (json_int_t)vectors.size, "count",
                                        (json_int_t)vectors.count));
}

/* --- the boot section */

/* The largest boot section that begins above the file's last byte, or where its first byte is; 0:
 * none does. */
static uint32_t fitting_size(const struct info *info, const struct boot *boot, bool begins)
{
    const struct avrspi_field *field = avrspi_chip_field(info->chip, "BOOTSZ");
    struct avrspi_fuses fuses = boot->fuses;
    const struct avrspi_value *value;
    struct avrspi_segment first = {0};
    uint32_t most = 0;

    (void)avrspi_image_next(flash_of(info), 0, &first);
    for (size_t n = 0; field && (value = avrspi_field_value_at(field, n)) != NULL; n++) {
        uint8_t *byte = &fuses.value[avrspi_field_fuse(field)];
        uint32_t start, size;

        *byte = avrspi_field_set(field, *byte, value->value);
        start = avrspi_boot_start(info->chip, &fuses);
        size = avrspi_boot_size(info->chip, &fuses);
        if (start && (begins ? first.address == start : avrspi_image_end(flash_of(info)) <= start))
            most = size > most ? size : most;
    }
    return most;
}

/* How the file lies to the boot section, in words. */
static void boot_words(const struct info *info, const struct boot *boot, char *text, size_t size)
{
    const uint32_t begins = fitting_size(info, boot, true);
    char bytes[UI_TEXT];

    if (boot->inside == 0)
        (void)snprintf(text, size, "the file has nothing there");
    else if (boot->below)
        (void)snprintf(text, size, "the file has %zu B there", boot->inside);
    else if (begins)
        (void)snprintf(text, size, "a boot loader, at the start of a section of %s",
                       ui_bytes(begins, bytes));
    else
        (void)snprintf(text, size, "a boot loader, at the start of no section");
}

/* A program that reaches into a section of a size that it does not choose. */
static void show_room(struct cli *cli, const struct info *info, const struct boot *boot)
{
    const uint32_t room = fitting_size(info, boot, false);
    char bytes[UI_TEXT];

    if (!boot->inside || !boot->below || boot->by_file)
        return;
    if (room)
        ui_line(&cli->ui, "", "        a boot section of at most %s leaves it alone",
                ui_bytes(room, bytes));
    else
        ui_line(&cli->ui, "", "        no boot section leaves it alone");
}

/* Whether the fuses in the file start the chip where the file has something. */
static void show_agreement(struct cli *cli, const struct info *info, const struct boot *boot,
                           json_t *json)
{
    bool in_boot = boot->reset != avrspi_memory_start(info->chip, AVRSPI_MEMORY_FLASH);
    bool agrees = avrspi_image_count(flash_of(info), boot->reset, 2) == 2;

    if (!boot->knows_reset)
        return;
    (void)json_object_set_new(json, "reset", json_boolean(in_boot));
    (void)json_object_set_new(json, "agrees", json_boolean(agrees));
    if (agrees)
        ui_line(&cli->ui, "start", "0x%04X, by BOOTRST in the file", (unsigned)boot->reset);
    else
        ui_warn(&cli->ui,
                "BOOTRST in %.100s starts the chip at 0x%04X, where the file has nothing%s",
                info->name, (unsigned)boot->reset,
                in_boot ? "" : ": a boot loader needs it programmed");
}

static void show_boot(struct cli *cli, const struct info *info, const struct boot *boot)
{
    char words[UI_TEXT * 2], size[UI_TEXT];
    json_t *json;

    if (!boot->start)
        return;
    boot_words(info, boot, words, sizeof words);
    ui_line(&cli->ui, "boot", "0x%04X-0x%04X, %s by %s: %s", (unsigned)boot->start,
            (unsigned)(boot->end - 1), ui_bytes(boot->size, size),
            boot->by_file ? "the file's fuses" : "factory fuses", words);
    json = json_pack("{s:I, s:I, s:s, s:I}", "address", (json_int_t)boot->start, "size",
                     (json_int_t)boot->size, "fuses", boot->by_file ? "file" : "factory", "bytes",
                     (json_int_t)boot->inside);
    show_room(cli, info, boot);
    show_agreement(cli, info, boot, json);
    (void)json_object_set_new(info->json, "boot", json);
}

/* --- whether it is a program */

static void show_doubt(struct cli *cli, const struct info *info)
{
    static const struct {
        const char *word, *text;
    } doubts[] = {
        [AVRSPI_DOUBT_NONE] = {NULL, NULL},
        [AVRSPI_DOUBT_NO_VECTOR] = {"no-vector", "no jump at the reset vector, as programs have"},
        [AVRSPI_DOUBT_ONE_BYTE] = {"one-byte", "one byte: it looks like a fuse byte"},
        [AVRSPI_DOUBT_LOCKED_READ_OUT] = {"locked-read-out",
                                          "what a locked chip shows as its flash: no program"},
    };
    const enum avrspi_doubt doubt = avrspi_program_doubt(flash_of(info), info->chip);

    if (!doubts[doubt].word)
        return;
    ui_warn(&cli->ui, "%.100s: %s", info->name, doubts[doubt].text);
    (void)json_object_set_new(info->json, "doubt", ui_string(doubts[doubt].word));
}

void info_show_program(struct cli *cli, struct info *info, struct ui_map *map)
{
    const struct boot boot = boot_of(info);
    const uint32_t start = start_of(info, &boot);

    show_doubt(cli, info);
    show_reset(cli, info, start);
    show_vectors(cli, info, start, map);
    show_boot(cli, info, &boot);
}
