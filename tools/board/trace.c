/* SPDX-License-Identifier: MIT */
/* The log of what the program did to the devices, and what is counted of it. */
#include "board.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/gpio.h>

#include "base/clock.h"
#include "base/error.h"

struct trace {
    FILE *log;        /* NULL: none is wanted */
    const char *path; /* of the log */
    uint64_t started_ns;
    uint64_t last_id; /* of the call that was logged last */
    struct counts counts;
    pid_t *pids; /* a thread's place in here is its number in the log */
    size_t n_pids;
};

struct trace *trace_open(const struct options *options, struct avrspi_error *error)
{
    struct trace *trace = calloc(1, sizeof *trace);

    if (!trace) {
        avrspi_fail_memory(error);
        return NULL;
    }
    trace->started_ns = avrspi_clock_now();
    if (!options->log)
        return trace;
    trace->path = options->log;
    trace->log = fopen(trace->path, "we");
    if (!trace->log) {
        avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't write '%s'", options->log);
        free(trace);
        return NULL;
    }
    return trace;
}

static int close_log(struct trace *trace, struct avrspi_error *error)
{
    bool whole;

    if (!trace->log)
        return 0;
    whole = !ferror(trace->log);
    whole &= fclose(trace->log) == 0;
    return whole ? 0
                 : avrspi_fail(error, AVRSPI_ERR_FAILURE, "can't write the whole log to '%s'",
                               trace->path);
}

int trace_close(struct trace *trace, struct avrspi_error *error)
{
    int result;

    if (!trace)
        return 0;
    result = close_log(trace, error);
    free(trace->pids);
    free(trace);
    return result;
}

bool trace_wanted(const struct trace *trace)
{
    return trace->log != NULL;
}

static size_t number_of(struct trace *trace, pid_t pid)
{
    pid_t *longer;
    size_t n;

    for (n = 0; n < trace->n_pids; n++) {
        if (trace->pids[n] == pid)
            return n + 1;
    }
    longer = realloc(trace->pids, (n + 1) * sizeof *longer);
    if (!longer)
        return 0;
    longer[n] = pid;
    trace->pids = longer;
    trace->n_pids = n + 1;
    return n + 1;
}

double trace_seconds(const struct trace *trace)
{
    return (double)(avrspi_clock_now() - trace->started_ns) / NS_PER_S;
}

void trace_call(struct trace *trace, const struct call *call, int64_t result, const char *format,
                ...)
{
    va_list arguments;

    if (!trace->log)
        return;
    trace->last_id = call->id;
    (void)fprintf(trace->log, "%.6f %zu ", trace_seconds(trace), number_of(trace, call->pid));
    va_start(arguments, format);
    (void)vfprintf(trace->log, format, arguments);
    va_end(arguments);
    if (result < 0) {
        (void)fprintf(trace->log, " = %s\n", strerrorname_np((int)-result));
    } else {
        (void)fprintf(trace->log, " = %" PRId64 "\n", result);
    }
}

static const struct {
    uint32_t command;
    const char *name;
} names[] = {
    {GPIO_GET_CHIPINFO_IOCTL, "GPIO_GET_CHIPINFO"},
    {GPIO_GET_LINEINFO_IOCTL, "GPIO_GET_LINEINFO"},
    {GPIO_GET_LINEINFO_WATCH_IOCTL, "GPIO_GET_LINEINFO_WATCH"},
    {GPIO_GET_LINEHANDLE_IOCTL, "GPIO_GET_LINEHANDLE"},
    {GPIO_GET_LINEEVENT_IOCTL, "GPIO_GET_LINEEVENT"},
    {GPIOHANDLE_GET_LINE_VALUES_IOCTL, "GPIOHANDLE_GET_LINE_VALUES"},
    {GPIOHANDLE_SET_LINE_VALUES_IOCTL, "GPIOHANDLE_SET_LINE_VALUES"},
    {GPIOHANDLE_SET_CONFIG_IOCTL, "GPIOHANDLE_SET_CONFIG"},
    {GPIO_V2_GET_LINEINFO_IOCTL, "GPIO_V2_GET_LINEINFO"},
    {GPIO_V2_GET_LINEINFO_WATCH_IOCTL, "GPIO_V2_GET_LINEINFO_WATCH"},
    {GPIO_V2_GET_LINE_IOCTL, "GPIO_V2_GET_LINE"},
    {GPIO_V2_LINE_GET_VALUES_IOCTL, "GPIO_V2_LINE_GET_VALUES"},
    {GPIO_V2_LINE_SET_VALUES_IOCTL, "GPIO_V2_LINE_SET_VALUES"},
    {GPIO_V2_LINE_SET_CONFIG_IOCTL, "GPIO_V2_LINE_SET_CONFIG"},
};

void trace_ioctl(struct trace *trace, const struct call *call, int64_t result)
{
    const uint32_t command = (uint32_t)call->arg[1];
    size_t n = 0;

    if (!trace->log || trace->last_id == call->id)
        return;
    while (n < sizeof names / sizeof *names && names[n].command != command)
        n++;
    if (n < sizeof names / sizeof *names) {
        trace_call(trace, call, result, "%s", names[n].name);
    } else {
        trace_call(trace, call, result, "ioctl 0x%08x", command);
    }
}

void trace_event(struct trace *trace, const char *format, ...)
{
    va_list arguments;

    if (!trace->log)
        return;
    (void)fprintf(trace->log, "%.6f 0 ", trace_seconds(trace));
    va_start(arguments, format);
    (void)vfprintf(trace->log, format, arguments);
    va_end(arguments);
    (void)fputc('\n', trace->log);
}

void trace_count_spi(struct trace *trace, uint64_t bytes, uint64_t wire_ns)
{
    trace->counts.spi_calls++;
    trace->counts.spi_bytes += bytes;
    trace->counts.wire_ns += wire_ns;
}

void trace_count_gpio(struct trace *trace)
{
    trace->counts.gpio_calls++;
}

const struct counts *trace_counts(const struct trace *trace)
{
    return &trace->counts;
}
