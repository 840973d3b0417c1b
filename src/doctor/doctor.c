/* SPDX-License-Identifier: MIT */
#include "doctor/check.h"

#include <stdlib.h>

#include "base/number.h"

/* --- the table */

/* What a check needs beside a port of its kind. */
enum need {
    NEED_DEVICE = 1 << 0,    /* the node of a spidev is there */
    NEED_BUS = 1 << 1,       /* it is open */
    NEED_LINK = 1 << 2,      /* so is the reset line, and the kernel refused nothing yet */
    NEED_ECHO = 1 << 3,      /* the target echoes */
    NEED_SIGNATURE = 1 << 4, /* it was read, or is that of the chip named */
    NEED_CHIP = 1 << 5,      /* it is identified, and its fuses are read */
    NEED_LINES = 1 << 6,     /* of a port that has some: nobody has them */
};

#define KIND(kind) (1U << (kind))
#define SPIDEV     KIND(AVRSPI_PORT_SPIDEV)
#define SIM        KIND(AVRSPI_PORT_SIM)
#define GPIO       KIND(AVRSPI_PORT_GPIO)
#define HEADER     (SPIDEV | GPIO) /* on lines of this computer */
#define ANY        (~0U)

/* In the order in which they are made: each relies on those before it. */
static const struct check {
    const char *name;
    unsigned kinds; /* of ports */
    unsigned needs;
    avrspi_doctor_look *look;
} checks[] = {
    {"board", HEADER, 0, avrspi_look_at_model},
    {"config.txt", SPIDEV, 0, avrspi_look_at_boot_config},
    {"overlays", SPIDEV, 0, avrspi_look_at_overlays},
    {"device", SPIDEV, 0, avrspi_look_at_device},
    {"controller", SPIDEV, NEED_DEVICE, avrspi_look_at_controller},
    {"core-clock", SPIDEV, NEED_DEVICE, avrspi_look_at_core_clock},
    {"bufsiz", SPIDEV, NEED_DEVICE, avrspi_look_at_bufsiz},
    {"pwm-clock", HEADER, 0, avrspi_look_at_pwm_clock},
    {"lines", GPIO, 0, avrspi_look_at_lines},
    {"bus", GPIO, NEED_LINES, avrspi_look_at_bus},
    {"bus", SPIDEV | SIM, 0, avrspi_look_at_bus},
    {"lines", SPIDEV, 0, avrspi_look_at_lines}, /* who has the bus has them too */
    {"port", ANY, NEED_BUS | NEED_LINES, avrspi_look_at_port},
    {"link", ANY, NEED_LINK, avrspi_look_at_link},
    {"reset-pull", ANY, NEED_LINK, avrspi_look_at_pull},
    {"miso", ANY, NEED_LINK, avrspi_look_at_miso},
    {"sck", SPIDEV, NEED_LINK, avrspi_look_at_sck},
    {"echo", ANY, NEED_LINK, avrspi_look_at_echo},
    {"reset", ANY, NEED_ECHO, avrspi_look_at_reset},
    {"signature", ANY, NEED_ECHO, avrspi_look_at_signature},
    {"chip", ANY, NEED_ECHO | NEED_SIGNATURE, avrspi_look_at_chip},
    {"lock-bits", ANY, NEED_CHIP, avrspi_look_at_lock_bits},
    {"clock", ANY, NEED_CHIP, avrspi_look_at_clock},
    {"supply", ANY, NEED_CHIP, avrspi_look_at_supply},
    {"wires", ANY, NEED_ECHO | NEED_SIGNATURE, avrspi_look_at_wires},
};

static unsigned what_is_there(const struct avrspi_doctor *doctor)
{
    const struct avrspi_session *session = doctor->session;

    return (doctor->has_device ? NEED_DEVICE : 0U) | (doctor->bus ? NEED_BUS : 0U) |
           (doctor->has_lines || doctor->port.kind == AVRSPI_PORT_SIM ? NEED_LINES : 0U) |
           (doctor->link ? NEED_LINK : 0U) | (session ? NEED_ECHO : 0U) |
           (session && session->has_signature ? NEED_SIGNATURE : 0U) |
           (session && session->identified ? NEED_CHIP : 0U);
}

static bool makes_sense(const struct avrspi_doctor *doctor, const struct check *check)
{
    return check->kinds & KIND(doctor->port.kind) && !(check->needs & ~what_is_there(doctor));
}

/* --- the run */

/* A place for one more finding; NULL when out of memory. */
static struct avrspi_doctor_finding *next_finding(struct avrspi_doctor_report *report)
{
    struct avrspi_doctor_finding *more =
        reallocarray(report->findings, report->n_findings + 1, sizeof *more);

    if (!more)
        return NULL;
    report->findings = more;
    more += report->n_findings;
    *more = (struct avrspi_doctor_finding){.severity = AVRSPI_DOCTOR_OK};
    return more;
}

static enum avrspi_doctor_severity severity_of(int looked)
{
    return looked < 0                   ? AVRSPI_DOCTOR_FAIL
           : looked == AVRSPI_LOOK_WARN ? AVRSPI_DOCTOR_WARN
                                        : AVRSPI_DOCTOR_OK;
}

static int make(struct avrspi_doctor *doctor, const struct check *check, struct avrspi_error *error)
{
    const struct avrspi_doctor_config *config = doctor->config;
    struct avrspi_doctor_finding *finding = next_finding(doctor->report);
    int looked;

    if (!finding)
        return avrspi_fail_memory(error);
    looked = check->look(doctor, &finding->seen);
    if (looked == AVRSPI_ERR_INTERRUPTED && error)
        *error = finding->seen;
    if (looked == AVRSPI_ERR_DEVICE && check->needs & NEED_LINK)
        doctor->link = NULL; /* it would refuse the next ones, too */
    if (looked == AVRSPI_LOOK_NOTHING || looked == AVRSPI_ERR_INTERRUPTED)
        return looked < 0 ? looked : 0;
    finding->check = check->name;
    finding->severity = severity_of(looked);
    if (finding->seen.advice == AVRSPI_ADVICE_DOCTOR) /* that is what runs */
        finding->seen.advice = AVRSPI_ADVICE_NONE;
    doctor->report->n_findings++;
    if (config->found)
        config->found(config->user, finding);
    return 0;
}

static int begin(struct avrspi_doctor *doctor, struct avrspi_error *error)
{
    const struct avrspi_doctor_config *config = doctor->config;
    int result = avrspi_port_parse(&doctor->port, config->port, error);

    if (result == 0)
        result = avrspi_host_detect(&doctor->host, config->root, error);
    if (result < 0)
        return result;
    return avrspi_host_boot_config_read(&doctor->boot, doctor->host.known, config->root, error);
}

int avrspi_doctor_run(struct avrspi_doctor_report *report,
                      const struct avrspi_doctor_config *config, struct avrspi_error *error)
{
    struct avrspi_doctor doctor = {.config = config, .report = report};
    struct avrspi_error closing;
    int result;

    *report = (struct avrspi_doctor_report){0};
    result = begin(&doctor, error);
    for (size_t n = 0; result == 0 && n < sizeof checks / sizeof *checks; n++)
        if (makes_sense(&doctor, &checks[n]))
            result = make(&doctor, &checks[n], error);
    /* the caller closes the link, and is told there what can't be done */
    (void)avrspi_session_close(doctor.session, &closing);
    avrspi_bus_close(doctor.bus);
    avrspi_host_boot_config_free(&doctor.boot);
    return result;
}

void avrspi_doctor_free(struct avrspi_doctor_report *report)
{
    free(report->findings);
    *report = (struct avrspi_doctor_report){0};
}

/* --- what comes of it */

static const struct avrspi_doctor_finding *first(const struct avrspi_doctor_report *report,
                                                 enum avrspi_doctor_severity severity)
{
    for (size_t n = 0; n < report->n_findings; n++)
        if (report->findings[n].severity == severity)
            return &report->findings[n];
    return NULL;
}

const struct avrspi_doctor_finding *avrspi_doctor_verdict(const struct avrspi_doctor_report *report)
{
    const struct avrspi_doctor_finding *finding = first(report, AVRSPI_DOCTOR_FAIL);

    return finding ? finding : first(report, AVRSPI_DOCTOR_WARN);
}

const char *avrspi_doctor_severity_name(enum avrspi_doctor_severity severity)
{
    static const char *const names[AVRSPI_DOCTOR_SEVERITIES] = {"ok", "warn", "fail"};

    return names[severity];
}

struct avrspi_doctor_hz avrspi_doctor_hz(uint32_t hz)
{
    struct avrspi_doctor_hz written;

    (void)avrspi_number_write_hz(hz, written.text, sizeof written.text);
    return written;
}
