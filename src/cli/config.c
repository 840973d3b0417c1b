/* SPDX-License-Identifier: MIT */
#include "cli/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

struct config config_begin(void)
{
    return (struct config){.port = "/dev/spidev0.0", .reset = "GPIO25"};
}

void config_free(struct config *config)
{
    for (size_t n = 0; n < config->kept.count; n++)
        free((char *)(uintptr_t)config->kept.at[n]); /* its own copy */
    free(config->kept.at);
    free(config->sets.at);
    free(config->stations.at);
    free(config->menus.at);
    *config = (struct config){0};
}

int config_add(struct config_texts *texts, const char *text, struct avrspi_error *error)
{
    const char **grown = realloc(texts->at, (texts->count + 1) * sizeof *grown);

    if (!grown)
        return avrspi_fail_memory(error);
    grown[texts->count++] = text;
    texts->at = grown;
    return 0;
}

const char *config_keep(struct config *config, const char *text, struct avrspi_error *error)
{
    char *copy = strdup(text);

    if (!copy) {
        avrspi_fail_memory(error);
        return NULL;
    }
    if (config_add(&config->kept, copy, error) < 0) {
        free(copy);
        return NULL;
    }
    return copy;
}
