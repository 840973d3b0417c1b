/* SPDX-License-Identifier: MIT */
/*
 * Flashes two targets at once, each in a thread of its own, with a sink for its events.
 *
 *     cc two_at_once.c $(pkg-config --cflags --libs avrspi) -pthread -o two_at_once
 *     ./two_at_once blink.hex sim:atmega328p - sim:atmega168p -
 *     ./two_at_once blink.hex /dev/spidev0.0 GPIO25 /dev/spidev1.0 GPIO24
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include <avrspi/avrspi.h>

/* Both threads only read them. */
static struct avrspi_chips *chips;
static struct avrspi_image *image;

struct station {
    char *port, *reset;
    bool failed;
};

/* Each station's own sink. What is not 0 would end that station's work. */
static int print_progress(void *port, const struct avrspi_event *event)
{
    return event->kind == AVRSPI_EVENT_PROGRESS &&
           printf("%s: %zu of %zu bytes\n", (char *)port, event->done, event->total) < 0;
}

static void *flash(void *user)
{
    struct station *self = user;
    struct avrspi_link_config link = {.port = self->port, .reset = self->reset, .chips = chips};
    struct avrspi_session_config config = {
        .chips = chips, .event = print_progress, .user = self->port};
    struct avrspi_request request = {.flash = image, .erase = true, .verify = true};
    struct avrspi_session *session = NULL;
    struct avrspi_error error;

    self->failed = avrspi_link_open(&config.link, &link, &error) < 0 ||
                   avrspi_session_open(&session, &config, &error) < 0 ||
                   avrspi_session_identify(session, &error) < 0 ||
                   avrspi_job_run(session, &request, NULL, &error) < 0;
    /* closing can fail too; the first error is the one to report */
    self->failed |= avrspi_session_close(session, self->failed ? NULL : &error) < 0;
    self->failed |= avrspi_link_close(config.link, self->failed ? NULL : &error) < 0;
    printf("%s: %s\n", self->port, self->failed ? error.message : "flashed");
    return NULL;
}

int main(int argc, char **argv)
{
    struct avrspi_error error = {0};
    struct station stations[2];
    pthread_t threads[2];

    if (argc != 6) {
        fprintf(stderr, "usage: two_at_once FILE PORT RESET PORT RESET\n");
        return 2;
    }
    if (avrspi_chips_open(&chips, &error) < 0 ||
        avrspi_image_read(&image, AVRSPI_FORMAT_AUTO, argv[1], &error) < 0) {
        fprintf(stderr, "two_at_once: %s\n", error.message);
        return 1;
    }
    for (int n = 0; n < 2; n++) {
        stations[n] = (struct station){.port = argv[2 + 2 * n], .reset = argv[3 + 2 * n]};
        pthread_create(&threads[n], NULL, flash, &stations[n]);
    }
    for (int n = 0; n < 2; n++)
        pthread_join(threads[n], NULL);
    avrspi_image_free(image);
    avrspi_chips_close(chips);
    return stations[0].failed || stations[1].failed;
}
