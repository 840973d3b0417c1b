/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    SHORTEST_NAME = 32, /* what is left of a long name beside a long message */
};

static const char *const names[] = {
    [-AVRSPI_OK] = "ok",
    [-AVRSPI_ERR_FAILURE] = "failure",
    [-AVRSPI_ERR_USAGE] = "usage",
    [-AVRSPI_ERR_NO_TARGET] = "no-target",
    [-AVRSPI_ERR_SIGNATURE] = "signature",
    [-AVRSPI_ERR_VERIFY] = "verify",
    [-AVRSPI_ERR_DEVICE] = "device",
    [-AVRSPI_ERR_INPUT] = "input",
    [-AVRSPI_ERR_REFUSED] = "refused",
    [-AVRSPI_ERR_INTERRUPTED] = "interrupted",
};

const char *avrspi_err_name(enum avrspi_err code)
{
    size_t index = (size_t) - (int)code;

    return index < sizeof names / sizeof *names ? names[index] : "failure";
}

static void fill(struct avrspi_error *error, enum avrspi_err code, int sys_errno,
                 const char *format, va_list arguments)
{
    error->code = code;
    error->sys_errno = sys_errno;
    error->advice = AVRSPI_ADVICE_NONE;
    error->subject[0] = '\0';
    error->hint[0] = '\0';
    (void)vsnprintf(error->message, sizeof error->message, format, arguments);
}

int avrspi_fail(struct avrspi_error *error, enum avrspi_err code, const char *format, ...)
{
    if (error) {
        va_list arguments;

        va_start(arguments, format);
        fill(error, code, 0, format, arguments);
        va_end(arguments);
    }
    return code;
}

int avrspi_fail_errno(struct avrspi_error *error, enum avrspi_err code, const char *format, ...)
{
    int sys_errno = errno;

    if (error) {
        va_list arguments;
        char buffer[128];
        const char *reason = strerror_r(sys_errno, buffer, sizeof buffer); /* GNU's */
        size_t used, most = sizeof error->message - strlen(": ") - strlen(reason) - 1;

        va_start(arguments, format);
        fill(error, code, sys_errno, format, arguments);
        va_end(arguments);
        used = strlen(error->message);
        if (used > most) /* the reason says more than the end of a long path */
            used = most;
        (void)snprintf(error->message + used, sizeof error->message - used, ": %s", reason);
    }
    return code;
}

/* The end of a name, which tells more of a path than its beginning: at most 'room' bytes, and whole
 * characters of UTF-8. */
static const char *end_of(const char *name, size_t room)
{
    const char *end = name + strlen(name) - room;

    while ((*end & 0xC0) == 0x80)
        end++;
    return end;
}

int avrspi_fail_named(struct avrspi_error *error, enum avrspi_err code, const char *name,
                      const char *format, ...)
{
    char what[sizeof error->message];
    size_t most = sizeof what - 1, used, room;
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    used = strlen(what);
    room = used + SHORTEST_NAME < most ? most - used : SHORTEST_NAME;
    if (strlen(name) <= room)
        return avrspi_fail(error, code, "%s%s", name, what);
    return avrspi_fail(error, code, "...%s%s", end_of(name, room - strlen("...")), what);
}

int avrspi_fail_memory(struct avrspi_error *error)
{
    return avrspi_fail(error, AVRSPI_ERR_FAILURE, "out of memory");
}

void avrspi_hint(struct avrspi_error *error, const char *format, ...)
{
    if (error) {
        va_list arguments;

        va_start(arguments, format);
        (void)vsnprintf(error->hint, sizeof error->hint, format, arguments);
        va_end(arguments);
    }
}

void avrspi_hint_add(struct avrspi_error *error, const char *format, ...)
{
    if (error) {
        size_t used = strlen(error->hint);
        va_list arguments;

        va_start(arguments, format);
        (void)vsnprintf(error->hint + used, sizeof error->hint - used, format, arguments);
        va_end(arguments);
    }
}

void avrspi_hint_choice(struct avrspi_error *error, const char *choice)
{
    size_t used = error ? strlen(error->hint) : 0;

    avrspi_hint_add(error, "%s %s", used > 0 && error->hint[used - 1] == ':' ? "" : ",", choice);
}

void avrspi_hint_cause(struct avrspi_error *error, unsigned n, const char *cause)
{
    avrspi_hint_add(error, "\n%u. %s", n, cause);
}

static void copy_line(char *text, size_t size, const char *line)
{
    (void)snprintf(text, size, "%.*s", (int)strcspn(line, "\n"), line);
}

bool avrspi_hint_nth(const struct avrspi_error *error, unsigned n, char *text, size_t size)
{
    char mark[16];
    int length = snprintf(mark, sizeof mark, "\n%u. ", n);
    const char *found = strstr(error->hint, mark);

    if (found)
        copy_line(text, size, found + length);
    return found;
}

void avrspi_hint_first(const struct avrspi_error *error, char *text, size_t size)
{
    if (!avrspi_hint_nth(error, 1, text, size))
        copy_line(text, size, error->hint);
}

void avrspi_advise(struct avrspi_error *error, enum avrspi_advice advice, const char *subject)
{
    if (!error)
        return;
    error->advice = advice;
    (void)snprintf(error->subject, sizeof error->subject, "%s", subject ? subject : "");
}
