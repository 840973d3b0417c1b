/* SPDX-License-Identifier: MIT */
/* Instructions byte by byte, as a datasheet has them. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hex.h"
#include "chips/decode.h"
#include "cli/target.h"

enum {
    BYTES = 4, /* of an instruction */
    HEX = 12,  /* "AC 53 00 00" */
    WORDS = 96,
    MOST = 256, /* instructions */
};

/* What is sent, and what comes back. */
struct raw {
    uint8_t bytes[MOST][BYTES];
    uint8_t answers[MOST][BYTES];
    size_t size; /* bytes */
    size_t sent; /* instructions */
};

/* --- what is to be sent */

static int fail_bytes(const char *text, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected bytes in hexadecimal, found '%.60s'", text);
    avrspi_hint(error, "as in 'avrspi send 30 00 00 00', 'send 0x30 0 0 0', 'send 30000000'");
    return AVRSPI_ERR_USAGE;
}

static int fail_many(struct avrspi_error *error)
{
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected at most %d instructions", MOST);
}

/* One byte of one or two digits, or several of two each; "0x" may stand before them. */
static int parse_word(struct raw *raw, const char *word, size_t length, struct avrspi_error *error)
{
    uint8_t *end = &raw->bytes[0][0] + raw->size;
    const char *digits = word;
    size_t count = length;

    if (count > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) {
        digits += 2;
        count -= 2;
    }
    for (size_t n = 0; n < count; n++)
        if (avrspi_hex_digit(digits[n]) < 0)
            return fail_bytes(word, error);
    if (raw->size + (count + 1) / 2 > sizeof raw->bytes)
        return fail_many(error);
    if (count > 1 && count % 2)
        return fail_bytes(word, error);
    if (count == 1)
        *end = (uint8_t)avrspi_hex_digit(*digits);
    else
        (void)avrspi_hex_decode(digits, count, end);
    raw->size += (count + 1) / 2;
    return 0;
}

/* Spaces and commas may stand in an argument too. */
static int parse_argument(struct raw *raw, const char *text, struct avrspi_error *error)
{
    static const char between[] = " ,\t";
    int result = 0;

    for (text += strspn(text, between); result == 0 && *text; text += strspn(text, between)) {
        const size_t length = strcspn(text, between);

        result = parse_word(raw, text, length, error);
        text += length;
    }
    return result;
}

static int parse(const struct cli *cli, struct raw *raw, struct avrspi_error *error)
{
    for (int n = 0; n < cli->n_arguments; n++)
        if (parse_argument(raw, cli->arguments[n], error) < 0)
            return AVRSPI_ERR_USAGE;
    if (raw->size && raw->size % BYTES == 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected instructions of 4 bytes, found %zu byte%s",
                raw->size, raw->size == 1 ? "" : "s");
    avrspi_hint(error, "each has four, as in 'avrspi send 30 00 00 00'");
    return AVRSPI_ERR_USAGE;
}

/* --- what it is */

/* '#' stands for the address, '=' for what comes back or is carried. */
static const char *const words[AVRSPI_INSTRUCTIONS] = {
    [AVRSPI_PROGRAMMING_ENABLE] = "Programming Enable",
    [AVRSPI_CHIP_ERASE] = "Chip Erase",
    [AVRSPI_POLL_RDY_BSY] = "poll RDY/BSY",
    [AVRSPI_LOAD_EXT_ADDRESS] = "load extended address of word #",
    [AVRSPI_LOAD_FLASH_LOW] = "load the page buffer, low byte of word #: =",
    [AVRSPI_LOAD_FLASH_HIGH] = "load the page buffer, high byte of word #: =",
    [AVRSPI_WRITE_FLASH_PAGE] = "write the flash page of word #",
    [AVRSPI_WRITE_FLASH_LOW] = "write flash, low byte of word #: =",
    [AVRSPI_WRITE_FLASH_HIGH] = "write flash, high byte of word #: =",
    [AVRSPI_READ_FLASH_LOW] = "read flash, low byte of word #: =",
    [AVRSPI_READ_FLASH_HIGH] = "read flash, high byte of word #: =",
    [AVRSPI_READ_EEPROM] = "read EEPROM byte #: =",
    [AVRSPI_WRITE_EEPROM] = "write EEPROM byte #: =",
    [AVRSPI_LOAD_EEPROM_PAGE] = "load the EEPROM page buffer, byte #: =",
    [AVRSPI_WRITE_EEPROM_PAGE] = "write the EEPROM page of byte #",
    [AVRSPI_READ_SIGNATURE] = "read signature byte #: =",
    [AVRSPI_READ_CALIBRATION] = "read calibration byte #: =",
    [AVRSPI_READ_LOW] = "read low fuse: =",
    [AVRSPI_READ_HIGH] = "read high fuse: =",
    [AVRSPI_READ_EXT] = "read extended fuse: =",
    [AVRSPI_READ_LOCK] = "read lock bits: =",
    [AVRSPI_WRITE_LOW] = "write low fuse: =",
    [AVRSPI_WRITE_HIGH] = "write high fuse: =",
    [AVRSPI_WRITE_EXT] = "write extended fuse: =",
    [AVRSPI_WRITE_LOCK] = "write lock bits: =",
};

/* An instruction in full: 'answer' is NULL where nothing came back. */
struct shown {
    const struct avrspi_chip *chip;
    const uint8_t *bytes, *answer;
    struct avrspi_decoded decoded;
};

static bool answers(const struct shown *shown)
{
    return shown->decoded.id < AVRSPI_INSTRUCTIONS &&
           avrspi_instruction_answers(&shown->chip->instruction[shown->decoded.id]);
}

/* What was read, or what is carried. */
static uint8_t value_of(const struct shown *shown)
{
    return answers(shown) ? avrspi_instruction_answer(&shown->chip->instruction[shown->decoded.id],
                                                      shown->answer[3])
                          : shown->decoded.data;
}

/* Without the value where there is none yet. */
static void describe(const struct shown *shown, char text[WORDS])
{
    const char *from = words[shown->decoded.id];
    const bool small =
        shown->decoded.id == AVRSPI_READ_SIGNATURE || shown->decoded.id == AVRSPI_READ_CALIBRATION;
    size_t used = 0;

    for (; *from && used + 1 < WORDS; from++) {
        if (*from == ':' && answers(shown) && !shown->answer)
            break;
        if (*from == '#')
            used += (size_t)snprintf(text + used, WORDS - used, small ? "%u" : "0x%04X",
                                     shown->decoded.address);
        else if (*from == '=')
            used += (size_t)snprintf(text + used, WORDS - used, "0x%02X", value_of(shown));
        else
            text[used++] = *from;
    }
    text[used] = '\0';
    if (shown->decoded.id == AVRSPI_POLL_RDY_BSY && shown->answer)
        used += (size_t)snprintf(text + used, WORDS - used, ": %s",
                                 value_of(shown) & 1 ? "busy" : "ready");
    if (!shown->decoded.exact)
        (void)snprintf(text + used, WORDS - used, ", where the chip ignores the other bits");
}

static void hex(const uint8_t bytes[BYTES], char text[HEX])
{
    (void)snprintf(text, HEX, "%02X %02X %02X %02X", bytes[0], bytes[1], bytes[2], bytes[3]);
}

static json_t *shown_json(const struct shown *shown)
{
    char sent[HEX], received[HEX];
    json_t *object;

    hex(shown->bytes, sent);
    object = json_pack("{s:s}", "sent", sent);
    if (shown->answer) {
        hex(shown->answer, received);
        (void)json_object_set_new(object, "received", json_string(received));
    }
    if (shown->decoded.id == AVRSPI_INSTRUCTIONS)
        return object;
    (void)json_object_set_new(object, "instruction",
                              json_string(avrspi_instruction_name(shown->decoded.id)));
    (void)json_object_set_new(object, "exact", json_boolean(shown->decoded.exact));
    if (strchr(words[shown->decoded.id], '#'))
        (void)json_object_set_new(object, "address", json_integer(shown->decoded.address));
    if (strchr(words[shown->decoded.id], '=') && (shown->answer || !answers(shown)))
        (void)json_object_set_new(object, "value", json_integer(value_of(shown)));
    return object;
}

static void show_one(struct ui *ui, const struct shown *shown, json_t *list)
{
    char sent[HEX], received[HEX] = "", text[WORDS] = "no instruction of this chip";

    hex(shown->bytes, sent);
    if (shown->answer)
        hex(shown->answer, received);
    if (shown->decoded.id < AVRSPI_INSTRUCTIONS)
        describe(shown, text);
    ui_line(ui, "", "%s%s%s  %s", sent, shown->answer ? " -> " : "", received, text);
    (void)json_array_append_new(list, shown_json(shown));
}

/* Those that were answered; under --dry-run all. */
static void show(struct cli *cli, const struct avrspi_chip *chip, const struct raw *raw)
{
    const size_t count = cli->config.dry_run ? raw->size / BYTES : raw->sent;
    json_t *list = json_array();
    uint32_t extended = 0;

    for (size_t n = 0; n < count; n++) {
        struct shown shown = {
            .chip = chip,
            .bytes = raw->bytes[n],
            .answer = cli->config.dry_run ? NULL : raw->answers[n],
            .decoded = avrspi_instruction_decode(chip, raw->bytes[n]),
        };

        if (shown.decoded.id == AVRSPI_LOAD_EXT_ADDRESS)
            extended = shown.decoded.address;
        else if (avrspi_instruction_is_extended(chip, shown.decoded.id))
            shown.decoded.address += extended;
        show_one(&cli->ui, &shown, list);
    }
    ui_fact(&cli->ui, "instructions", list);
}

/* --- the command */

static int check(const struct avrspi_chip *chip, const struct raw *raw, struct avrspi_error *error)
{
    return avrspi_instructions_check(chip, (const uint8_t(*)[BYTES])raw->bytes, raw->size / BYTES,
                                     error);
}

static int send_all(struct target *target, struct raw *raw, struct avrspi_error *error)
{
    const struct config *config = &target->cli->config;
    const struct avrspi_chip *chip = target_chip(target);
    int result = 0;

    if (config->dry_run && !config->force)
        result = check(chip, raw, error);
    else if (!config->dry_run)
        result = avrspi_session_send(target->session, (const uint8_t(*)[BYTES])raw->bytes,
                                     raw->answers, raw->size / BYTES, &raw->sent, error);
    show(target->cli, chip, raw);
    if (result == 0 && config->dry_run)
        ui_line(&target->cli->ui, "", "nothing of this was sent (--dry-run)");
    return result;
}

/* With -c the answer is known before the target is touched. */
static int check_before(const struct cli *cli, const struct raw *raw, struct avrspi_error *error)
{
    if (!cli->chip || cli->config.force)
        return 0;
    return check(cli->chip, raw, error);
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct target target = {0};
    struct raw raw = {0};
    int result = parse(cli, &raw, error);

    if (result == 0)
        result = check_before(cli, &raw, error);
    if (result == 0)
        result = target_identify(&target, cli, error);
    if (result == 0)
        result = send_all(&target, &raw, error);
    return target_close(&target, result, error);
}

const struct command cmd_send = {
    .name = "send",
    .arguments = "BYTES...",
    .summary = "send instructions of four bytes, and show what comes back",
    .help = "In programming mode, in hexadecimal as in a datasheet: 30 00 00 00, or 30000000.\n"
            "Reads are sent; what could change the chip, by its own table of instructions, or is\n"
            "none of them, only with --force. A pulse on RESET ends it.",
    .least_arguments = 1,
    .most_arguments = MOST * BYTES,
    .needs = NEED_TARGET,
    .examples =
        {
            {"avrspi send AC 53 00 00", "Programming Enable, and its echo"},
            {"avrspi send 30 00 00 00 30 00 01 00", "two bytes of the signature"},
            {"avrspi --force send AC 80 00 00", "Chip Erase: it is no read"},
        },
    .run = run,
};
