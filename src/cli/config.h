/* SPDX-License-Identifier: MIT */
/* What was asked for: every option has a member here, which its row in options.c names. */
#ifndef AVRSPI_SRC_CLI_CONFIG_H
#define AVRSPI_SRC_CLI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/chip.h"
#include "avrspi/image.h"
#include "cli/options.h"
#include "cli/start.h"
#include "ui/ui.h"

/* Texts in the order they were given. */
struct config_texts {
    const char **at;
    size_t count;
};

struct config_range {
    uint32_t start, end; /* the first byte, and the first one after; 0:0 when not given */
};

struct config_signature {
    uint8_t bytes[3];
};

/* Texts are NULL, and all else 0, when not given and without a default. */
struct config {
    /* of every command */
    const char *port;  /* "/dev/spidev0.0" when not given */
    const char *reset; /* "GPIO25" when not given */
    const char *chip;
    const char *chips_file;
    const char *trace;
    uint32_t sck_hz;    /* 0: auto */
    uint32_t fcpu_hz;   /* 0: not known */
    uint32_t supply_mv; /* 0: not known */
    uint32_t xtal_hz;   /* 0: no clock for XTAL1 */
    const char *xtal_pin;
    enum ui_color color;
    enum ui_form form;
    bool no_probe, dry_run, quiet, verbose, plain, force, help, version;

    /* of some */
    bool keep_eeprom, keep_boot;
    struct avrspi_fuses fuses; /* --low, --high, --ext, --lock */
    struct config_texts sets;  /* --set: "FIELD=VALUE" */
    bool defaults, list, calc;
    bool verify, no_verify, no_erase, update, turbo, full, twice, first_image;
    enum avrspi_memory memory;
    const char *output, *svg;
    enum avrspi_format format;
    uint32_t at;
    struct config_range range;
    struct config_signature signature;
    struct config_texts menus; /* --menu: "MENU=ENTRY,..." */
    const char *boards, *boot_file;
    const char *board, *plug, *package;
    bool show, check, from_target;
    const char *record, *log;
    bool repeat;
    uint32_t count;
    enum loop_start start;
    struct config_texts stations; /* --station: "PORT RESET" */
    const char *bench;
    const char *since, *until, *port_of_report, *html;
    bool csv;
    bool keep;

    enum option_source source[OPTIONS]; /* who gave each option; FROM_NOWHERE: not given */
    struct config_texts kept;           /* copies, freed with the config */
};

/* The defaults. The caller frees it. */
struct config config_begin(void);
void config_free(struct config *config);

/* Whether an option was given, by whomever. */
static inline bool config_given(const struct config *config, enum option_id id)
{
    return config->source[id] != FROM_NOWHERE;
}

/* Adds a text to a list that grows, by reference. */
int config_add(struct config_texts *texts, const char *text, struct avrspi_error *error);

/* A copy that is valid as long as the config; NULL when out of memory. */
const char *config_keep(struct config *config, const char *text, struct avrspi_error *error);

#endif
