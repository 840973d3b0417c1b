/* SPDX-License-Identifier: MIT */
/* The port: who has the bus, and who the reset line. */
#include "doctor/check.h"

int avrspi_look_at_bus(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    int result = avrspi_bus_open(&doctor->bus, doctor->config->port, seen);

    if (result < 0)
        return result;
    if (doctor->port.kind == AVRSPI_PORT_SIM)
        return AVRSPI_LOOK_NOTHING;
    return AVRSPI_LOOKS_RIGHT(seen, "free: no other avrspi holds it");
}

int avrspi_look_at_reset_line(struct avrspi_doctor *doctor, struct avrspi_error *seen)
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
