/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "sweep.h"

struct sum {
    unsigned tried, verdict[VERDICTS], unreachable, mute, violating;
};

static void add(struct sum *sum, struct tally *tally)
{
    sum->tried += tally->tried;
    for (int n = 0; n < VERDICTS; n++)
        sum->verdict[n] += tally->verdict[n];
    sum->unreachable += tally->unreachable;
    sum->mute += tally->mute;
    sum->violating += tally->violating;
}

/* Of one chip, or of all (SUBJECTS). */
static struct sum sum_of(tallies *shared, unsigned subject, size_t job, int kind)
{
    struct sum sum = {0};

    for (unsigned n = 0; n < SUBJECTS; n++)
        if (subject == SUBJECTS || subject == n)
            add(&sum, &(*shared)[n][job][kind]);
    return sum;
}

static unsigned wrong(const struct sum *sum)
{
    return sum->verdict[VERDICT_WRONG];
}

static unsigned excused(const struct sum *sum)
{
    return sum->verdict[VERDICT_EXCUSED];
}

static unsigned hangs(const struct sum *sum)
{
    return sum->verdict[VERDICT_HANG];
}

static unsigned unreachable(const struct sum *sum)
{
    return sum->unreachable;
}

static unsigned mute(const struct sum *sum)
{
    return sum->mute;
}

static unsigned violating(const struct sum *sum)
{
    return sum->violating;
}

static const struct {
    const char *title;
    unsigned (*value)(const struct sum *sum);
    bool always;
} tables[] = {
    {"exit 0 and wrong, of cells tried", wrong, true},
    {"the same in a single pass, where one bit of a byte or of its address was flipped: not "
     "counted",
     excused, false},
    {"chips that can't be entered again with good wires", unreachable, false},
    {"hangs", hangs, false},
    {"errors that do not name what else has changed", mute, false},
    {"cells in which the datasheet was violated", violating, false},
};

enum {
    TABLES = sizeof tables / sizeof *tables,
};

static bool is_empty_row(tallies *shared, unsigned subject, size_t job,
                         unsigned (*value)(const struct sum *sum))
{
    for (int kind = 0; kind < KINDS; kind++) {
        struct sum sum = sum_of(shared, subject, job, kind);

        if (value(&sum))
            return false;
    }
    return true;
}

static void print_row(const struct plan *plan, tallies *shared, unsigned subject, size_t job,
                      unsigned (*value)(const struct sum *sum))
{
    printf("%-15s", jobs[job].name);
    for (int kind = 0; kind < KINDS; kind++) {
        struct sum sum = sum_of(shared, subject, job, kind);
        char text[32] = "-";

        if (!plan->kind[kind])
            continue;
        if (sum.tried)
            (void)snprintf(text, sizeof text, "%u / %u", value(&sum), sum.tried);
        printf("%17s", text);
    }
    putchar('\n');
}

static void print_title(const struct plan *plan, unsigned subject, const char *title)
{
    printf("\n%s%s%s\n%-15s", subject < SUBJECTS ? subjects[subject].name : "",
           subject < SUBJECTS ? ": " : "", title, "");
    for (int kind = 0; kind < KINDS; kind++)
        if (plan->kind[kind])
            printf("%17s", kind_name((enum avrspi_sim_bit_fault_kind)kind));
    putchar('\n');
}

static bool was_tried(const struct plan *plan, unsigned subject, size_t job)
{
    for (unsigned n = 0; n < SUBJECTS; n++)
        if (plan->scene[n][job] && (subject == SUBJECTS || subject == n))
            return true;
    return false;
}

/* The rows of 0 are printed in the first table only. */
static void print_table(const struct plan *plan, tallies *shared, unsigned subject, size_t table)
{
    bool began = false;

    for (size_t job = 0; job < job_count(); job++) {
        if (!was_tried(plan, subject, job) ||
            (!tables[table].always && is_empty_row(shared, subject, job, tables[table].value)))
            continue;
        if (!began)
            print_title(plan, subject, tables[table].title);
        began = true;
        print_row(plan, shared, subject, job, tables[table].value);
    }
}

void table_print(const struct plan *plan, tallies *shared, bool by_chip)
{
    for (unsigned subject = by_chip ? 0 : SUBJECTS; subject <= SUBJECTS; subject++)
        for (size_t n = 0; n < TABLES; n++)
            print_table(plan, shared, subject, n);
}

static unsigned total(tallies *shared, unsigned (*value)(const struct sum *sum))
{
    unsigned count = 0;

    for (size_t job = 0; job < MOST_JOBS; job++) {
        for (int kind = 0; kind < KINDS; kind++) {
            struct sum sum = sum_of(shared, SUBJECTS, job, kind);

            count += value(&sum);
        }
    }
    return count;
}

unsigned table_wrong(tallies *shared)
{
    return total(shared, wrong);
}

unsigned table_hangs(tallies *shared)
{
    return total(shared, hangs);
}
