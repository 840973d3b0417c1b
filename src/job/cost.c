/* SPDX-License-Identifier: MIT */
/*
 * What a step costs, counted in what goes over the wire and in writes that take their time. The
 * forecast takes the longest wait of every write; the limit, after the run, the waits that were
 * seen.
 */
#include "job/job.h"

#include "isp/isp.h"

enum {
    SIGNATURE = 7, /* instructions: two readings of three bytes, and one with a pattern */
    CHECKS = 2,    /* presence checks around what is read */
    LEARN = 4,     /* at most: whether the third byte comes back */
    FUSE_READINGS = 2,
    ERASED = 7, /* bytes that are looked at when a chip was erased, at three places of the flash */
    PLACES = 3,
    PROFIT = 3,     /* times what trials of the clock cost at most */
    BANK = 0x20000, /* bytes of flash that one extended address reaches */
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

/* How often the extended address is loaded on the way through that range, at most. */
static uint64_t banks(const struct avrspi_plan *plan, enum avrspi_memory memory,
                      const struct avrspi_range *range)
{
    if (memory != AVRSPI_MEMORY_FLASH || range->size == 0 ||
        !plan->chip->instruction[AVRSPI_LOAD_EXT_ADDRESS].defined)
        return 0;
    return (range->address + (range->size - 1)) / BANK - range->address / BANK + 1;
}

struct avrspi_cost avrspi_cost_read(const struct avrspi_plan *plan, enum avrspi_memory memory,
                                    const struct avrspi_range *range)
{
    const size_t pieces =
        avrspi_isp_pieces(plan->state.max_transfer, plan->sck_hz, range->address, range->size);
    const uint64_t loaded = banks(plan, memory, range);

    if (memory == AVRSPI_MEMORY_FUSES || memory == AVRSPI_MEMORY_LOCK)
        return (struct avrspi_cost){0}; /* they are known */
    return (struct avrspi_cost){
        .instructions = range->size,
        .overhead = pieces * CHECKS + loaded + (loaded ? LEARN : 0),
    };
}

struct avrspi_cost avrspi_cost_look(const struct avrspi_plan *plan, uint32_t bytes)
{
    struct avrspi_cost cost = {0};

    for (uint32_t at = 0; at < bytes; at += AVRSPI_LOOK_PIECE) {
        const uint32_t left = bytes - at;
        const struct avrspi_range piece = {at, left < AVRSPI_LOOK_PIECE ? left : AVRSPI_LOOK_PIECE};
        const struct avrspi_cost once = avrspi_cost_read(plan, AVRSPI_MEMORY_EEPROM, &piece);

        avrspi_cost_add(&cost, &once);
    }
    return cost;
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

static struct avrspi_cost read_back_at_last(const struct avrspi_plan *plan,
                                            const struct avrspi_pages *pages)
{
    struct avrspi_cost cost = {0};
    struct avrspi_range range;

    for (size_t n = 0; avrspi_pages_range(pages, pages->write, n, &range); n++) {
        const struct avrspi_cost reading = avrspi_cost_read(plan, pages->memory, &range);

        avrspi_cost_add(&cost, &reading);
    }
    return cost;
}

/* Each read-back loads the extended address anew. */
static struct avrspi_cost read_back_at_once(const struct avrspi_plan *plan,
                                            const struct avrspi_pages *pages)
{
    const uint64_t units = avrspi_pages_marked(pages, pages->write);
    const struct avrspi_range unit = {pages->start, pages->unit};

    return (struct avrspi_cost){
        .instructions = units * pages->unit,
        .overhead = units * (CHECKS + banks(plan, pages->memory, &unit)),
    };
}

struct avrspi_cost avrspi_cost_write(const struct avrspi_plan *plan,
                                     const struct avrspi_pages *pages, bool verify)
{
    const uint64_t units = avrspi_pages_marked(pages, pages->write);
    const bool at_once = verify && avrspi_unit_reads_back_at_once(plan->chip, pages->memory);
    const struct avrspi_range all = {pages->start, pages->size};
    struct avrspi_cost cost = {.overhead = 1}; /* a presence check at the end */
    struct avrspi_cost reading = {0};

    if (units == 0)
        return cost;
    cost.instructions = loads(plan, pages);
    /* a presence check before each unit, unless a read-back is there, which has its own */
    cost.overhead += LEARN + (at_once ? 0 : units) + banks(plan, pages->memory, &all);
    cost.writes[pages->memory == AVRSPI_MEMORY_FLASH ? AVRSPI_WAIT_FLASH : AVRSPI_WAIT_EEPROM] =
        units;
    if (verify)
        reading = (at_once ? read_back_at_once : read_back_at_last)(plan, pages);
    avrspi_cost_add(&cost, &reading);
    return cost;
}

struct avrspi_cost avrspi_cost_erase(const struct avrspi_plan *plan)
{
    const bool extended = plan->chip->instruction[AVRSPI_LOAD_EXT_ADDRESS].defined;

    return (struct avrspi_cost){
        .instructions = 1,
        .overhead = CHECKS + LEARN + ERASED + CHECKS + (extended ? PLACES : 0),
        .writes[AVRSPI_WAIT_ERASE] = 1,
        .entries = plan->chip->pulse_after_erase,
    };
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
        cost.writes[AVRSPI_WAIT_FUSE]++;
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
                  cost->entries * (avrspi_isp_entry_ns(plan->state.slow_reset) +
                                   wire_ns(1, plan->state.entry_sck_hz));

    for (int kind = 0; kind < AVRSPI_WAITS; kind++)
        ns +=
            avrspi_busy_at_most_ns(plan->chip, (enum avrspi_wait)kind, cost->writes[kind], sck_hz);
    return ns;
}

uint64_t avrspi_cost_instructions(const struct avrspi_plan *plan)
{
    const struct avrspi_request *request = plan->request;
    uint64_t sum = plan->looking.instructions + plan->looking.overhead;

    for (size_t n = 0; n < plan->n_items; n++)
        sum += plan->items[n].cost.instructions + plan->items[n].cost.overhead;
    if (!plan->complete && request->flash)
        sum += 2 * avrspi_image_size(request->flash);
    if (!plan->complete && request->eeprom)
        sum += 2 * avrspi_image_size(request->eeprom);
    return sum;
}

bool avrspi_cost_probe_pays(const struct avrspi_plan *plan, uint32_t probe_hz, uint64_t probe_ns)
{
    const uint64_t instructions = avrspi_cost_instructions(plan);

    return probe_hz > plan->sck_hz && wire_ns(instructions, plan->sck_hz) >
                                          wire_ns(instructions, probe_hz) + PROFIT * probe_ns;
}

uint64_t avrspi_cost_limit_ns(const struct avrspi_cost *cost, uint32_t sck_hz, bool slow_reset,
                              const uint64_t wait_ns[AVRSPI_WAITS])
{
    uint64_t ns =
        wire_ns(cost->instructions, sck_hz) + cost->entries * avrspi_isp_reset_low_ns(slow_reset);

    for (int kind = 0; kind < AVRSPI_WAITS; kind++)
        ns += cost->writes[kind] * wait_ns[kind];
    return ns;
}
