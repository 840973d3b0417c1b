/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "link/tap.h"
#include "sweep.h"

enum {
    TRANSFER = 4096,
    PATIENCE_S =
        300, /* of virtual time: an erase that is not proven is followed by a reading of all */
};

/* --- a link straight to a simulation */

struct wire {
    struct avrspi_sim *sim;
    uint32_t hz;
    uint64_t deadline_ns, bytes;
    bool hangs;
};

static int transfer(void *self, const uint8_t *out, uint8_t *in, size_t size,
                    struct avrspi_error *error)
{
    struct wire *wire = self;

    wire->hangs = wire->hangs || avrspi_sim_now(wire->sim) > wire->deadline_ns;
    if (wire->hangs)
        return avrspi_fail(error, AVRSPI_ERR_DEVICE, "the job goes on for too long");
    avrspi_sim_transfer(wire->sim, out, in, size, wire->hz);
    wire->bytes += size;
    return 0;
}

static int set_speed(void *self, uint32_t hz, uint32_t *actual, struct avrspi_error *error)
{
    struct wire *wire = self;

    (void)error;
    wire->hz = hz;
    *actual = hz;
    return 0;
}

static int set_reset(void *self, bool active, struct avrspi_error *error)
{
    const struct wire *wire = self;

    (void)error;
    avrspi_sim_reset(wire->sim, active);
    return 0;
}

static void pass_time(void *self, uint64_t ns)
{
    const struct wire *wire = self;

    avrspi_sim_advance(wire->sim, ns);
}

static uint64_t now(const void *self)
{
    const struct wire *wire = self;

    return avrspi_sim_now(wire->sim);
}

static int close_wire(void *self, struct avrspi_error *error)
{
    return set_reset(self, false, error);
}

static const struct avrspi_link_ops ops = {
    .size = sizeof ops,
    .transfer = transfer,
    .set_speed = set_speed,
    .set_reset = set_reset,
    .wait = pass_time,
    .now = now,
    .close = close_wire,
};

static int connect(struct avrspi_link **link, struct wire *wire, const char *trace,
                   struct avrspi_error *error)
{
    const struct avrspi_link_info info = {
        .size = sizeof info, .max_transfer = TRANSFER, .port = "sweep", .name = "sweep"};
    int result = avrspi_link_new(link, &ops, wire, &info, error);

    if (result == 0 && trace)
        result = avrspi_tap_trace(link, trace, error);
    return result;
}

static void power_up(struct avrspi_sim *sim, const struct scene *scene,
                     const struct avrspi_sim_silicon *silicon,
                     const struct avrspi_sim_bit_fault *fault)
{
    struct avrspi_sim_config config = scene->config;

    if (fault)
        config.bit_fault[config.n_bit_faults++] = *fault;
    avrspi_sim_init(sim, &config);
    *avrspi_sim_silicon(sim) = *silicon;
    avrspi_sim_power_cycle(sim);
}

/* --- the job */

static int work(const struct scene *scene, struct avrspi_link *link, uint8_t *output,
                struct avrspi_error *error)
{
    const struct avrspi_session_config config = {
        .link = link,
        .chips = scene->chips,
        .supply_mv = scene->supply_mv,
    };
    struct avrspi_request request = scene->request;
    struct avrspi_session *session;
    int result = avrspi_session_open(&session, &config, error), closed;

    if (result < 0)
        return result;
    if (scene->to_read)
        request.read_data = output;
    result = avrspi_session_identify(session, error);
    if (result == 0 && memcmp(avrspi_session_signature_bytes(session), scene->before.signature, 3))
        output[0] ^= 1; /* it has taken another chip for the one that is there */
    if (result == 0 && !scene->job->identifies)
        result = avrspi_job_run(session, &request, NULL, error);
    closed = avrspi_session_close(session, result == 0 ? error : NULL);
    return result < 0 ? result : closed;
}

/* --- what came of it */

struct memory {
    const char *name;
    const uint8_t *before, *asked, *found;
    size_t size;
};

enum {
    MEMORIES = 2 + AVRSPI_FUSES + 1,
};

static void list_memories(const struct scene *scene, const struct avrspi_sim_silicon *found,
                          const uint8_t *output, struct memory list[MEMORIES])
{
    const struct avrspi_sim_silicon *before = &scene->before, *asked = &scene->asked;
    size_t n = 0;

    list[n++] = (struct memory){"flash", before->flash, asked->flash, found->flash,
                                scene->chip->flash_size};
    list[n++] = (struct memory){"EEPROM", before->eeprom, asked->eeprom, found->eeprom,
                                scene->chip->eeprom_size};
    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++)
        list[n++] = (struct memory){avrspi_fuse_name((enum avrspi_fuse)fuse), before->fuse + fuse,
                                    asked->fuse + fuse, found->fuse + fuse, 1};
    list[n] = (struct memory){"output", output, scene->to_read, output, scene->request.read_size};
    if (!scene->to_read) {
        static const uint8_t zero;

        list[n] = (struct memory){"output", &zero, &zero, output, 1};
    }
}

static unsigned bits_that_differ(const struct memory *memory)
{
    unsigned count = 0;

    for (size_t n = 0; n < memory->size; n++)
        count += (unsigned)__builtin_popcount(memory->asked[n] ^ memory->found[n]);
    return count;
}

static unsigned bytes_that_differ(const struct memory *memory)
{
    unsigned count = 0;

    for (size_t n = 0; n < memory->size; n++)
        count += memory->asked[n] != memory->found[n];
    return count;
}

static bool as_asked(const struct memory *memory)
{
    return memcmp(memory->asked, memory->found, memory->size) == 0;
}

/* A bit of the answer, or of the address, which is not echoed: one byte is wrong. */
static bool is_beyond_a_single_pass(enum avrspi_sim_bit_fault_kind kind,
                                    const struct memory *output)
{
    return (kind == AVRSPI_BIT_MISO && bits_that_differ(output) == 1) ||
           (kind == AVRSPI_BIT_MOSI && bytes_that_differ(output) == 1);
}

/* A bit of the answer or of the address again: it made the one byte that differs look right. */
static bool is_of_the_wires(enum avrspi_sim_bit_fault_kind kind)
{
    return kind == AVRSPI_BIT_MISO || kind == AVRSPI_BIT_MOSI;
}

static void tell_difference(const struct memory *memory, char text[TEXT])
{
    size_t used = strlen(text), count = 0, first = 0;

    for (size_t n = memory->size; n-- > 0;) {
        if (memory->asked[n] == memory->found[n])
            continue;
        count++;
        first = n;
    }
    (void)snprintf(text + used, TEXT - used, "%s%s 0x%zX: %02X for %02X", used ? ", " : "",
                   memory->name, first, memory->found[first], memory->asked[first]);
    used = strlen(text);
    if (count > 1)
        (void)snprintf(text + used, TEXT - used, " (%zu bytes)", count);
}

/* What has changed beside the job has to be in the words of its error. */
static bool names(const struct avrspi_error *error, const char *name)
{
    return strcasestr(error->message, name) || strcasestr(error->hint, name);
}

static bool is_mute(const struct memory list[MEMORIES], const struct avrspi_error *error)
{
    for (int n = 0; n + 1 < MEMORIES; n++) {
        const struct memory *memory = &list[n];

        if (!memcmp(memory->before, memory->asked, memory->size) && !as_asked(memory) &&
            !names(error, memory->name))
            return true;
    }
    return false;
}

/* Lists what of the chip is not as asked; true when all is. */
static bool chip_as_asked(const struct memory list[MEMORIES], char text[TEXT])
{
    bool right = true;

    for (int n = 0; n + 1 < MEMORIES; n++) {
        if (as_asked(&list[n]))
            continue;
        right = false;
        tell_difference(&list[n], text);
    }
    return right;
}

static enum verdict judge(const struct scene *scene, const struct avrspi_sim_bit_fault *fault,
                          const struct memory list[MEMORIES], struct outcome *outcome)
{
    const struct memory *output = &list[MEMORIES - 1];
    bool right = chip_as_asked(list, outcome->differs);

    if (outcome->result == 0 && scene->job->expected != 0) {
        (void)snprintf(outcome->differs, TEXT, "no difference was found");
        return right && scene->job->single_pass && fault && is_of_the_wires(fault->kind)
                   ? VERDICT_EXCUSED
                   : VERDICT_WRONG;
    }
    if (outcome->result != 0 && (outcome->result != scene->job->expected || !right)) {
        outcome->mute = is_mute(list, &outcome->error);
        return VERDICT_ERROR;
    }
    if (right && as_asked(output))
        return VERDICT_RIGHT;
    if (!as_asked(output))
        tell_difference(output, outcome->differs);
    if (right && scene->job->single_pass && fault && is_beyond_a_single_pass(fault->kind, output))
        return VERDICT_EXCUSED;
    return VERDICT_WRONG;
}

static bool enters(const struct scene *scene, struct avrspi_sim *sim)
{
    const struct avrspi_sim_silicon silicon = *avrspi_sim_silicon(sim);
    struct wire wire = {.sim = sim, .deadline_ns = PATIENCE_S * UINT64_C(1000000000)};
    struct avrspi_session_config config = {.chips = scene->chips};
    struct avrspi_session *session;
    int result;

    power_up(sim, scene, &silicon, NULL);
    if (connect(&config.link, &wire, NULL, NULL) < 0)
        return false;
    result = avrspi_session_open(&session, &config, NULL);
    (void)avrspi_session_close(session, NULL);
    (void)avrspi_link_close(config.link, NULL);
    return result == 0;
}

static bool same_fuses(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, AVRSPI_FUSE_LOCK) == 0;
}

/* Only fuses decide whether a chip can be entered. */
static bool can_be_entered(const struct scene *scene, struct avrspi_sim *sim)
{
    const uint8_t *fuses = avrspi_sim_silicon(sim)->fuse;

    return same_fuses(fuses, scene->before.fuse) || same_fuses(fuses, scene->asked.fuse) ||
           enters(scene, sim);
}

static void tell_violations(const struct avrspi_sim *sim, char text[TEXT])
{
    for (unsigned kind = 0; kind < AVRSPI_VIOLATIONS; kind++) {
        unsigned count = (unsigned)avrspi_sim_violation(sim, (enum avrspi_sim_violation)kind);
        size_t used = strlen(text);

        if (count)
            (void)snprintf(text + used, TEXT - used, "%s%s %u", used ? ", " : "",
                           avrspi_sim_violation_name((enum avrspi_sim_violation)kind), count);
    }
}

static void run(const struct scene *scene, const struct avrspi_sim_bit_fault *fault,
                const char *trace, struct wire *wire, struct outcome *outcome)
{
    struct avrspi_link *link;
    struct memory list[MEMORIES];
    uint8_t output[READ_BYTES] = {0};

    memset(outcome, 0, sizeof *outcome);
    power_up(wire->sim, scene, &scene->before, fault);
    outcome->result = connect(&link, wire, trace, &outcome->error);
    if (outcome->result == 0)
        outcome->result = work(scene, link, output, &outcome->error);
    (void)avrspi_link_close(link, NULL);
    /* a write that was left alone comes to its end */
    avrspi_sim_advance(wire->sim, UINT64_C(1000000000));
    outcome->violations = avrspi_sim_violations(wire->sim);
    tell_violations(wire->sim, outcome->kinds);
    list_memories(scene, avrspi_sim_silicon(wire->sim), output, list);
    outcome->verdict = judge(scene, fault, list, outcome);
    if (wire->hangs)
        outcome->verdict = VERDICT_HANG;
}

void cell_run(const struct scene *scene, const struct avrspi_sim_bit_fault *fault,
              const char *trace, struct avrspi_sim *sim, struct outcome *outcome)
{
    struct wire wire = {.sim = sim,
                        .deadline_ns = 4 * scene->ns + PATIENCE_S * UINT64_C(1000000000)};

    run(scene, fault, trace, &wire, outcome);
    outcome->unreachable = !can_be_entered(scene, sim);
}

bool cell_learn(struct scene *scene, struct avrspi_sim *sim, struct outcome *outcome)
{
    struct wire wire = {.sim = sim, .deadline_ns = UINT64_MAX};

    run(scene, NULL, NULL, &wire, outcome);
    scene->pulses = wire.bytes * 8;
    scene->ns = avrspi_sim_now(sim);
    return outcome->verdict == VERDICT_RIGHT && outcome->violations == 0;
}
