/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

/* Each test runs in a new, empty directory of its own: files_here() tells whether a temporary
 * file was left behind. */
static char directory[64];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(directory, sizeof directory, "/tmp/avrspi-test-XXXXXX");
    return mkdtemp(directory) ? chdir(directory) : -1;
}

static int tear_down(void **state)
{
    DIR *open = opendir(".");

    (void)state;
    for (struct dirent *entry = readdir(open); entry; entry = readdir(open)) {
        (void)remove(entry->d_name);
    }
    (void)closedir(open);
    return chdir("/") < 0 ? -1 : rmdir(directory);
}

mode_t __real_umask(mode_t mask);
mode_t __wrap_umask(mode_t mask);

static unsigned umask_calls;

mode_t __wrap_umask(mode_t mask)
{
    umask_calls++;
    return __real_umask(mask);
}

ssize_t __real_getrandom(void *buffer, size_t size, unsigned flags);
ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags);

static unsigned zeros; /* so many random numbers are 0 */

ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags)
{
    if (zeros == 0)
        return __real_getrandom(buffer, size, flags);
    zeros--;
    memset(buffer, 0, size);
    return (ssize_t)size;
}

static size_t files_here(void)
{
    DIR *open = opendir(".");
    size_t count = 0;

    assert_non_null(open);
    while (readdir(open)) {
        count++;
    }
    (void)closedir(open);
    return count - 2; /* "." and ".." */
}

static void assert_reads(const char *path, const void *expected, size_t expected_size)
{
    char *data;
    size_t size;

    assert_int_equal(avrspi_file_read(path, &data, &size, NULL), 0);
    assert_int_equal(size, expected_size);
    assert_memory_equal(data, expected, size);
    assert_int_equal(data[size], '\0');
    free(data);
}

static void assert_writes(const char *path, const char *text)
{
    struct avrspi_error error = {.message = ""};
    int result = avrspi_file_write(path, text, strlen(text), &error);

    assert_string_equal(error.message, "");
    assert_int_equal(result, 0);
}

static mode_t mode_of(const char *path)
{
    struct stat status;

    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

static void file_read_what_was_written(void **state)
{
    (void)state;
    assert_int_equal(avrspi_file_write("a", "x\0y", 3, NULL), 0);
    assert_reads("a", "x\0y", 3);
}

static void file_read_empty(void **state)
{
    (void)state;
    assert_int_equal(avrspi_file_write("a", NULL, 0, NULL), 0);
    assert_reads("a", "", 0);
}

static void file_read_sizes_around_the_buffer(void **state)
{
    static char data[3 * 65536];

    (void)state;
    memset(data, 'x', sizeof data);
    for (size_t size = 65534; size <= 65537; size++) {
        assert_int_equal(avrspi_file_write("a", data, size, NULL), 0);
        assert_reads("a", data, size);
    }
    assert_int_equal(avrspi_file_write("a", data, sizeof data, NULL), 0);
    assert_reads("a", data, sizeof data);
}

static void file_read_missing(void **state)
{
    struct avrspi_error error;
    char *data;
    size_t size;

    (void)state;
    assert_int_equal(avrspi_file_read("a", &data, &size, &error), AVRSPI_ERR_INPUT);
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
    assert_int_equal(error.sys_errno, ENOENT);
    assert_string_equal(error.message, "can't open 'a': No such file or directory");
}

static void file_read_directory(void **state)
{
    struct avrspi_error error;
    char *data;
    size_t size;

    (void)state;
    assert_int_equal(avrspi_file_read(".", &data, &size, &error), AVRSPI_ERR_INPUT);
    assert_int_equal(error.sys_errno, EISDIR);
    assert_string_equal(error.message, "can't read '.': Is a directory");
}

static void file_read_too_large(void **state)
{
    struct avrspi_error error;
    char *data;
    size_t size;

    (void)state;
    assert_int_equal(avrspi_file_read("/dev/zero", &data, &size, &error), AVRSPI_ERR_INPUT);
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "'/dev/zero' is too large: more than 256 MiB");
}

static void file_read_standard_input(void **state)
{
    int ends[2], saved = dup(STDIN_FILENO);

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "hello", 5), 5);
    (void)close(ends[1]);
    (void)dup2(ends[0], STDIN_FILENO);
    (void)close(ends[0]);
    assert_reads("-", "hello", 5);
    (void)dup2(saved, STDIN_FILENO);
    (void)close(saved);
}

static void file_read_closed_standard_input(void **state)
{
    struct avrspi_error error;
    char *data;
    size_t size;
    int saved = dup(STDIN_FILENO), result;

    (void)state;
    (void)close(STDIN_FILENO);
    result = avrspi_file_read("-", &data, &size, &error);
    (void)dup2(saved, STDIN_FILENO);
    (void)close(saved);
    assert_int_equal(result, AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "can't read 'standard input': Bad file descriptor");
}

static void file_write_new_has_the_usual_mode(void **state)
{
    mode_t mask = umask(027);

    (void)state;
    assert_writes("a", "x");
    assert_int_equal(umask(mask), 027);
    assert_int_equal(mode_of("a"), 0640);
    assert_int_equal(files_here(), 1);
}

/* The umask belongs to the process: a file that another thread creates at that moment would get
 * the wrong mode. */
static void file_write_leaves_the_umask_alone(void **state)
{
    unsigned before = umask_calls;

    (void)state;
    assert_writes("a", "x");
    assert_writes("a", "y");
    assert_int_equal(umask_calls, before);
}

static void file_write_over_keeps_the_mode(void **state)
{
    (void)state;
    assert_writes("a", "old and longer");
    assert_int_equal(chmod("a", 0604), 0);
    assert_writes("a", "new");
    assert_reads("a", "new", 3);
    assert_int_equal(mode_of("a"), 0604);
    assert_int_equal(files_here(), 1);
}

/* A name that is taken is left alone, and another one tried. */
static void file_write_where_a_temporary_name_is_taken(void **state)
{
    struct avrspi_error error;

    (void)state;
    assert_writes("a.00000000", "x");
    zeros = 2;
    assert_writes("a", "y");
    assert_int_equal(zeros, 0);
    assert_reads("a.00000000", "x", 1);
    assert_reads("a", "y", 1);
    zeros = 1000;
    assert_int_equal(avrspi_file_write("a", "z", 1, &error), AVRSPI_ERR_FAILURE);
    zeros = 0;
    assert_int_equal(error.sys_errno, EEXIST);
    assert_reads("a", "y", 1);
    assert_int_equal(files_here(), 2);
}

static void file_write_through_a_link(void **state)
{
    struct stat status;

    (void)state;
    assert_writes("a", "old");
    assert_int_equal(symlink("a", "link"), 0);
    assert_writes("link", "new");
    assert_reads("a", "new", 3);
    assert_int_equal(lstat("link", &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

static void file_write_no_directory(void **state)
{
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_file_write("b/a", "x", 1, &error), AVRSPI_ERR_FAILURE);
    assert_int_equal(error.sys_errno, ENOENT);
    assert_string_equal(error.message,
                        "can't create a file next to 'b/a': No such file or directory");
}

static void file_write_to_a_directory(void **state)
{
    struct avrspi_error error;

    (void)state;
    assert_int_equal(mkdir("b", 0777), 0);
    assert_int_equal(avrspi_file_write("b", "x", 1, &error), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "can't open 'b' for writing: Is a directory");
    assert_int_equal(files_here(), 1);
}

/* Files can't grow past 'bytes' from here on. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    (void)signal(SIGXFSZ, bytes == RLIM_INFINITY ? SIG_DFL : SIG_IGN);
}

static void file_write_that_fails_keeps_the_old_file(void **state)
{
    struct avrspi_error error;
    int result;

    (void)state;
    assert_writes("a", "old");
    limit_files(2);
    result = avrspi_file_write("a", "new", 3, &error);
    limit_files(RLIM_INFINITY);
    assert_int_equal(result, AVRSPI_ERR_FAILURE);
    assert_int_equal(error.sys_errno, EFBIG);
    assert_string_equal(error.message, "can't write 'a': File too large");
    assert_reads("a", "old", 3);
    assert_int_equal(files_here(), 1);
}

static void file_write_over_a_link_that_leads_nowhere(void **state)
{
    (void)state;
    assert_int_equal(symlink("nowhere", "link"), 0);
    assert_writes("link", "x");
    assert_reads("link", "x", 1);
    assert_int_equal(files_here(), 1);
}

static void file_write_device(void **state)
{
    struct stat status;
    struct avrspi_error error;

    (void)state;
    assert_writes("/dev/null", "x");
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
    assert_int_equal(avrspi_file_write("/dev/full", "x", 1, &error), AVRSPI_ERR_FAILURE);
    assert_int_equal(error.sys_errno, ENOSPC);
    assert_string_equal(error.message, "can't write '/dev/full': No space left on device");
}

static void file_write_standard_output(void **state)
{
    int ends[2], saved = dup(STDOUT_FILENO), result;
    char got[8];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    (void)fflush(stdout);
    (void)dup2(ends[1], STDOUT_FILENO);
    (void)close(ends[1]);
    result = avrspi_file_write("-", "hello", 5, NULL);
    (void)dup2(saved, STDOUT_FILENO);
    (void)close(saved);
    assert_int_equal(result, 0);
    assert_int_equal(read(ends[0], got, sizeof got), 5);
    assert_memory_equal(got, "hello", 5);
    (void)close(ends[0]);
    assert_int_equal(files_here(), 0);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(file_read_what_was_written),
        IN_DIRECTORY(file_read_empty),
        IN_DIRECTORY(file_read_sizes_around_the_buffer),
        IN_DIRECTORY(file_read_missing),
        IN_DIRECTORY(file_read_directory),
        IN_DIRECTORY(file_read_too_large),
        IN_DIRECTORY(file_read_standard_input),
        IN_DIRECTORY(file_read_closed_standard_input),
        IN_DIRECTORY(file_write_new_has_the_usual_mode),
        IN_DIRECTORY(file_write_leaves_the_umask_alone),
        IN_DIRECTORY(file_write_over_keeps_the_mode),
        IN_DIRECTORY(file_write_where_a_temporary_name_is_taken),
        IN_DIRECTORY(file_write_through_a_link),
        IN_DIRECTORY(file_write_no_directory),
        IN_DIRECTORY(file_write_to_a_directory),
        IN_DIRECTORY(file_write_that_fails_keeps_the_old_file),
        IN_DIRECTORY(file_write_over_a_link_that_leads_nowhere),
        IN_DIRECTORY(file_write_device),
        IN_DIRECTORY(file_write_standard_output),
    };

    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
