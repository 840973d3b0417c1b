/* SPDX-License-Identifier: MIT */
/*
 * The smallest program that uses libavrspi: prints the signature of a target.
 *
 *     cc signature.c $(pkg-config --cflags --libs avrspi) -o signature
 *     ./signature sim:atmega328p
 *     ./signature /dev/spidev0.0 GPIO25
 */
#include <stdio.h>

#include <avrspi/avrspi.h>

static int print_signature(const struct avrspi_chips *chips, struct avrspi_link *link,
                           struct avrspi_error *error)
{
    const struct avrspi_session_config config = {.link = link, .chips = chips};
    struct avrspi_session *session;
    uint8_t signature[3];
    int result = avrspi_session_open(&session, &config, error);

    if (result == 0)
        result = avrspi_session_signature(session, signature, error);
    if (result == 0)
        result = avrspi_session_identify(session, error);
    if (result == 0)
        printf("%02X %02X %02X  %s\n", signature[0], signature[1], signature[2],
               avrspi_chip_name(avrspi_session_chip(session)));
    avrspi_session_close(session, NULL);
    return result;
}

int main(int argc, char **argv)
{
    struct avrspi_chips *chips = NULL;
    struct avrspi_link *link = NULL;
    struct avrspi_error error = {0};
    struct avrspi_link_config config = {
        .port = argc > 1 ? argv[1] : "/dev/spidev0.0",
        .reset = argc > 2 ? argv[2] : "GPIO25",
    };
    int result = avrspi_chips_open(&chips, &error);

    config.chips = chips;
    if (result == 0)
        result = avrspi_link_open(&link, &config, &error);
    if (result == 0)
        result = print_signature(chips, link, &error);
    if (result < 0)
        fprintf(stderr, "signature: %s\n  %s\n", error.message, error.hint);
    avrspi_link_close(link, NULL);
    avrspi_chips_close(chips);
    return result < 0;
}
