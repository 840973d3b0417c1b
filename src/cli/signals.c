/* SPDX-License-Identifier: MIT */
#include "cli/signals.h"

#include <pthread.h>
#include <stddef.h>

#include "base/error.h"

volatile sig_atomic_t interrupted;

static const int numbers[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned holders;

static void on_signal(int number)
{
    interrupted = number;
}

/* What nohup has set stays. */
static void set_signals(void (*handler)(int))
{
    const struct sigaction action = {.sa_handler = handler};

    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
        struct sigaction old;

        if (numbers[n] == SIGHUP && sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
            continue;
        (void)sigaction(numbers[n], &action, NULL);
    }
}

void signals_hold(void)
{
    (void)pthread_mutex_lock(&mutex);
    if (holders++ == 0)
        set_signals(on_signal);
    (void)pthread_mutex_unlock(&mutex);
}

void signals_release(void)
{
    (void)pthread_mutex_lock(&mutex);
    if (--holders == 0)
        set_signals(SIG_DFL);
    (void)pthread_mutex_unlock(&mutex);
}

/* One that comes between the look and the wait must not be missed: it is blocked meanwhile. */
void signals_wait(void)
{
    sigset_t ours, before;

    (void)sigemptyset(&ours);
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        (void)sigaddset(&ours, numbers[n]);
    (void)pthread_sigmask(SIG_BLOCK, &ours, &before);
    while (!interrupted)
        (void)sigsuspend(&before);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int signals_check(int result, struct avrspi_error *error)
{
    return result == 0 && interrupted ? avrspi_fail(error, AVRSPI_ERR_INTERRUPTED, "interrupted")
                                      : result;
}
