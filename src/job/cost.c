/* SPDX-License-Identifier: MIT */
/*
 * What a step costs, counted in what the wire carries and what the chip waits for. The forecast
 * takes the longest wait of every write; the limit, after the run, takes the waits that were seen.
 */
#include "job/job.h"

#include "isp/isp.h"

enum {
    SIGNATURE = 7,       /* instructions: two readings of three bytes, and one with a pattern */
    CHECKS = 2,          /* presence checks around what is read */
    LEARN = 3,           /* before the first write: whether the third byte comes back */
    POLLS_PER_WRITE = 3, /* at a slow SCK: one that comes too early, two that agree */
    FUSE_READINGS = 2,
    ERASED = 7, /* bytes that are looked at when a chip was erased */
};

static uint64_t wire_ns(uint64_t instructions, uint32_t sck_hz)
{
    return instructions * 32 * UINT64_C(1000000000) / sck_hz;
}

void avrspi_cost_add(struct avrspi_cost *sum, const struct avrspi_cost *cost)
{
    sum->instructions += cost->instructions;
    sum->overhead += cost->overhead;
    sum->entries += cost->entries;
    for (int kind = 0; kind < AVRSPI_WAITS; kind++)
        sum->writes[kind] += cost->writes[kind];
}

static void add_writes(const struct avrspi_plan *plan, struct avrspi_cost *cost,
                       enum avrspi_wait kind, uint64_t count)
{
    cost->writes[kind] += count;
    if (plan->chip->instruction[AVRSPI_POLL_RDY_BSY].defined)
        cost->overhead += count * POLLS_PER_WRITE;
}

struct avrspi_cost avrspi_cost_read(const struct avrspi_plan *plan, uint64_t bytes)
{
    size_t piece = avrspi_isp_piece(plan->state.max_transfer, plan->sck_hz);

    return (struct avrspi_cost){
        .instructions = bytes,
        .overhead = (bytes + piece - 1) / piece * CHECKS,
    };
}

/* The instructions that load and write the marked units of a memory. */
static uint64_t loads(const struct avrspi_plan *plan, const struct avrspi_pages *pages)
{
    uint64_t count = 0;

    if (avrspi_memory_page(plan->chip, pages->memory) == 0)
        return avrspi_pages_marked(pages, pages->write);
    for (uint32_t n = 0; n < pages->size; n++)
        count += pages->write[n / pages->unit] &&
                 (pages->memory == AVRSPI_MEMORY_FLASH ||
                  pages->wanted[n] != (pages->current ? pages->current[n] : 0xFF));
    return count + avrspi_pages_marked(pages, pages->write);
}

struct avrspi_cost avrspi_cost_write(const struct avrspi_plan *plan,
                                     const struct avrspi_pages *pages, bool verify)
{
    uint64_t units = avrspi_pages_marked(pages, pages->write);
    bool at_once = verify && avrspi_unit_reads_back_at_once(plan->chip, pages->memory);
    struct avrspi_cost cost = {
        .instructions = loads(plan, pages),
        .overhead = units * (at_once ? CHECKS : 1) + LEARN,
    };

    if (verify)
        cost.instructions += units * pages->unit;
    add_writes(plan, &cost,
               pages->memory == AVRSPI_MEMORY_FLASH ? AVRSPI_WAIT_FLASH : AVRSPI_WAIT_EEPROM,
               units);
    return cost;
}

struct avrspi_cost avrspi_cost_erase(const struct avrspi_plan *plan)
{
    struct avrspi_cost cost = {
        .instructions = 1,
        .overhead = CHECKS + LEARN + ERASED + CHECKS,
        .entries = plan->chip->pulse_after_erase,
    };

    add_writes(plan, &cost, AVRSPI_WAIT_ERASE, 1);
    return cost;
}

struct avrspi_cost avrspi_cost_read_fuses(const struct avrspi_plan *plan)
{
    struct avrspi_cost cost = {.overhead = CHECKS};

    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++)
        cost.instructions +=
            avrspi_fuse_readable(plan->chip, (enum avrspi_fuse)fuse) ? FUSE_READINGS : 0;
    return cost;
}

struct avrspi_cost avrspi_cost_fuses(const struct avrspi_plan *plan,
                                     const struct avrspi_fuses *after)
{
    const struct avrspi_cost reading = avrspi_cost_read_fuses(plan);
    struct avrspi_cost cost = {0};

    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
        if (!after->given[fuse] ||
            (plan->now.given[fuse] && plan->now.value[fuse] == after->value[fuse]))
            continue;
        if (cost.instructions == 0)
            cost.overhead += LEARN;
        cost.instructions++;
        cost.overhead += CHECKS;
        add_writes(plan, &cost, AVRSPI_WAIT_FUSE, 1);
        if (avrspi_fuse_readable(plan->chip, (enum avrspi_fuse)fuse))
            avrspi_cost_add(&cost, &reading);
    }
    return cost;
}

struct avrspi_cost avrspi_cost_opening(const struct avrspi_plan *plan)
{
    struct avrspi_cost cost = avrspi_cost_read_fuses(plan);

    cost.instructions += SIGNATURE;
    cost.entries = 1;
    return cost;
}

uint64_t avrspi_cost_at_most_ns(const struct avrspi_cost *cost, const struct avrspi_plan *plan,
                                uint32_t sck_hz)
{
    uint64_t ns = wire_ns(cost->instructions + cost->overhead, sck_hz) +
                  cost->entries * (AVRSPI_ENTRY_NS + wire_ns(1, plan->state.entry_sck_hz));

    for (int kind = 0; kind < AVRSPI_WAITS; kind++)
        ns += cost->writes[kind] * plan->chip->wait_us[kind] * AVRSPI_NS_PER_US;
    return ns;
}

uint64_t avrspi_cost_limit_ns(const struct avrspi_cost *cost, uint32_t sck_hz,
                              const uint64_t wait_ns[AVRSPI_WAITS])
{
    uint64_t ns = wire_ns(cost->instructions, sck_hz) + cost->entries * AVRSPI_RESET_LOW_NS;

    for (int kind = 0; kind < AVRSPI_WAITS; kind++)
        ns += cost->writes[kind] * wait_ns[kind];
    return ns;
}
