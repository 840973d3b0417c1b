/* SPDX-License-Identifier: MIT */
/* Checksums by which people tell whether two files, or two memories, are the same. */
#ifndef AVRSPI_SRC_BASE_DIGEST_H
#define AVRSPI_SRC_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum {
    AVRSPI_SHA256_SIZE = 32,
};

/* The CRC-32 of ISO/IEC 3309, as zip, gzip and the program crc32 have it. 'crc' is 0, or that of
 * the bytes before. */
uint32_t avrspi_crc32(uint32_t crc, const void *data, size_t size);

/* The SHA-256 of FIPS 180-4, as sha256sum prints it. */
void avrspi_sha256(const void *data, size_t size, uint8_t hash[AVRSPI_SHA256_SIZE]);

#endif
