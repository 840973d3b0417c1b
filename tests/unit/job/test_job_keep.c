/* SPDX-License-Identifier: MIT */
/* Notes of what a chip has to get back, in files that outlive a run that is cut off. */
#include "rig.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "isp/isp.h"

static const uint8_t content[] = {0x12, 0x34, 0xFF, 0x56};
static const struct avrspi_request keep = {.erase = true, .keep_eeprom = true, .verify = true};

/* --- the folder, and the warnings of a session */

struct notes {
    struct rig *rig;
    char folder[32];
    char found[512]; /* the file that was looked at last */
    size_t warnings; /* of notes */
    char path[512];  /* of the last one */
    enum avrspi_warning kind;
    uint8_t low;
};

static int watch(void *user, const struct avrspi_event *event)
{
    struct notes *notes = user;

    if (event->kind != AVRSPI_EVENT_WARNING ||
        (event->warning != AVRSPI_WARNING_LOW_FUSE_RAISED &&
         event->warning != AVRSPI_WARNING_EEPROM_NOT_RESTORED))
        return 0;
    notes->warnings++;
    notes->kind = event->warning;
    notes->low = event->low_fuse;
    (void)snprintf(notes->path, sizeof notes->path, "%s", event->path);
    return 0;
}

static struct notes begin(struct rig *rig)
{
    return (struct notes){.rig = rig, .folder = "/tmp/test-notes-XXXXXX"};
}

static void use(struct notes *notes)
{
    assert_non_null(mkdtemp(notes->folder));
    notes->rig->config.notes_folder = notes->folder;
    notes->rig->config.event = watch;
    notes->rig->config.user = notes;
}

/* How many files begin and end so; the path of one of them is notes->found. */
static size_t count(struct notes *notes, const char *head, const char *tail)
{
    DIR *folder = opendir(notes->folder);
    struct dirent *entry;
    size_t files = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        size_t length = strlen(entry->d_name);

        if (strncmp(entry->d_name, head, strlen(head)) != 0 || length < strlen(tail) ||
            strcmp(entry->d_name + length - strlen(tail), tail) != 0 || *entry->d_name == '.')
            continue;
        files++;
        (void)snprintf(notes->found, sizeof notes->found, "%s/%s", notes->folder, entry->d_name);
    }
    assert_int_equal(closedir(folder), 0);
    return files;
}

static void assert_files(struct notes *notes, size_t files)
{
    assert_int_equal(count(notes, "", ""), files);
}

static void assert_text_has(const char *path, const char *words)
{
    char *text;
    size_t size;

    assert_int_equal(avrspi_file_read(path, &text, &size, NULL), 0);
    if (!strstr(text, words))
        fail_msg("expected '%s' in '%s'", words, text);
    free(text);
}

static void assert_content(const char *path, const uint8_t *data, size_t size)
{
    size_t found_size;
    char *found;

    assert_int_equal(avrspi_file_read(path, &found, &found_size, NULL), 0);
    assert_int_equal(found_size, size);
    assert_memory_equal(found, data, size);
    free(found);
}

/* Opens a session, and takes what it warns of. */
static void look(struct notes *notes, const char *words)
{
    notes->warnings = 0;
    rig_restart(notes->rig, words);
}

/* The folder must be empty. */
static void end(struct notes *notes)
{
    rig_unplug(notes->rig);
    assert_int_equal(rmdir(notes->folder), 0);
}

static int raise_low(struct rig *rig)
{
    return avrspi_session_raise_clock(rig->session, 0xE2, &rig->error);
}

static int set_back(struct rig *rig)
{
    return avrspi_session_restore_clock(rig->session, &rig->error);
}

static void new_low(struct rig *rig, uint8_t low)
{
    rig_new_fused(rig, "atmega328p", (const uint8_t[]){low, 0xD9, 0xFF, 0xFF});
}

/* --- the low fuse */

/* Another process that ends in the middle, as by SIGKILL. */
static void raise_and_vanish(struct rig *rig, const char *words)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        rig_start(rig, words);
        _exit(raise_low(rig) == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* Whenever a low byte is written, a note is there. */
static void note_is_there(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)in;
    if (out[0] == 0xAC && (out[1] & 0xF8) == 0xA0)
        assert_int_equal(count(user, "low-fuse-1E950F-", "-62-E2.txt"), 1);
}

static void note_of_a_low_fuse_while_it_is_raised(void **state)
{
    struct notes notes = begin(*state);
    struct rig *rig = *state;

    use(&notes);
    rig_start(rig, "atmega328p");
    rig->wire->tamper = note_is_there;
    rig->wire->user = &notes;
    assert_files(&notes, 0);
    rig_assert_ok(rig, raise_low(rig));
    assert_files(&notes, 1);
    assert_text_has(notes.found, "raised from 0x62 to 0xE2");
    assert_text_has(notes.found, "ATmega328P");
    assert_text_has(notes.found, "1E 95 0F");
    rig_assert_ok(rig, set_back(rig));
    assert_files(&notes, 0);
    assert_int_equal(notes.warnings, 0);
    end(&notes);
}

static void note_of_a_low_fuse_ends_with_the_session(void **state)
{
    struct notes notes = begin(*state);
    struct rig *rig = *state;

    use(&notes);
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, raise_low(rig));
    end(&notes);
}

/* The job's own low byte is the raised one, or another. */
static void note_of_a_low_fuse_ends_with_the_final_byte(void **state)
{
    static const uint8_t finals[] = {0xE2, 0xFF, 0x62};
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(finals); n++) {
        struct notes notes = begin(rig);

        use(&notes);
        new_low(rig, 0x62);
        rig_start(rig, "atmega328p");
        rig_assert_ok(rig, raise_low(rig));
        assert_files(&notes, 1);
        rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, finals[n]));
        end(&notes);
    }
}

static void note_of_a_low_fuse_that_is_still_raised(void **state)
{
    struct notes notes = begin(*state);
    struct rig *rig = *state;

    use(&notes);
    raise_and_vanish(rig, "atmega328p");
    new_low(rig, 0xE2);
    for (int n = 0; n < 2; n++) { /* it is an offer each time */
        look(&notes, "atmega328p");
        assert_int_equal(notes.warnings, 1);
        assert_int_equal(notes.kind, AVRSPI_WARNING_LOW_FUSE_RAISED);
        assert_int_equal(notes.low, 0x62);
        assert_text_has(notes.path, "raised from 0x62 to 0xE2");
        assert_int_equal(avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_LOW], 0xE2);
    }
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_HIGH, 0xD1));
    assert_files(&notes, 1);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0x62));
    assert_files(&notes, 0);
    end(&notes);
}

static void note_of_a_low_fuse_that_was_set_back(void **state)
{
    struct notes notes = begin(*state);
    struct rig *rig = *state;

    use(&notes);
    raise_and_vanish(rig, "atmega328p");
    new_low(rig, 0x62);
    assert_files(&notes, 1);
    look(&notes, "atmega328p");
    assert_int_equal(notes.warnings, 0);
    end(&notes);
}

/* A byte that is neither of the two, another port, another signature. */
static void note_of_a_low_fuse_of_another_chip(void **state)
{
    struct notes notes = begin(*state);
    struct rig *rig = *state;

    use(&notes);
    raise_and_vanish(rig, "atmega328p");
    new_low(rig, 0xFF);
    look(&notes, "atmega328p");
    assert_int_equal(notes.warnings, 0);
    rig_unplug(rig);
    new_low(rig, 0xE2);
    look(&notes, "atmega328p,pull=up");
    assert_int_equal(notes.warnings, 0);
    rig_unplug(rig);
    rig_new_fused(rig, "atmega168", (const uint8_t[]){0xE2, 0xDF, 0xF9, 0xFF});
    look(&notes, "atmega168");
    assert_int_equal(notes.warnings, 0);
    assert_files(&notes, 1);
    assert_int_equal(unlink(notes.found), 0);
    end(&notes);
}

static void low_fuse_without_a_place_for_a_note_is_not_raised(void **state)
{
    struct rig *rig = *state;

    rig->config.notes_folder = "/proc/no-such-folder";
    rig_start(rig, "atmega328p");
    rig_assert_error(rig, raise_low(rig), AVRSPI_ERR_FAILURE, "low-fuse-1E950F-",
                     "the fuse was left as it is");
    rig_assert_advice(rig, AVRSPI_ADVICE_NOTES_FOLDER);
    assert_false(avrspi_session_clock_is_raised(rig->session));
    assert_int_equal(rig_load(rig, "atmega328p")->fuse[AVRSPI_FUSE_LOW], 0x62);
}

/* --- the EEPROM */

static void new_eeprom(struct rig *rig, const uint8_t *data, size_t size)
{
    memcpy(rig_new_chip(rig, "atmega328p")->eeprom, data, size);
    rig_save(rig, "atmega328p");
}

static void vanish_at_the_erase(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    (void)in;
    if (out[0] == 0xAC && (out[1] & 0xE0) == 0x80)
        _exit(0);
}

static void erase_and_vanish(struct rig *rig)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        rig_start(rig, "atmega328p");
        rig->wire->tamper = vanish_at_the_erase;
        (void)avrspi_job_run(rig->session, &keep, NULL, NULL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void note_of_an_eeprom_that_is_restored(void **state)
{
    struct notes notes = begin(*state);
    struct rig *rig = *state;

    use(&notes);
    new_eeprom(rig, content, sizeof content);
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, avrspi_job_run(rig->session, &keep, &rig->result, &rig->error));
    end(&notes);
}

static void note_of_an_eeprom_that_was_not_restored(void **state)
{
    struct notes notes = begin(*state);
    struct rig *rig = *state;
    uint8_t all[1024];

    memset(all, 0xFF, sizeof all);
    memcpy(all, content, sizeof content);
    use(&notes);
    new_eeprom(rig, content, sizeof content);
    erase_and_vanish(rig);
    assert_int_equal(count(&notes, "eeprom-1E950F-", ".txt"), 1);
    assert_text_has(notes.found, "kept over a chip erase");
    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0x62, 0xD9, 0xFF, 0xFF});
    look(&notes, "atmega328p");
    assert_int_equal(notes.warnings, 1);
    assert_int_equal(notes.kind, AVRSPI_WARNING_EEPROM_NOT_RESTORED);
    assert_content(notes.path, all, sizeof all);

    /* other bytes, or not looked at: it stays */
    rig_assert_ok(rig, rig_eeprom(rig, rig_image_of(rig, 0, all, sizeof content), true));
    rig_assert_ok(rig, rig_eeprom(rig, rig_image_of(rig, 0, all, sizeof all), false));
    assert_files(&notes, 2);
    rig_assert_ok(rig, rig_eeprom(rig, rig_image_of(rig, 0, all, sizeof all), true));
    end(&notes);
}

/* Two boards in one place: what was kept of the first is there still. */
static void notes_of_two_eeproms(void **state)
{
    static const uint8_t other[] = {0x01, 0x02};
    struct notes notes = begin(*state);
    struct rig *rig = *state;

    use(&notes);
    new_eeprom(rig, content, sizeof content);
    erase_and_vanish(rig);
    new_eeprom(rig, other, sizeof other);
    erase_and_vanish(rig);
    look(&notes, "atmega328p");
    assert_int_equal(notes.warnings, 2);
    while (count(&notes, "eeprom", ".bin") > 0) /* whoever deletes the content is rid of the note */
        assert_int_equal(unlink(notes.found), 0);
    assert_files(&notes, 2);
    look(&notes, "atmega328p");
    assert_int_equal(notes.warnings, 0);
    end(&notes);
}

static void content_is_for_the_user_alone(void **state)
{
    struct notes notes = begin(*state);
    struct rig *rig = *state;
    struct stat status;
    char *path;

    use(&notes);
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, avrspi_note_content(rig->session, AVRSPI_NOTE_EEPROM, content,
                                           sizeof content, &path, &rig->error));
    assert_content(path, content, sizeof content);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    avrspi_note_forget(path);
    free(path);
    end(&notes);
}

static void eeprom_without_a_place_for_a_note_is_not_erased(void **state)
{
    struct rig *rig = *state;

    rig->config.notes_folder = "/proc/no-such-folder";
    new_eeprom(rig, content, sizeof content);
    rig_start(rig, "atmega328p");
    rig_assert_error(rig, avrspi_job_run(rig->session, &keep, &rig->result, &rig->error),
                     AVRSPI_ERR_FAILURE, "can't keep a copy in '/proc/no-such-folder'",
                     "nothing was erased");
    assert_int_equal(rig->error.sys_errno, ENOENT);
    rig_assert_advice(rig, AVRSPI_ADVICE_NOTES_FOLDER);
    assert_memory_equal(rig_load(rig, "atmega328p")->eeprom, content, sizeof content);
}

/* A disk that is full at once, after two bytes, or after the content: rmdir() shows that nothing is
 * left. */
static void eeprom_on_a_full_disk_leaves_no_file(void **state)
{
    static const rlim_t limits[] = {0, 2, sizeof content};
    struct rig *rig = *state;

    (void)signal(SIGXFSZ, SIG_IGN);
    for (size_t n = 0; n < LENGTH(limits); n++) {
        struct notes notes = begin(rig);
        struct rlimit before, limit;
        char *path = NULL;
        int result;

        use(&notes);
        rig_restart(rig, "atmega328p");
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
        limit = before;
        limit.rlim_cur = limits[n];
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        result = avrspi_note_content(rig->session, AVRSPI_NOTE_EEPROM, content, sizeof content,
                                     &path, &rig->error);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        rig_assert_error(rig, result, AVRSPI_ERR_FAILURE, "", "nothing was erased");
        assert_int_equal(rig->error.sys_errno, EFBIG);
        assert_null(path);
        end(&notes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(note_of_a_low_fuse_while_it_is_raised),
        RIG_TEST(note_of_a_low_fuse_ends_with_the_session),
        RIG_TEST(note_of_a_low_fuse_ends_with_the_final_byte),
        RIG_TEST(note_of_a_low_fuse_that_is_still_raised),
        RIG_TEST(note_of_a_low_fuse_that_was_set_back),
        RIG_TEST(note_of_a_low_fuse_of_another_chip),
        RIG_TEST(low_fuse_without_a_place_for_a_note_is_not_raised),
        RIG_TEST(note_of_an_eeprom_that_is_restored),
        RIG_TEST(note_of_an_eeprom_that_was_not_restored),
        RIG_TEST(notes_of_two_eeproms),
        RIG_TEST(content_is_for_the_user_alone),
        RIG_TEST(eeprom_without_a_place_for_a_note_is_not_erased),
        RIG_TEST(eeprom_on_a_full_disk_leaves_no_file),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
