/* SPDX-License-Identifier: MIT */
/* The port: its lines, and who has them; who has the bus. */
#include <errno.h>

#include "doctor/check.h"
#include "link/find.h"

/* Adds a line to those that are free. */
static void add_line(struct avrspi_error *seen, const struct avrspi_line_use *use,
                     const struct avrspi_line_names *names)
{
    static const char *const pulls[] = {", pull down", "", ", pull up"}; /* after power-up */
    const struct avrspi_error before = *seen;

    AVRSPI_LOOKS_RIGHT(seen, "%s%s%s %s (%s%s)", before.message,
                       *before.message ? ", " : "free: ", use->name, names->name,
                       *names->place ? names->place : names->key, pulls[names->default_pull + 1]);
}

/* Nobody has it; it is not requested. */
static int look_at_line(const struct avrspi_line_words *words, struct avrspi_error *seen)
{
    struct avrspi_line_found found;
    int result = avrspi_line_find(&found, words, seen);

    if (result < 0)
        return result;
    if (avrspi_line_is_held(&found)) {
        errno = EBUSY;
        result = avrspi_line_fail_found(&found, words, seen);
    } else {
        add_line(seen, avrspi_line_use(words), &found.names);
    }
    avrspi_line_drop(&found);
    return result;
}

int avrspi_look_at_lines(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const struct avrspi_port *port = &doctor->port;
    struct avrspi_line_words reset;
    int result = avrspi_port_parse_reset(&reset, port, doctor->config->reset, seen);

    for (unsigned n = 0; port->kind == AVRSPI_PORT_GPIO && result == 0 && n < AVRSPI_WIRES; n++)
        result = look_at_line(&port->wire[n], seen);
    if (result == 0)
        result = look_at_line(&reset, seen);
    doctor->has_lines = result == 0;
    return result;
}

int avrspi_look_at_bus(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    int result = avrspi_bus_open(&doctor->bus, doctor->config->port, seen);

    if (result < 0)
        return result;
    if (doctor->port.kind == AVRSPI_PORT_SIM)
        return AVRSPI_LOOK_NOTHING;
    return AVRSPI_LOOKS_RIGHT(seen, "free: no other avrspi holds it");
}

int avrspi_look_at_port(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const struct avrspi_doctor_config *config = doctor->config;
    int result = config->open_link(config->user, doctor->bus, &doctor->link, seen);

    if (result < 0)
        return result;
    return AVRSPI_LOOKS_RIGHT(seen, "%s", avrspi_link_name(doctor->link));
}

/* What was found when it was opened: a line left active, a chip select that can't be kept still. */
int avrspi_look_at_link(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const char *note = avrspi_link_note(doctor->link);

    if (!*note)
        return AVRSPI_LOOK_NOTHING;
    (void)avrspi_fail(seen, AVRSPI_OK, "%s", note);
    return AVRSPI_LOOK_WARN;
}
