/* SPDX-License-Identifier: MIT */
/* The copy of an EEPROM, in a file that outlives what may happen to the chip. */
#include "rig.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "job/job.h"

static const uint8_t content[] = {0x12, 0x34, 0xFF, 0x56};

static char *new_folder(char template[])
{
    assert_non_null(mkdtemp(template));
    return template;
}

static void save_writes_a_file_for_the_user_alone(void **state)
{
    char folder[] = "/tmp/test-keep-XXXXXX", *path, *data;
    struct avrspi_error error = {0};
    struct stat status;
    size_t size;

    (void)state;
    assert_int_equal(avrspi_keep_save(new_folder(folder), "eeprom-XXXXXX.bin", content,
                                      sizeof content, &path, &error),
                     0);
    assert_int_equal(strncmp(path, folder, strlen(folder)), 0);
    assert_string_equal(path + strlen(path) - 4, ".bin");
    assert_int_equal(avrspi_file_read(path, &data, &size, &error), 0);
    assert_int_equal(size, sizeof content);
    assert_memory_equal(data, content, size);
    free(data);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    free(path);
}

static void save_twice_makes_two_files(void **state)
{
    char folder[] = "/tmp/test-keep-XXXXXX", *first, *second;

    (void)state;
    (void)new_folder(folder);
    assert_int_equal(
        avrspi_keep_save(folder, "eeprom-XXXXXX.bin", content, sizeof content, &first, NULL), 0);
    assert_int_equal(
        avrspi_keep_save(folder, "eeprom-XXXXXX.bin", content, sizeof content, &second, NULL), 0);
    assert_string_not_equal(first, second);
    assert_int_equal(unlink(first) + unlink(second) + rmdir(folder), 0);
    free(first);
    free(second);
}

static void save_without_a_place_fails(void **state)
{
    struct avrspi_error error = {0};
    char *path = NULL;

    (void)state;
    assert_int_equal(avrspi_keep_save("/proc/no-such-folder", "eeprom-XXXXXX.bin", content,
                                      sizeof content, &path, &error),
                     AVRSPI_ERR_FAILURE);
    assert_null(path);
    assert_int_equal(error.code, AVRSPI_ERR_FAILURE);
    assert_int_equal(error.sys_errno, ENOENT);
    assert_string_equal(error.hint, "nothing was erased");
}

/* A disk that is full at once, or after two bytes: rmdir() shows that nothing is left. */
static void save_that_can_not_write_leaves_no_file(void **state)
{
    static const rlim_t limits[] = {0, 2};

    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    for (size_t n = 0; n < LENGTH(limits); n++) {
        char folder[] = "/tmp/test-keep-XXXXXX", *path = NULL;
        struct avrspi_error error = {0};
        struct rlimit before, limit;
        int result;

        (void)new_folder(folder);
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
        limit = before;
        limit.rlim_cur = limits[n];
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        errno = 0;
        result =
            avrspi_keep_save(folder, "eeprom-XXXXXX.bin", content, sizeof content, &path, &error);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(result, AVRSPI_ERR_FAILURE);
        assert_int_equal(error.sys_errno, EFBIG);
        assert_null(path);
        assert_int_equal(rmdir(folder), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(save_writes_a_file_for_the_user_alone),
        cmocka_unit_test(save_twice_makes_two_files),
        cmocka_unit_test(save_without_a_place_fails),
        cmocka_unit_test(save_that_can_not_write_leaves_no_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
