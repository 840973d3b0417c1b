/* SPDX-License-Identifier: MIT */
/*
 *     sweep [--chip NAME] [--job NAME] [--kind KIND] [--bits N] [--seed N] [--workers N]
 *           [--sim WORDS] [--most N] [--by-chip] [-v]
 *     sweep --chip NAME --job NAME --fault FAULT [--trace FILE]
 *
 * Every bit unless --bits says how many of each job and kind. Exit 1 when more cells are wrong than
 * --most says (0), or one hangs. WORDS are those of a "sim:" port, such as echo=promised; -v tells
 * each cell that is wrong or ends with a chip that can't be entered, -vv also errors that do not
 * name what else has changed, and violations of the datasheet.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "simhost/simhost.h"
#include "sweep.h"

struct options {
    const char *chip, *job, *kind, *sim, *fault, *trace;
    uint64_t bits;
    uint32_t seed;
    unsigned workers, most;
    bool by_chip;
    int verbose;
};

static const char usage[] =
    "usage: sweep [--chip NAME] [--job NAME] [--kind mosi|miso|lost|extra|cut] [--bits N]\n"
    "             [--seed N] [--workers N] [--sim WORDS] [--most N] [--by-chip] [-v]\n"
    "       sweep --chip NAME --job NAME --fault FAULT [--sim WORDS] [--trace FILE]\n";

static bool parse(struct options *options, int argc, char **argv)
{
    static const struct option names[] = {
        {"chip", required_argument, NULL, 'c'},
        {"job", required_argument, NULL, 'j'},
        {"kind", required_argument, NULL, 'k'},
        {"bits", required_argument, NULL, 'b'},
        {"seed", required_argument, NULL, 's'},
        {"workers", required_argument, NULL, 'w'},
        {"sim", required_argument, NULL, 'S'},
        {"fault", required_argument, NULL, 'f'},
        {"trace", required_argument, NULL, 't'},
        {"by-chip", no_argument, NULL, 'B'},
        {"verbose", no_argument, NULL, 'v'},
        {"most", required_argument, NULL, 'm'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    *options = (struct options){.sim = "", .workers = (unsigned)sysconf(_SC_NPROCESSORS_ONLN)};
    while ((letter = getopt_long(argc, argv, "v", names, NULL)) != -1) {
        switch (letter) {
        case 'c':
            options->chip = optarg;
            break;
        case 'j':
            options->job = optarg;
            break;
        case 'k':
            options->kind = optarg;
            break;
        case 'b':
            options->bits = strtoull(optarg, NULL, 0);
            break;
        case 's':
            options->seed = (uint32_t)strtoul(optarg, NULL, 0);
            break;
        case 'w':
            options->workers = (unsigned)strtoul(optarg, NULL, 0);
            break;
        case 'S':
            options->sim = optarg;
            break;
        case 'f':
            options->fault = optarg;
            break;
        case 't':
            options->trace = optarg;
            break;
        case 'm':
            options->most = (unsigned)strtoul(optarg, NULL, 0);
            break;
        case 'B':
            options->by_chip = true;
            break;
        case 'v':
            options->verbose++;
            break;
        default:
            return false;
        }
    }
    return optind == argc;
}

static bool chosen(const char *wanted, const char *name)
{
    return !wanted || strcasecmp(wanted, name) == 0;
}

/* Makes the scenes that were asked for, and does each once without a fault. */
static unsigned make_scenes(struct plan *plan, const struct options *options,
                            const struct avrspi_chips *chips, struct avrspi_sim *sim)
{
    unsigned made = 0;

    for (size_t n = 0; n < SUBJECTS; n++) {
        for (size_t job = 0; job < job_count(); job++) {
            struct outcome outcome;
            struct scene *scene;

            if (!chosen(options->chip, subjects[n].name) || !chosen(options->job, jobs[job].name))
                continue;
            scene = scene_new(chips, &subjects[n], &jobs[job], options->sim);
            if (!scene)
                continue;
            plan->scene[n][job] = scene;
            made++;
            if (!cell_learn(scene, sim, &outcome)) {
                (void)fprintf(stderr, "sweep: %s on %s without a fault: %s; %s; %s\n",
                              jobs[job].name, subjects[n].name, outcome.error.message,
                              outcome.differs, outcome.kinds);
                return 0;
            }
        }
    }
    if (made == 0)
        (void)fputs("sweep: no job of that name on a chip of that name\n", stderr);
    return made;
}

static void free_scenes(struct plan *plan)
{
    for (size_t n = 0; n < SUBJECTS; n++)
        for (size_t job = 0; job < MOST_JOBS; job++)
            scene_free(plan->scene[n][job]);
}

static int sweep(struct plan *plan, const struct options *options)
{
    tallies *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool done;
    unsigned wrong;

    if (shared == MAP_FAILED)
        return 2;
    done = workers_run(plan, shared);
    table_print(plan, shared, options->by_chip);
    wrong = table_wrong(shared);
    done = done && wrong <= options->most && table_hangs(shared) == 0;
    printf("\n%u wrong, at most %u expected\n", wrong, options->most);
    (void)munmap(shared, sizeof *shared);
    return !done;
}

/* --- one cell */

static const struct scene *only_scene(const struct plan *plan)
{
    for (size_t n = 0; n < SUBJECTS; n++)
        for (size_t job = 0; job < MOST_JOBS; job++)
            if (plan->scene[n][job])
                return plan->scene[n][job];
    return NULL;
}

static bool read_fault(const struct scene *scene, const char *words,
                       struct avrspi_sim_bit_fault *fault)
{
    struct avrspi_sim_port port;
    struct avrspi_error error = {0};
    char all[TEXT];

    (void)snprintf(all, sizeof all, "%s,fault=%s", subject_chip(scene->subject), words);
    if (avrspi_sim_port_parse(&port, all, scene->chips, &error) < 0 ||
        port.config.n_bit_faults != 1) {
        (void)fprintf(stderr, "sweep: expected one fault of a bit, found '%s'\n", words);
        return false;
    }
    *fault = port.config.bit_fault[0];
    return true;
}

static int run_one(const struct plan *plan, const struct options *options, struct avrspi_sim *sim)
{
    static const char *const words[VERDICTS] = {"right", "error", "wrong", "excused", "hang"};
    const struct scene *scene = only_scene(plan);
    struct avrspi_sim_bit_fault fault;
    struct outcome outcome;

    if (!read_fault(scene, options->fault, &fault))
        return 2;
    cell_run(scene, &fault, options->trace, sim, &outcome);
    printf("%s%s%s\n", words[outcome.verdict], outcome.mute ? ", not named" : "",
           outcome.unreachable ? ", unreachable" : "");
    printf("pulses     %" PRIu64 " without a fault\n", scene->pulses);
    printf("result     %d %s\n", outcome.result, outcome.error.message);
    if (*outcome.error.hint)
        printf("hint       %s\n", outcome.error.hint);
    printf("differs    %s\n", *outcome.differs ? outcome.differs : "nothing");
    printf("violations %s\n", *outcome.kinds ? outcome.kinds : "none");
    return outcome.verdict == VERDICT_WRONG || outcome.verdict == VERDICT_HANG;
}

int main(int argc, char **argv)
{
    struct options options;
    struct plan plan = {0};
    struct avrspi_chips *chips = NULL;
    struct avrspi_sim *sim = NULL;
    int status = 2;

    if (!parse(&options, argc, argv) || (options.fault && (!options.chip || !options.job))) {
        (void)fputs(usage, stderr);
        return 2;
    }
    plan.bits = options.bits;
    plan.seed = options.seed;
    plan.workers = options.workers;
    plan.verbose = options.verbose;
    for (int kind = 0; kind < KINDS; kind++)
        plan.kind[kind] = chosen(options.kind, kind_name((enum avrspi_sim_bit_fault_kind)kind));
    sim = malloc(avrspi_sim_size);
    if (!sim || avrspi_chips_open(&chips, NULL) < 0)
        goto end;
    if (make_scenes(&plan, &options, chips, sim))
        status = options.fault ? run_one(&plan, &options, sim) : sweep(&plan, &options);
end:
    free_scenes(&plan);
    avrspi_chips_close(chips);
    free(sim);
    return status;
}
