/* SPDX-License-Identifier: MIT */
/* One board: its own properties, then those of the entries that are chosen in its menus, in the
 * order of the file; nothing is expanded before all are there. */
#include "arduino/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

enum {
    MOST_MENUS = 32,
};

struct selection {
    const struct avrspi_core *core;
    char board[64];
    struct avrspi_menu_entry chosen[MOST_MENUS]; /* one for each menu */
    size_t n_menus;
};

/* --- names */

static bool has_board(const struct avrspi_core *core, const char *name)
{
    char id[64];

    for (size_t n = 0; avrspi_core_board(core, n, id); n++)
        if (strcmp(id, name) == 0)
            return true;
    return false;
}

static int fail_board(const struct avrspi_core *core, const char *name, struct avrspi_error *error)
{
    struct avrspi_nearest nearest = avrspi_nearest_begin(name);
    char id[64], best[64] = "";

    for (size_t n = 0; avrspi_core_board(core, n, id); n++)
        if (avrspi_nearest_offer(&nearest, id))
            (void)snprintf(best, sizeof best, "%s", id);
    avrspi_fail(error, AVRSPI_ERR_USAGE, "unknown board '%.60s'", name);
    if (*best)
        avrspi_hint(error, "did you mean '%s'?", best);
    avrspi_advise(error, AVRSPI_ADVICE_LIST_BOARDS, NULL);
    return AVRSPI_ERR_USAGE;
}

/* "nano", "nano:cpu=x" or "arduino:avr:nano:cpu=x": *options goes to what is behind the board. */
static int take_board(struct selection *selection, char *text, char **options,
                      struct avrspi_error *error)
{
    char *part, *id = text;

    *options = NULL;
    for (int n = 0; (part = strsep(&text, ":")) != NULL; n++) {
        if (strchr(part, '=')) {
            *options = part;
            break;
        }
        id = part;
    }
    if (*options && text)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected menus with commas between, found ':' before '%.60s'", text);
    if (!has_board(selection->core, id))
        return fail_board(selection->core, id, error);
    (void)snprintf(selection->board, sizeof selection->board, "%s", id);
    return 0;
}

/* --- menus */

static struct avrspi_menu_entry *find_menu(struct selection *selection, const char *menu)
{
    for (size_t n = 0; n < selection->n_menus; n++)
        if (strcmp(selection->chosen[n].menu, menu) == 0)
            return &selection->chosen[n];
    return NULL;
}

/* The first entry of each menu. */
static int take_defaults(struct selection *selection, struct avrspi_error *error)
{
    struct avrspi_menu_entry entry;

    for (size_t n = 0; avrspi_core_menu_entry(selection->core, selection->board, n, &entry); n++) {
        if (find_menu(selection, entry.menu))
            continue;
        if (selection->n_menus == MOST_MENUS)
            return avrspi_fail(error, AVRSPI_ERR_INPUT, "expected at most %d menus of '%s'",
                               MOST_MENUS, selection->board);
        selection->chosen[selection->n_menus++] = entry;
    }
    return 0;
}

static int fail_choice(const struct selection *selection, const char *menu, const char *name,
                       struct avrspi_error *error)
{
    struct avrspi_menu_entry entry;

    avrspi_fail(error, AVRSPI_ERR_USAGE, "the board '%s' has no '%.60s=%.60s'", selection->board,
                menu, name);
    if (selection->n_menus == 0) {
        avrspi_hint(error, "it has no menus");
        return AVRSPI_ERR_USAGE;
    }
    avrspi_hint(error, "one of:");
    for (size_t n = 0; avrspi_core_menu_entry(selection->core, selection->board, n, &entry); n++) {
        char choice[130];

        (void)snprintf(choice, sizeof choice, "%s=%s", entry.menu, entry.entry);
        avrspi_hint_choice(error, choice);
    }
    return AVRSPI_ERR_USAGE;
}

static int choose(struct selection *selection, char *choice, struct avrspi_error *error)
{
    char *equals = strchr(choice, '=');
    struct avrspi_menu_entry entry, *menu;

    if (!equals)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected MENU=ENTRY, found '%.60s'", choice);
    *equals = '\0';
    menu = find_menu(selection, choice);
    for (size_t n = 0; menu && avrspi_core_menu_entry(selection->core, selection->board, n, &entry);
         n++) {
        if (strcmp(entry.menu, choice) != 0 || strcmp(entry.entry, equals + 1) != 0)
            continue;
        *menu = entry;
        return 0;
    }
    return fail_choice(selection, choice, equals + 1, error);
}

static int choose_all(struct selection *selection, char *choices, struct avrspi_error *error)
{
    char *choice;
    int result = 0;

    while (result == 0 && (choice = strsep(&choices, ",")) != NULL)
        if (*choice)
            result = choose(selection, choice, error);
    return result;
}

/* --- merging */

static int merge_menu(const struct selection *selection, const struct avrspi_menu_entry *entry,
                      struct avrspi_properties *by_menus, struct avrspi_properties *merged,
                      char conflict[128], struct avrspi_error *error)
{
    struct avrspi_properties own = {0};
    char prefix[256];
    int result;

    (void)snprintf(prefix, sizeof prefix, "%s.menu.%s.%s.", selection->board, entry->menu,
                   entry->entry);
    result = avrspi_properties_copy(&own, &selection->core->boards, prefix, error);
    for (size_t n = 0; result == 0 && n < own.count; n++) {
        const struct avrspi_property *property = &own.items[n],
                                     *other = avrspi_properties_find(by_menus, property->key);

        if (other && strcmp(other->value, property->value) != 0)
            (void)snprintf(conflict, 128, "%s", property->key);
        result = avrspi_properties_set(by_menus, property->key, property->value, property, error);
        if (result == 0)
            result = avrspi_properties_set(merged, property->key, property->value, property, error);
    }
    avrspi_properties_free(&own);
    return result;
}

static int merge(const struct selection *selection, struct avrspi_properties *merged,
                 char conflict[128], struct avrspi_error *error)
{
    struct avrspi_properties by_menus = {0};
    char prefix[96];
    int result = avrspi_properties_copy(merged, &selection->core->platform, "", error);

    (void)snprintf(prefix, sizeof prefix, "%s.", selection->board);
    if (result == 0)
        result = avrspi_properties_copy(merged, &selection->core->boards, prefix, error);
    for (size_t n = 0; result == 0 && n < selection->n_menus; n++)
        result = merge_menu(selection, &selection->chosen[n], &by_menus, merged, conflict, error);
    avrspi_properties_free(&by_menus);
    return result;
}

/* The board, and all that is chosen in its menus. */
static int select_board(struct selection *selection, const char *board, const char *const *choices,
                        size_t n_choices, struct avrspi_error *error)
{
    char *text = strdup(board), *options = NULL;
    int result = text ? take_board(selection, text, &options, error) : avrspi_fail_memory(error);

    if (result == 0)
        result = take_defaults(selection, error);
    if (result == 0 && options)
        result = choose_all(selection, options, error);
    free(text);
    for (size_t n = 0; result == 0 && n < n_choices; n++) {
        text = strdup(choices[n]);
        result = text ? choose_all(selection, text, error) : avrspi_fail_memory(error);
        free(text);
    }
    return result;
}

int avrspi_core_select(const struct avrspi_core *core, const char *board,
                       const char *const *choices, size_t n_choices,
                       struct avrspi_properties *merged, char conflict[128],
                       struct avrspi_error *error)
{
    struct selection selection = {.core = core};
    int result;

    *merged = (struct avrspi_properties){0};
    conflict[0] = '\0';
    result = select_board(&selection, board, choices, n_choices, error);
    if (result == 0)
        result = merge(&selection, merged, conflict, error);
    if (result < 0)
        avrspi_properties_free(merged);
    return result;
}
