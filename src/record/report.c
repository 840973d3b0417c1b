/* SPDX-License-Identifier: MIT */
#include "record/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The group of that name, which is made where there is none; NULL when out of memory. */
static struct avrspi_report_group *group_of(struct avrspi_report_groups *groups, const char *name)
{
    struct avrspi_report_group *more;

    for (size_t n = groups->count; n-- > 0;) /* days come in order: the last is the likeliest */
        if (strncmp(groups->at[n].name, name, sizeof groups->at[n].name - 1) == 0)
            return &groups->at[n];
    more = realloc(groups->at, (groups->count + 1) * sizeof *more);
    if (!more)
        return NULL;
    groups->at = more;
    more += groups->count++;
    *more = (struct avrspi_report_group){0};
    (void)snprintf(more->name, sizeof more->name, "%s", name);
    return more;
}

static void count(struct avrspi_report_group *group, const char *verdict)
{
    group->good += strcmp(verdict, "pass") == 0;
    group->failed += strcmp(verdict, "fail") == 0;
    group->unfinished += strcmp(verdict, "unfinished") == 0;
}

static void add_to(struct avrspi_report *report, struct avrspi_report_groups *groups,
                   const char *name, const char *verdict)
{
    struct avrspi_report_group *group = group_of(groups, name);

    if (group)
        count(group, verdict);
    report->out_of_memory |= group == NULL;
}

static void add_seconds(struct avrspi_report *report, double seconds)
{
    double *more = realloc(report->seconds, (report->n_seconds + 1) * sizeof *more);

    report->out_of_memory |= more == NULL;
    if (!more)
        return;
    report->seconds = more;
    report->seconds[report->n_seconds++] = seconds;
}

int avrspi_report_add(void *report_of_units, const struct avrspi_unit *unit)
{
    struct avrspi_report *report = report_of_units;
    char day[11];

    (void)snprintf(day, sizeof day, "%.10s", unit->began);
    count(&report->all, unit->verdict);
    add_to(report, &report->days, day, unit->verdict);
    add_to(report, &report->stations, unit->station, unit->verdict);
    add_to(report, &report->jobs, unit->job, unit->verdict);
    if (strcmp(unit->verdict, "fail") == 0)
        add_to(report, &report->reasons, unit->reason, unit->verdict);
    if (strcmp(unit->verdict, "pass") == 0)
        add_seconds(report, unit->seconds);
    return report->out_of_memory ? AVRSPI_ERR_FAILURE : 0;
}

static int more_first(const void *a, const void *b)
{
    const struct avrspi_report_group *first = a, *second = b;

    if (first->failed != second->failed)
        return first->failed > second->failed ? -1 : 1;
    return strcmp(first->name, second->name);
}

static int rising(const void *a, const void *b)
{
    const double *first = a, *second = b;

    return (*first > *second) - (*first < *second);
}

void avrspi_report_finish(struct avrspi_report *report)
{
    if (report->reasons.count)
        qsort(report->reasons.at, report->reasons.count, sizeof *report->reasons.at, more_first);
    if (report->n_seconds)
        qsort(report->seconds, report->n_seconds, sizeof *report->seconds, rising);
}

void avrspi_report_free(struct avrspi_report *report)
{
    free(report->days.at);
    free(report->stations.at);
    free(report->jobs.at);
    free(report->reasons.at);
    free(report->seconds);
    *report = (struct avrspi_report){0};
}

double avrspi_report_yield(const struct avrspi_report_group *group)
{
    const size_t ended = group->good + group->failed;

    return ended ? (double)group->good / (double)ended : 1;
}

double avrspi_report_seconds(const struct avrspi_report *report, double share)
{
    const size_t n = report->n_seconds;

    return n ? report->seconds[(size_t)(share * (double)(n - 1) + 0.5)] : 0;
}
