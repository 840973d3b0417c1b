/* SPDX-License-Identifier: MIT */
#include "cli/signals.h"

#include <pthread.h>
#include <stddef.h>

volatile sig_atomic_t interrupted;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned holders;

static void on_signal(int number)
{
    interrupted = number;
}

/* What nohup has set stays. */
static void set_signals(void (*handler)(int))
{
    static const int numbers[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
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
