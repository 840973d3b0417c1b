/* SPDX-License-Identifier: MIT */
/*
 * Notes of what a chip has to get back, in files that outlive a run that is cut off: written before
 * the chip is changed, removed when it is as it was.
 *
 *     low-fuse-KEY-62-E2.txt   the low fuse byte was 0x62, and is raised to 0xE2
 *     eeprom-KEY-XXXXXX.txt    the EEPROM is kept over an erase; its content is in the .bin
 *     boot-KEY-XXXXXX.txt      the boot section is; its content is in the .hex
 *
 * KEY is the signature, and a hash of port and reset line, in one spelling. The name says all that
 * the program needs; the text in a note is for people. A chip is told from others by no more than
 * that KEY, so that a note is an offer: nothing is ever written to a chip because of it.
 */
#include "isp/isp.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hex.h"

static const char low_fuse[] = "low-fuse";

static const struct {
    const char *name, *end, *what;
    enum avrspi_format format;
    enum avrspi_warning warning;
} kinds[AVRSPI_NOTE_KINDS] = {
    [AVRSPI_NOTE_EEPROM] = {"eeprom", "bin", "EEPROM", AVRSPI_FORMAT_RAW,
                            AVRSPI_WARNING_EEPROM_NOT_RESTORED},
    [AVRSPI_NOTE_BOOT] = {"boot", "hex", "boot section", AVRSPI_FORMAT_IHEX,
                          AVRSPI_WARNING_BOOT_NOT_RESTORED},
};

enum {
    KEY = 64,
    NAME_END = 9, /* of "62-E2.txt" */
};

/* --- names */

/* FNV-1a. Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, draft-eastlake-fnv. */
static uint64_t hash(uint64_t value, const char *text)
{
    do {
        value = (value ^ (uint8_t)*text) * UINT64_C(0x100000001B3);
    } while (*text++); /* with the NUL, so that two texts don't run together */
    return value;
}

/* "eeprom-1E950F-0123456789ABCDEF-" */
static const char *begin_of(const struct avrspi_session *session, const char *kind, char text[KEY])
{
    const uint8_t *signature = session->signature;
    uint64_t place = UINT64_C(0xCBF29CE484222325);

    if (*avrspi_link_identity(session->link)) {
        place = hash(place, avrspi_link_identity(session->link));
    } else {
        place = hash(place, avrspi_link_port(session->link));
        place = hash(place, avrspi_link_reset(session->link));
    }
    (void)snprintf(text, KEY, "%s-%02X%02X%02X-%016" PRIX64 "-", kind, signature[0], signature[1],
                   signature[2], place);
    return text;
}

/* The file with the content that belongs to a note, or the note that belongs to that: the same path
 * with another end of three letters. */
static char *beside(const char *path, const char *end)
{
    char *other = strdup(path);

    if (other)
        memcpy(other + strlen(other) - 3, end, 3);
    return other;
}

/* --- writing */

/* A new name in a folder lasts over a power failure once the folder is on the disk. */
static void sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    (void)fsync(fd);
    (void)close(fd);
}

static int write_note(const struct avrspi_session *session, const char *path, const char *what,
                      struct avrspi_error *error)
{
    const uint8_t *signature = session->signature;
    const time_t now = time(NULL);
    char when[64] = "", *text;
    struct tm parts;
    int size, result;

    if (gmtime_r(&now, &parts))
        (void)strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S UTC", &parts);
    size = asprintf(&text,
                    "%s\n\n"
                    "when       %s\n"
                    "chip       %s\n"
                    "signature  %02X %02X %02X\n"
                    "port       %s\n"
                    "reset      %s\n",
                    what, when, session->chip.name, signature[0], signature[1], signature[2],
                    avrspi_link_port(session->link), avrspi_link_reset(session->link));
    if (size < 0)
        return avrspi_fail_memory(error);
    result = avrspi_file_write(path, text, (size_t)size, error);
    free(text);
    if (result == 0)
        sync_folder(session->config.notes_folder);
    return result;
}

static int write_low(const struct avrspi_session *session, uint8_t low, uint8_t raised,
                     struct avrspi_error *error)
{
    char begin[KEY], what[256], *path;
    int result;

    if (asprintf(&path, "%s/%s%02X-%02X.txt", session->config.notes_folder,
                 begin_of(session, low_fuse, begin), low, raised) < 0)
        return avrspi_fail_memory(error);
    (void)snprintf(what, sizeof what,
                   "The low fuse byte of this chip is raised from 0x%02X to 0x%02X for the time of "
                   "a job.\nWhile this note is here, it may not have been set back.",
                   low, raised);
    result = write_note(session, path, what, error);
    free(path);
    return result;
}

int avrspi_note_low(const struct avrspi_session *session, uint8_t low, uint8_t raised,
                    struct avrspi_error *error)
{
    int result;

    if (!session->config.notes_folder)
        return 0;
    result = write_low(session, low, raised, error);
    if (result < 0) {
        avrspi_hint(error, "a note of the low fuse must be there before it is raised: the fuse "
                           "was left as it is");
        avrspi_advise(error, AVRSPI_ADVICE_NOTES_FOLDER, NULL);
    }
    return result;
}

/* A new file for the user alone, with that content. */
static int write_content(const char *folder, char *path, const void *data, size_t size,
                         struct avrspi_error *error)
{
    int fd = mkostemps(path, (int)strlen(".bin"), O_CLOEXEC);
    bool written = fd >= 0 && avrspi_file_write_all(fd, data, size) == 0 && fsync(fd) == 0;

    if (!written)
        avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't keep a copy in '%s'", folder);
    if (fd >= 0)
        (void)close(fd);
    if (fd >= 0 && !written)
        (void)unlink(path);
    return written ? 0 : AVRSPI_ERR_FAILURE;
}

/* The note of a content that is in a file already. */
static int write_note_of(const struct avrspi_session *session, enum avrspi_note_kind kind,
                         const char *path, struct avrspi_error *error)
{
    char *note = beside(path, "txt"), *what;
    int result;

    if (note && asprintf(&what,
                         "The %s of this chip is kept over a chip erase; what it held is in\n"
                         "%s\nWhile this note is here, it may not have been written back.",
                         kinds[kind].what, path) >= 0) {
        result = write_note(session, note, what, error);
        free(what);
    } else {
        result = avrspi_fail_memory(error);
    }
    free(note);
    return result;
}

static int write_both(const struct avrspi_session *session, enum avrspi_note_kind kind, char *path,
                      const void *data, size_t size, struct avrspi_error *error)
{
    int result = write_content(session->config.notes_folder, path, data, size, error);

    if (result < 0)
        return result;
    result = write_note_of(session, kind, path, error);
    if (result < 0)
        (void)unlink(path);
    return result;
}

int avrspi_note_content(const struct avrspi_session *session, enum avrspi_note_kind kind,
                        const void *data, size_t size, char **path, struct avrspi_error *error)
{
    char begin[KEY];
    int result;

    if (asprintf(path, "%s/%sXXXXXX.%s", session->config.notes_folder,
                 begin_of(session, kinds[kind].name, begin), kinds[kind].end) < 0) {
        *path = NULL;
        return avrspi_fail_memory(error);
    }
    result = write_both(session, kind, *path, data, size, error);
    if (result == 0)
        return 0;
    avrspi_hint(error, "nothing was erased");
    avrspi_advise(error, AVRSPI_ADVICE_NOTES_FOLDER, NULL);
    free(*path);
    *path = NULL;
    return result;
}

/* The content first: a note without one says nothing, and is removed by the next run. */
void avrspi_note_forget(const char *path)
{
    char *note = beside(path, "txt");

    (void)unlink(path);
    if (note)
        (void)unlink(note);
    free(note);
}

/* --- finding them again */

/* What is done with a note; 'end' is its name after the key. */
typedef void (*visitor)(struct avrspi_session *session, const char *path, const char *end,
                        const void *context);

static void visit_one(struct avrspi_session *session, const char *name, const char *begin,
                      visitor visit, const void *context)
{
    const size_t begins = strlen(begin), length = strlen(name);
    char *path;

    if (strncmp(name, begin, begins) != 0 || strcmp(name + length - 4, ".txt") != 0 ||
        asprintf(&path, "%s/%s", session->config.notes_folder, name) < 0)
        return;
    visit(session, path, name + begins, context);
    free(path);
}

/* All notes of a kind about the chip of this session, by name. */
static void each(struct avrspi_session *session, const char *kind, visitor visit,
                 const void *context)
{
    struct dirent **names;
    char begin[KEY];
    int count;

    if (!session->config.notes_folder)
        return;
    (void)begin_of(session, kind, begin);
    count = scandir(session->config.notes_folder, &names, NULL, alphasort);
    for (int n = 0; n < count; n++) {
        visit_one(session, names[n]->d_name, begin, visit, context);
        free(names[n]);
    }
    if (count >= 0)
        free(names);
}

/* --- the low fuse */

struct low_note {
    uint8_t low, raised;
};

static bool read_low(const char *end, struct low_note *note)
{
    return strlen(end) == NAME_END && end[2] == '-' && avrspi_hex_byte(end, 2, &note->low) &&
           avrspi_hex_byte(end + 3, 2, &note->raised);
}

/* A byte that is neither of the two is another chip's, or was written by somebody else. */
static void tell_low(struct avrspi_session *session, const char *path, const char *end,
                     const void *context)
{
    const uint8_t now = session->fuses.value[AVRSPI_FUSE_LOW];
    struct avrspi_event event = {
        .kind = AVRSPI_EVENT_WARNING,
        .warning = AVRSPI_WARNING_LOW_FUSE_RAISED,
        .path = path,
    };
    struct low_note note;

    (void)context;
    if (!session->fuses.given[AVRSPI_FUSE_LOW] || !read_low(end, &note))
        return;
    event.low_fuse = note.low;
    if (now == note.low)
        (void)unlink(path);
    else if (now == note.raised)
        avrspi_isp_emit(session, &event);
}

static void forget_low(struct avrspi_session *session, const char *path, const char *end,
                       const void *context)
{
    const uint8_t now = session->fuses.value[AVRSPI_FUSE_LOW], *before = context;
    struct low_note note;

    if (read_low(end, &note) && (now == note.low || *before == note.raised))
        (void)unlink(path);
}

void avrspi_note_low_written(struct avrspi_session *session, uint8_t before)
{
    each(session, low_fuse, forget_low, &before);
}

/* --- what was erased */

static void tell_content(struct avrspi_session *session, const char *path, const char *end,
                         const void *context)
{
    const enum avrspi_note_kind *kind = context;
    char *content = beside(path, kinds[*kind].end);
    struct avrspi_event event = {
        .kind = AVRSPI_EVENT_WARNING,
        .warning = kinds[*kind].warning,
        .path = content,
    };

    (void)end;
    if (content && access(content, F_OK) == 0)
        avrspi_isp_emit(session, &event);
    else if (content)
        (void)unlink(path);
    free(content);
}

/* Whether an image has each byte of another. */
static bool has_all(const struct avrspi_image *image, const struct avrspi_image *other)
{
    struct avrspi_segment segment;
    uint64_t at = 0;
    bool same = true;

    while (same && at <= UINT32_MAX && avrspi_image_next(other, (uint32_t)at, &segment)) {
        uint8_t *found = malloc(segment.size);

        same =
            found &&
            avrspi_image_get(image, segment.address, found, segment.size, 0xFF) == segment.size &&
            memcmp(found, segment.data, segment.size) == 0;
        free(found);
        at = (uint64_t)segment.address + segment.size;
    }
    return same;
}

struct written {
    enum avrspi_note_kind kind;
    const struct avrspi_image *image;
};

static void forget_content(struct avrspi_session *session, const char *path, const char *end,
                           const void *context)
{
    const struct written *written = context;
    char *content = beside(path, kinds[written->kind].end);
    struct avrspi_image *kept;

    (void)session;
    (void)end;
    if (content && avrspi_image_read(&kept, kinds[written->kind].format, content, NULL) == 0) {
        if (has_all(written->image, kept))
            avrspi_note_forget(content);
        avrspi_image_free(kept);
    }
    free(content);
}

void avrspi_note_written(struct avrspi_session *session, enum avrspi_note_kind kind,
                         const struct avrspi_image *image)
{
    const struct written written = {kind, image};

    each(session, kinds[kind].name, forget_content, &written);
}

void avrspi_note_tell(struct avrspi_session *session)
{
    each(session, low_fuse, tell_low, NULL);
    for (enum avrspi_note_kind kind = 0; kind < AVRSPI_NOTE_KINDS; kind++)
        each(session, kinds[kind].name, tell_content, &kind);
}
