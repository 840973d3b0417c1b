/* SPDX-License-Identifier: MIT */
/* The numbers at the end, as key=value lines. */
#include "board.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

/* What concerns one chip. With several the keys begin with "chipN.", from 1 on in the order of the
 * command line. */
static void write_chip(FILE *file, const struct options *options, unsigned n, struct wires *wires,
                       const struct devices *devices)
{
    const struct chip_options *chip = &options->chip[n];
    const struct gpio *gpio = devices->gpio[chip->gpiochip];
    const struct target *target = wires_target(wires, n);
    char prefix[16] = "", kinds[1024];

    if (options->n_chips > 1) {
        (void)snprintf(prefix, sizeof prefix, "chip%u.", n + 1);
        (void)fprintf(file, "%sname=%s\n%sviolations=%" PRIu64 "\n", prefix, target_name(target),
                      prefix, target_violations(target));
    }
    target_violation_lines(target, prefix, kinds, sizeof kinds);
    (void)fprintf(file,
                  "%s%strials=%" PRIu64 "\n%sreset_level=%s\n%sreset_pull=%s\n%sreset_owner=%s\n",
                  kinds, prefix, target_trials(target), prefix,
                  gpio_level(gpio, chip->reset) ? "high" : "low", prefix,
                  gpio_pull(gpio, chip->reset), prefix, gpio_owner(gpio, chip->reset));
}

/* Lines of the header that are outputs though nobody holds them. */
static void write_left(FILE *file, const struct gpio *gpio)
{
    const char *separator = "";

    (void)fputs("left_driven=", file);
    for (unsigned n = 0; n < model_gpiochip[0].n_lines; n++) {
        if (gpio_is_left_driven(gpio, n)) {
            (void)fprintf(file, "%s%u", separator, n);
            separator = ",";
        }
    }
    (void)fputc('\n', file);
}

static void write_selects(FILE *file, const struct devices *devices)
{
    uint64_t all = 0;

    for (unsigned n = 0; n < MODEL_SPIDEVS; n++)
        all += devices->spidev[n] ? spidev_selects(devices->spidev[n]) : 0;
    (void)fprintf(file, "chip_selects=%" PRIu64 "\n", all);
    for (unsigned n = 0; n < MODEL_SPIDEVS; n++) {
        if (devices->spidev[n]) {
            (void)fprintf(file, "chip_selects.%s=%" PRIu64 "\n", spidev_name(devices->spidev[n]),
                          spidev_selects(devices->spidev[n]));
        }
    }
}

static void write_all(FILE *file, const struct options *options, const struct trace *trace,
                      struct wires *wires, const struct devices *devices)
{
    const struct counts *counts = trace_counts(trace);
    uint64_t violations = 0;

    for (unsigned n = 0; n < options->n_chips; n++)
        violations += target_violations(wires_target(wires, n));
    (void)fprintf(file,
                  "spi_transfers=%" PRIu64 "\nspi_bytes=%" PRIu64 "\nwire_seconds=%.6f\n"
                  "gpio_ioctls=%" PRIu64 "\nseconds=%.6f\nviolations=%" PRIu64 "\n",
                  counts->spi_calls, counts->spi_bytes, (double)counts->wire_ns / NS_PER_S,
                  counts->gpio_calls, trace_seconds(trace), violations);
    for (unsigned n = 0; n < options->n_chips; n++)
        write_chip(file, options, n, wires, devices);
    write_left(file, devices->gpio[0]);
    write_selects(file, devices);
    if (devices->pwm)
        (void)fprintf(file, "pwm_hz=%u\npwm_exported=%d\n", pwm_hz(devices->pwm),
                      pwm_exported(devices->pwm));
}

int stats_write(const struct options *options, const struct trace *trace, struct wires *wires,
                const struct devices *devices, struct avrspi_error *error)
{
    FILE *file;
    bool failed;

    if (!options->stats)
        return 0;
    file = strcmp(options->stats, "-") == 0 ? stderr : fopen(options->stats, "we");
    if (!file)
        return avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't write '%s'", options->stats);
    write_all(file, options, trace, wires, devices);
    failed = ferror(file);
    if ((file == stderr ? fflush(file) : fclose(file)) != 0 || failed)
        return avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't write '%s'", options->stats);
    return 0;
}
