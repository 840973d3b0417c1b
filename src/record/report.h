/* SPDX-License-Identifier: MIT */
/* Sums over the units of a record. */
#ifndef AVRSPI_SRC_RECORD_REPORT_H
#define AVRSPI_SRC_RECORD_REPORT_H

#include "record/record.h"

/* Units that have something in common. */
struct avrspi_report_group {
    char name[128];
    size_t good, failed, unfinished;
};

struct avrspi_report_groups {
    struct avrspi_report_group *at;
    size_t count;
};

/* All zero when it begins. */
struct avrspi_report {
    struct avrspi_report_group all;
    struct avrspi_report_groups days, stations, jobs;
    struct avrspi_report_groups reasons; /* of failed units, the most frequent first */
    double *seconds;                     /* of the good units, in rising order */
    size_t n_seconds;
    bool out_of_memory;
};

/* Adds a unit; an avrspi_unit_take, 'report' is a struct avrspi_report. */
int avrspi_report_add(void *report, const struct avrspi_unit *unit);

/* Puts the sums in order; call it once, after the last unit. */
void avrspi_report_finish(struct avrspi_report *report);
void avrspi_report_free(struct avrspi_report *report);

/* Good units of those that ended, 0 to 1; 1 where none did. */
double avrspi_report_yield(const struct avrspi_report_group *group);

/* The cycle time that a share of the good units (0.5: half) did not exceed, seconds; 0 where there
 * is none. */
double avrspi_report_seconds(const struct avrspi_report *report, double share);

#endif
