/* SPDX-License-Identifier: MIT */
/*
 * Flashes two targets at once, each in a thread of its own, with a sink for its events.
 *
 *     cc two_at_once.c $(pkg-config --cflags --libs avrspi) -pthread -o two_at_once
 *     ./two_at_once blink.hex sim:atmega328p - sim:atmega168p -
 *     ./two_at_once blink.hex /dev/spidev0.0 GPIO25 /dev/spidev1.0 GPIO24
 */
#include <pthread.h>
#include <stdio.h>

#include <avrspi/avrspi.h>

/* Both threads read them only. */
static struct avrspi_chips *chips;
static struct avrspi_image *image;

/* Each station's own sink. What is not 0 would end that station's work. */
static int print_progress(void *port, const struct avrspi_event *event)
{
    return event->kind == AVRSPI_EVENT_PROGRESS &&
           printf("%s: %zu of %zu bytes\n", (char *)port, event->done, event->total) < 0;
}

static void *flash(void *port_and_reset)
{
    char *port = ((char **)port_and_reset)[0], *reset = ((char **)port_and_reset)[1];
    struct avrspi_link_config link = {.port = port, .reset = reset, .chips = chips};
    struct avrspi_session_config config = {.chips = chips, .event = print_progress, .user = port};
    struct avrspi_request request = {.flash = image, .erase = true, .verify = true};
    struct avrspi_session *session = NULL;
    struct avrspi_error error = {0};

    if (avrspi_link_open(&config.link, &link, &error) == 0 &&
        avrspi_session_open(&session, &config, &error) == 0 &&
        avrspi_session_identify(session, &error) == 0)
        avrspi_job_run(session, &request, NULL, &error);
    avrspi_session_close(session, &error);
    avrspi_link_close(config.link, &error);
    printf("%s: %s\n", port, error.code ? error.message : "flashed");
    return error.code ? port_and_reset : NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[2];
    void *failed[2];

    if (argc != 6 || avrspi_chips_open(&chips, NULL) < 0 ||
        avrspi_image_read(&image, AVRSPI_FORMAT_AUTO, argv[1], NULL) < 0)
        return 2;
    for (int n = 0; n < 2; n++)
        pthread_create(&threads[n], NULL, flash, &argv[2 + 2 * n]);
    for (int n = 0; n < 2; n++)
        pthread_join(threads[n], &failed[n]);
    avrspi_image_free(image);
    avrspi_chips_close(chips);
    return failed[0] || failed[1];
}
