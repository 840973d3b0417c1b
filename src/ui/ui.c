/* SPDX-License-Identifier: MIT */
#include "ui/ui.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "ui/live.h"

enum {
    LABEL_WIDTH = 7,
    LONGEST_LINE = 4096,
};

const char *ui_style_begin(bool color, enum ui_style style)
{
    static const char *const palette[UI_STYLES] = {
        [UI_PLAIN] = "",           [UI_LABEL] = "\033[1m",
        [UI_GOOD] = "\033[1;36m",  [UI_WARNING] = "\033[1;33m",
        [UI_ERROR] = "\033[1;31m", [UI_FAINT] = "\033[2m",
        [UI_DATA] = "\033[36m",    [UI_BOOT] = "\033[33m",
        [UI_OLD] = "\033[33m",     [UI_NEW] = "\033[36m",
        [UI_PASS] = "\033[1;32m",
    };

    return color ? palette[style] : "";
}

const char *ui_style_end(bool color)
{
    return color ? "\033[0m" : "";
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");

    return term && strcmp(term, "dumb") == 0;
}

int ui_columns(void)
{
    const char *text = getenv("COLUMNS");
    struct winsize size;
    uint64_t columns;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return text && avrspi_number_parse(text, strlen(text), &columns) && columns > 0 &&
                   columns <= UINT16_MAX
               ? (int)columns
               : 80;
}

/* As setlocale() chooses: the first of them that is set. */
bool ui_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = NULL;

    for (size_t n = 0; n < sizeof names / sizeof *names && !(locale && *locale); n++)
        locale = getenv(names[n]);
    return locale && !is_dumb() &&
           (avrspi_text_contains(locale, "UTF-8") || avrspi_text_contains(locale, "utf8"));
}

void ui_begin(struct ui *ui)
{
    *ui = (struct ui){.root = json_object()};
    ui->terminal = isatty(STDOUT_FILENO) == 1;
    ui_set_color(ui, UI_COLOR_AUTO);
}

void ui_set_color(struct ui *ui, enum ui_color color)
{
    const char *no_color = getenv("NO_COLOR");
    bool wanted = !(no_color && *no_color) && !is_dumb();
    bool always = color == UI_COLOR_ALWAYS, automatic = color == UI_COLOR_AUTO && wanted;

    ui->color = always || (automatic && isatty(STDOUT_FILENO) == 1);
    ui->color_errors = always || (automatic && isatty(STDERR_FILENO) == 1);
}

void ui_set_plain(struct ui *ui)
{
    ui->plain = true;
    ui->terminal = false;
    ui->color = ui->color_errors = false;
}

bool ui_is_json(const struct ui *ui)
{
    return ui->form != UI_FORM_TEXT;
}

void ui_end(struct ui *ui)
{
    ui_live_free(ui);
    json_decref(ui->root);
    ui->root = NULL;
}

void ui_visible(FILE *out, const char *text, size_t size)
{
    for (size_t n = 0; n < size; n++) {
        unsigned char c = (unsigned char)text[n];
        bool c1 = c == 0xC2 && n + 1 < size && ((unsigned char)text[n + 1] & 0xE0) == 0x80;

        if (c < ' ' || c == 0x7F)
            (void)fprintf(out, "\\x%02X", c);
        else if (c1) /* U+0080 to U+009F in UTF-8 */
            (void)fprintf(out, "\\x%02X", (unsigned char)text[++n]);
        else
            (void)fputc(c, out);
    }
}

void ui_flush(struct ui *ui)
{
    if (fflush(stdout) != 0 && ui->lost == 0)
        ui->lost = errno;
}

/* A gap between columns is read out as nothing: it becomes a comma. Spaces at the beginning go. */
static void join_columns(char *text)
{
    const char *from = text + strspn(text, " ");
    char *to = text;

    while (*from) {
        const size_t gap = strspn(from, " ");

        if (gap > 1 && from[gap]) {
            if (to > text && !strchr(",:;", to[-1]))
                *to++ = ',';
            *to++ = ' ';
            from += gap;
        } else if (gap > 1) {
            break; /* at the end */
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

/* What a label means: the words tell it too, where there are no colours. */
static enum ui_style style_of(const char *label)
{
    static const struct {
        const char *label;
        enum ui_style style;
    } styles[] = {{"done", UI_GOOD}, {"ok", UI_GOOD}, {"warn", UI_WARNING}, {"fail", UI_ERROR}};

    for (size_t n = 0; n < sizeof styles / sizeof *styles; n++)
        if (strcmp(styles[n].label, label) == 0)
            return styles[n].style;
    return UI_LABEL;
}

static void print_line(struct ui *ui, const char *label, const char *format, va_list arguments)
{
    char text[LONGEST_LINE];

    if (*label && ui->plain)
        (void)printf("%s: ", label);
    else if (*label)
        (void)printf("%s%-*s%s ", ui_style_begin(ui->color, style_of(label)), LABEL_WIDTH, label,
                     ui_style_end(ui->color));
    (void)vsnprintf(text, sizeof text, format, arguments);
    if (ui->plain)
        join_columns(text);
    ui_visible(stdout, text, strlen(text));
    (void)putchar('\n');
    ui_flush(ui); /* a log has it now, and not at the end */
}

void ui_line(struct ui *ui, const char *label, const char *format, ...)
{
    va_list arguments;

    if (ui_is_json(ui) || ui->quiet)
        return;
    ui_progress_end(ui);
    va_start(arguments, format);
    print_line(ui, label, format, arguments);
    va_end(arguments);
}

void ui_detail(struct ui *ui, const char *label, const char *format, ...)
{
    va_list arguments;

    if (ui_is_json(ui) || ui->quiet || !ui->verbose)
        return;
    ui_progress_end(ui);
    va_start(arguments, format);
    print_line(ui, label, format, arguments);
    va_end(arguments);
}

static void tell(struct ui *ui, enum ui_style style, const char *kind, const char *list,
                 const char *text)
{
    if (ui_is_json(ui)) {
        json_t *texts = json_object_get(ui->root, list);

        if (!texts) {
            texts = json_array();
            (void)json_object_set_new(ui->root, list, texts);
        }
        (void)json_array_append_new(texts, ui_string(text));
        return;
    }
    ui_progress_end(ui);
    ui_flush(ui);
    (void)fprintf(stderr, "avrspi: %s%s:%s ", ui_style_begin(ui->color_errors, style), kind,
                  ui_style_end(ui->color_errors));
    ui_visible(stderr, text, strlen(text));
    (void)fputc('\n', stderr);
}

void ui_warn(struct ui *ui, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tell(ui, UI_WARNING, "warning", "warnings", text);
}

void ui_note(struct ui *ui, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (!ui->quiet || ui_is_json(ui))
        tell(ui, UI_LABEL, "note", "notes", text);
}

static void pass_on(struct ui *ui, enum ui_style style, const char *kind, const json_t *texts,
                    const char *name)
{
    const json_t *text;
    char named[512];
    size_t n;

    json_array_foreach(texts, n, text)
    {
        (void)snprintf(named, sizeof named, "%s%s%s", name ? name : "", name ? ": " : "",
                       json_string_value(text));
        tell(ui, style, kind, "", named);
    }
}

void ui_pass_on(struct ui *ui, const struct ui *other, const char *name)
{
    if (ui_is_json(ui)) {
        (void)json_object_update_missing(ui->root, other->root);
        return;
    }
    pass_on(ui, UI_WARNING, "warning", json_object_get(other->root, "warnings"), name);
    if (ui->verbose)
        pass_on(ui, UI_LABEL, "note", json_object_get(other->root, "notes"), name);
}

json_t *ui_string(const char *text)
{
    json_t *string = json_string(text);
    char *mended;

    if (string)
        return string;
    mended = strdup(text);
    for (char *at = mended; at && *at;) {
        size_t size = avrspi_text_letter_size(at);

        if (size == 0)
            *at = '?';
        at += size ? size : 1;
    }
    string = json_string(mended ? mended : "");
    free(mended);
    return string;
}

/* A decimal number of microseconds has no more digits than JSON_REAL_PRECISION() shows. */
json_t *ui_json_seconds(uint64_t ns)
{
    return json_real((double)((ns + 500) / 1000) / 1e6);
}

void ui_fact(struct ui *ui, const char *key, json_t *value)
{
    (void)json_object_set_new(ui->root, key, value);
}

static void print_indented(const char *lines)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n");

        (void)fprintf(stderr, "  ");
        ui_visible(stderr, lines, length);
        (void)fputc('\n', stderr);
        lines += length + (lines[length] == '\n');
    }
}

void ui_add_causes(json_t *object, const struct avrspi_error *error)
{
    char cause[sizeof error->hint];
    json_t *causes = json_array();

    for (unsigned n = 1; avrspi_hint_nth(error, n, cause, sizeof cause); n++)
        (void)json_array_append_new(causes, ui_string(cause));
    if (json_array_size(causes))
        (void)json_object_set(object, "causes", causes);
    json_decref(causes);
}

static json_t *error_json(const struct avrspi_error *error, const char *hint, int exit_code)
{
    json_t *object =
        json_pack("{s:s, s:i, s:o, s:o}", "code", avrspi_err_name(error->code), "exit", exit_code,
                  "message", ui_string(error->message), "hint", ui_string(hint));

    ui_add_causes(object, error);
    return object;
}

void ui_fail(struct ui *ui, const struct avrspi_error *error, const char *hint, int exit_code)
{
    if (ui_is_json(ui)) {
        ui_fact(ui, "error", error_json(error, hint, exit_code));
        return;
    }
    ui_progress_end(ui);
    ui_flush(ui);
    (void)fprintf(stderr, "%savrspi:%s ", ui_style_begin(ui->color_errors, UI_ERROR),
                  ui_style_end(ui->color_errors));
    ui_visible(stderr, error->message, strlen(error->message));
    (void)fputc('\n', stderr);
    print_indented(hint);
}

void ui_finish(struct ui *ui, const char *command, bool ok)
{
    json_t *result;

    ui_progress_end(ui);
    if (!ui_is_json(ui))
        return;
    result = ui->form == UI_FORM_LINES ? json_pack("{s:s}", "event", "result") : json_object();
    (void)json_object_update_new(
        result, json_pack("{s:i, s:s, s:b}", "avrspi", 1, "command", command, "ok", ok));
    (void)json_object_update(result, ui->root);
    (void)json_dumpf(result, stdout,
                     JSON_REAL_PRECISION(12) |
                         (ui->form == UI_FORM_LINES ? JSON_COMPACT : JSON_INDENT(2)));
    (void)putchar('\n');
    json_decref(result);
}
