/* SPDX-License-Identifier: MIT */
/* A folder that stands for /, with files of the kernel made up, one for each test. */
#ifndef AVRSPI_TESTS_SUPPORT_ROOT_H
#define AVRSPI_TESTS_SUPPORT_ROOT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char root[64];

static inline int root_set_up(void **state)
{
    (void)state;
    (void)snprintf(root, sizeof root, "/tmp/avrspi-test-XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static inline int root_remove_entry(const char *path, const struct stat *status, int kind,
                                    struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline int root_tear_down(void **state)
{
    (void)state;
    return nftw(root, root_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* The path below the root, with its folders made. */
static inline const char *place(const char *path)
{
    static char whole[512];

    (void)snprintf(whole, sizeof whole, "%s%s", root, path);
    for (char *slash = strchr(whole + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(whole, 0777);
        *slash = '/';
    }
    return whole;
}

static inline void put_bytes(const char *path, const char *data, size_t size)
{
    FILE *file = fopen(place(path), "w");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline void put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

static inline void put_link(const char *path, const char *target)
{
    assert_int_equal(symlink(target, place(path)), 0);
}

#endif
