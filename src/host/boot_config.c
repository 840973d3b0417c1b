/* SPDX-License-Identifier: MIT */
#include "host/boot_config.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "host/files.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* --- which sections are read */

/* Sections for models, by what the models' names begin with: documentation of config.txt,
 * 'Conditional filters'. */
static const struct {
    const char *section, *model;
} filters[] = {
    {"pi1", "Raspberry Pi Model"},
    {"pi2", "Raspberry Pi 2"},
    {"pi3", "Raspberry Pi 3"},
    {"pi3", "Raspberry Pi Compute Module 3"},
    {"pi3+", "Raspberry Pi 3 Model A Plus"},
    {"pi3+", "Raspberry Pi 3 Model B Plus"},
    {"pi4", "Raspberry Pi 4"},
    {"pi4", "Raspberry Pi Compute Module 4"},
    {"pi400", "Raspberry Pi 400"},
    {"pi5", "Raspberry Pi 5"},
    {"pi5", "Raspberry Pi Compute Module 5"},
    {"pi500", "Raspberry Pi 500"},
    {"pi0", "Raspberry Pi Zero"},
    {"pi0w", "Raspberry Pi Zero W"},
    {"pi02", "Raspberry Pi Zero 2"},
    {"cm3", "Raspberry Pi Compute Module 3"},
    {"cm4", "Raspberry Pi Compute Module 4"},
    {"cm5", "Raspberry Pi Compute Module 5"},
};

static bool section_applies(const char *section, const struct avrspi_host_model *model)
{
    if (strcmp(section, "all") == 0)
        return true;
    for (size_t n = 0; n < LENGTH(filters); n++)
        if (model && strcmp(filters[n].section, section) == 0 &&
            strncmp(model->name, filters[n].model, strlen(filters[n].model)) == 0)
            return true;
    return false;
}

/* --- reading */

static char *trim(char *line)
{
    size_t length;

    line += strspn(line, " \t");
    line[strcspn(line, "\r#")] = '\0';
    for (length = strlen(line); length && strchr(" \t", line[length - 1]); length--)
        line[length - 1] = '\0';
    return line;
}

static int add(struct avrspi_host_boot_config *config, const char *key, const char *value,
               struct avrspi_error *error)
{
    struct avrspi_host_setting *more =
        reallocarray(config->settings, config->n_settings + 1, sizeof *more);

    if (!more)
        return avrspi_fail_memory(error);
    config->settings = more;
    config->settings[config->n_settings++] = (struct avrspi_host_setting){key, value};
    return 0;
}

static int parse(struct avrspi_host_boot_config *config, const struct avrspi_host_model *model,
                 struct avrspi_error *error)
{
    char *rest = config->text, *line;
    bool applies = true;
    int result = 0;

    while (result == 0 && (line = strsep(&rest, "\n")) != NULL) {
        char *value;

        line = trim(line);
        if (*line == '[') {
            line[strcspn(line, "]")] = '\0';
            applies = section_applies(line + 1, model);
            continue;
        }
        value = strchr(line, '=');
        if (!value || !applies)
            continue;
        *value++ = '\0';
        result = add(config, line, value, error);
    }
    return result;
}

int avrspi_host_boot_config_read(struct avrspi_host_boot_config *config,
                                 const struct avrspi_host_model *model, const char *root,
                                 struct avrspi_error *error)
{
    static const char *const paths[] = {"/boot/firmware/config.txt", "/boot/config.txt"};
    char *text = NULL;
    size_t size = 0;
    int result = 0;

    *config = (struct avrspi_host_boot_config){0};
    for (size_t n = 0; n < LENGTH(paths) && result == 0 && !text; n++) {
        result = avrspi_host_read_file(root, paths[n], &text, &size, error);
        config->path = text ? paths[n] : NULL;
    }
    if (!text)
        return result;
    config->text = strndup(text, size); /* with a NUL at its end */
    free(text);
    result = config->text ? parse(config, model, error) : avrspi_fail_memory(error);
    if (result < 0)
        avrspi_host_boot_config_free(config);
    return result;
}

void avrspi_host_boot_config_free(struct avrspi_host_boot_config *config)
{
    free(config->settings);
    free(config->text);
    *config = (struct avrspi_host_boot_config){0};
}

/* --- what it says */

bool avrspi_host_is_on(const char *value)
{
    return !*value || strcmp(value, "on") == 0 || strcmp(value, "true") == 0 ||
           strcmp(value, "yes") == 0 || strcmp(value, "1") == 0;
}

const char *avrspi_host_parameter(const char *list, const char *name, char value[32])
{
    const size_t length = strlen(name);

    for (; list; list = strchr(list, ',')) {
        list += *list == ',';
        if (strncmp(list, name, length) != 0 || !strchr("=,", list[length]))
            continue;
        list += length + (list[length] == '=');
        (void)strncat(strcpy(value, ""), list, strcspn(list, ",") < 31 ? strcspn(list, ",") : 31);
        return value;
    }
    return NULL;
}

bool avrspi_host_boot_config_spi(const struct avrspi_host_boot_config *config)
{
    bool on = false;
    char value[32];

    for (size_t n = 0; n < config->n_settings; n++)
        if (strcmp(config->settings[n].key, "dtparam") == 0 &&
            avrspi_host_parameter(config->settings[n].value, "spi", value))
            on = avrspi_host_is_on(value);
    return on;
}

bool avrspi_host_boot_config_number(const struct avrspi_host_boot_config *config, const char *key,
                                    uint32_t *number)
{
    bool found = false;

    for (size_t n = 0; n < config->n_settings; n++)
        if (strcmp(config->settings[n].key, key) == 0)
            found |= avrspi_number_parse_within(config->settings[n].value,
                                                strlen(config->settings[n].value), 0, UINT32_MAX,
                                                number);
    return found;
}
