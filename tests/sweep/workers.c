/* SPDX-License-Identifier: MIT */
/*
 * All cells, by several processes: each takes the next piece of some cells of one scene and kind,
 * until none is left. One that dies or takes too long is named by the cell that it was at.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sweep.h"

enum {
    PIECE = 32,     /* cells */
    LONGEST_S = 60, /* of a cell, by the clock of this computer */
    MOST_WORKERS = 64,
};

struct place {
    unsigned subject, job, kind;
    uint64_t n, count;
};

struct shared {
    atomic_uint_least64_t next_piece;
    struct {
        char text[128];
    } at[MOST_WORKERS];
};

static uint64_t cells_of(const struct plan *plan, const struct scene *scene)
{
    return plan->bits && plan->bits < scene->pulses ? plan->bits : scene->pulses;
}

/* The first cell of a piece; false behind the last. */
static bool find_piece(const struct plan *plan, uint64_t piece, struct place *place)
{
    for (unsigned at = 0; at < SUBJECTS * MOST_JOBS * KINDS; at++) {
        unsigned kind = at % KINDS, job = at / KINDS % MOST_JOBS, subject = at / KINDS / MOST_JOBS;
        const struct scene *scene = plan->scene[subject][job];
        uint64_t count = scene && plan->kind[kind] ? cells_of(plan, scene) : 0;
        uint64_t pieces = (count + PIECE - 1) / PIECE;

        if (piece < pieces) {
            *place = (struct place){subject, job, kind, piece * PIECE, count};
            return true;
        }
        piece -= pieces;
    }
    return false;
}

static void write_cell(const struct scene *scene, const char *fault, char text[128])
{
    (void)snprintf(text, 128, "sweep --chip %s --job %s --fault %s", scene->subject->name,
                   scene->job->name, fault);
}

static const char *word_for(const struct plan *plan, const struct outcome *outcome)
{
    static const char *const words[VERDICTS] = {[VERDICT_WRONG] = "wrong", [VERDICT_HANG] = "hang"};

    if (words[outcome->verdict])
        return words[outcome->verdict];
    if (outcome->unreachable)
        return "unreachable";
    if (plan->verbose > 1 && outcome->mute)
        return "not named";
    return plan->verbose > 1 && outcome->violations ? "violation" : NULL;
}

static void tell(const struct plan *plan, const char *cell, const struct outcome *outcome)
{
    const char *word = word_for(plan, outcome);
    char line[3 * TEXT];

    if (!plan->verbose || !word)
        return;
    (void)snprintf(line, sizeof line, "%-11s %s: %s%s%s%s%s\n", word, cell,
                   outcome->result < 0 ? outcome->error.message : "exit 0",
                   *outcome->differs ? "; " : "", outcome->differs, *outcome->kinds ? "; " : "",
                   outcome->kinds);
    (void)!write(STDOUT_FILENO, line, strlen(line)); /* a line at once, beside the others' */
}

static void count(struct tally *tally, const struct outcome *outcome)
{
    tally->tried++;
    tally->verdict[outcome->verdict]++;
    tally->unreachable += outcome->unreachable;
    tally->mute += outcome->mute;
    tally->violating += outcome->violations > 0;
}

static void run_piece(const struct plan *plan, const struct place *place, tallies *shared,
                      struct avrspi_sim *sim, char at[128])
{
    const struct scene *scene = plan->scene[place->subject][place->job];

    for (uint64_t n = place->n; n < place->count && n < place->n + PIECE; n++) {
        const struct avrspi_sim_bit_fault fault =
            fault_at((enum avrspi_sim_bit_fault_kind)place->kind, scene->pulses, place->count, n,
                     plan->seed);
        struct outcome outcome;
        char text[32];

        fault_write(&fault, text);
        write_cell(scene, text, at);
        (void)alarm(LONGEST_S);
        cell_run(scene, &fault, NULL, sim, &outcome);
        tell(plan, at, &outcome);
        count(&(*shared)[place->subject][place->job][place->kind], &outcome);
    }
}

static void work(const struct plan *plan, tallies *tally, struct shared *shared, unsigned number)
{
    struct avrspi_sim *sim = malloc(avrspi_sim_size);
    struct place place;

    if (!sim)
        _exit(2);
    while (find_piece(plan, shared->next_piece++, &place))
        run_piece(plan, &place, tally, sim, shared->at[number].text);
    free(sim);
    _exit(0);
}

static bool wait_for(pid_t child, const char *at)
{
    int status;

    if (waitpid(child, &status, 0) == child && status == 0)
        return true;
    (void)fprintf(stderr, "sweep: a worker %s at: %s\n",
                  WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? "hangs" : "died", at);
    return false;
}

bool workers_run(const struct plan *plan, tallies *tally)
{
    unsigned workers = plan->workers < MOST_WORKERS ? plan->workers : MOST_WORKERS;
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child[MOST_WORKERS];
    bool done = true;

    if (shared == MAP_FAILED)
        return false;
    (void)fflush(NULL);
    for (unsigned n = 0; n < workers; n++) {
        child[n] = fork();
        if (child[n] == 0)
            work(plan, tally, shared, n);
    }
    for (unsigned n = 0; n < workers; n++)
        done = child[n] > 0 && wait_for(child[n], shared->at[n].text) && done;
    (void)munmap(shared, sizeof *shared);
    return done;
}
