/* SPDX-License-Identifier: MIT */
/* Checksums, against the test vectors that standards and other programs give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"

static void crc32_of_known_texts(void **state)
{
    (void)state;
    assert_int_equal(avrspi_crc32(0, "", 0), 0);
    assert_int_equal(avrspi_crc32(0, "123456789", 9), 0xCBF43926); /* the check value of CRC-32 */
    assert_int_equal(avrspi_crc32(avrspi_crc32(0, "1234", 4), "56789", 5), 0xCBF43926);
}

static void assert_sha256(const char *text, size_t size, const char *expected)
{
    uint8_t hash[AVRSPI_SHA256_SIZE];
    char hex[2 * AVRSPI_SHA256_SIZE + 1];

    avrspi_sha256(text, size, hash);
    for (size_t n = 0; n < sizeof hash; n++)
        (void)snprintf(hex + 2 * n, 3, "%02x", hash[n]);
    assert_string_equal(hex, expected);
}

/* FIPS 180-4's examples, and lengths around those that take one more block, by sha256sum. */
static void sha256_of_known_texts(void **state)
{
    static char a[1000000];

    (void)state;
    memset(a, 'a', sizeof a);
    assert_sha256("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_sha256("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_sha256(a, 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    assert_sha256(a, 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    assert_sha256(a, sizeof a, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32_of_known_texts),
        cmocka_unit_test(sha256_of_known_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
