/* SPDX-License-Identifier: MIT */
#include "image/facts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"

__attribute__((format(printf, 4, 0))) static int add(struct avrspi_facts *facts, bool warning,
                                                     struct avrspi_error *error, const char *format,
                                                     va_list arguments)
{
    struct avrspi_remark *larger = realloc(facts->remarks, (facts->n_remarks + 1) * sizeof *larger);

    if (!larger)
        return avrspi_fail_memory(error);
    facts->remarks = larger;
    larger[facts->n_remarks].warning = warning;
    if (vasprintf(&larger[facts->n_remarks].text, format, arguments) < 0)
        return avrspi_fail_memory(error);
    facts->n_remarks++;
    return 0;
}

int avrspi_facts_remark(struct avrspi_facts *facts, struct avrspi_error *error, const char *format,
                        ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = add(facts, false, error, format, arguments);
    va_end(arguments);
    return result;
}

int avrspi_facts_warn(struct avrspi_facts *facts, struct avrspi_error *error, const char *format,
                      ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = add(facts, true, error, format, arguments);
    va_end(arguments);
    return result;
}

void avrspi_facts_free(struct avrspi_facts *facts)
{
    for (size_t n = 0; n < facts->n_remarks; n++)
        free(facts->remarks[n].text);
    free(facts->remarks);
    free(facts->device);
    *facts = (struct avrspi_facts){0};
}
