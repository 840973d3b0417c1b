/* SPDX-License-Identifier: MIT */
#include "every_chip.h"

#include <string.h>

enum {
    FIRST_CALIBRATION = 0xA1, /* of a simulated chip; those of further oscillators count up */
    MOST_CALIBRATION = 4,
};

static bool check_calibration(struct run *run)
{
    const struct avrspi_chip *chip = run->chip;
    uint8_t bytes[MOST_CALIBRATION] = {0};
    int result;

    NEED(run, chip->calibration_bytes <= MOST_CALIBRATION, "%u calibration bytes",
         chip->calibration_bytes);
    NEED(run, chip->instruction[AVRSPI_READ_CALIBRATION].defined == (chip->calibration_bytes > 0),
         "%u calibration bytes, and the instruction that reads them does not fit that",
         chip->calibration_bytes);
    result = avrspi_session_read(run->session, AVRSPI_MEMORY_CALIBRATION, 0, bytes,
                                 chip->calibration_bytes, &run->error);
    if (!ends(run, result, 0, "read calibration"))
        return false;
    for (unsigned n = 0; n < chip->calibration_bytes; n++)
        NEED(run, bytes[n] == FIRST_CALIBRATION + n, "calibration byte %u reads 0x%02X", n,
             bytes[n]);
    result = avrspi_session_read(run->session, AVRSPI_MEMORY_CALIBRATION, 0, bytes,
                                 chip->calibration_bytes + 1U, &run->error);
    return ends(run, result, AVRSPI_ERR_USAGE, "read a calibration byte too many");
}

bool check_identity(struct run *run)
{
    const struct avrspi_chip *chip = avrspi_session_chip(run->session);
    uint8_t signature[3], again[3];
    int result = avrspi_session_signature(run->session, signature, &run->error);

    if (!ends(run, result, 0, "signature"))
        return false;
    NEED(run, memcmp(signature, run->chip->signature, 3) == 0, "the signature reads %02X %02X %02X",
         signature[0], signature[1], signature[2]);
    result = avrspi_session_read(run->session, AVRSPI_MEMORY_SIGNATURE, 0, again, 3, &run->error);
    if (!ends(run, result, 0, "read signature"))
        return false;
    NEED(run, memcmp(signature, again, 3) == 0, "the signature reads differently as a memory");
    NEED(run, chip && strcmp(chip->name, run->chip->name) == 0, "it was taken for a %s",
         chip ? chip->name : "chip not known");
    NEED(run, !avrspi_session_candidate(run->session, 0), "a chip that was named has a candidate");
    return check_calibration(run);
}
