/* SPDX-License-Identifier: MIT */
/* A report as one page of HTML, with its charts in it. */
#ifndef AVRSPI_SRC_CLI_REPORT_HTML_H
#define AVRSPI_SRC_CLI_REPORT_HTML_H

#include "record/report.h"

/* Writes it to a file, "-" for standard output. */
int report_html(const struct avrspi_report *report, const char *path, struct avrspi_error *error);

#endif
