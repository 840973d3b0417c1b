/* SPDX-License-Identifier: MIT */
/* What a job warns of before it writes: bits that the chip lacks, hazards of its fuses. */
#include "job/run.h"

#include <string.h>

#include "isp/isp.h"

/* Whether the plan knows what the page at that address will hold: an erase clears all that is not
 * written, and without one only what was read is known. */
static bool will_be_known(const struct avrspi_plan *plan, uint32_t address)
{
    const struct avrspi_pages *flash = &plan->flash;

    return flash->wanted && (plan->erases || flash->read[(address - flash->start) / flash->unit]);
}

/* The word where the chip will start: as the plan leaves it, or as it is. */
static int first_word(struct avrspi_run *run, uint32_t address, uint8_t word[2],
                      struct avrspi_error *error)
{
    const struct avrspi_pages *flash = &run->plan->flash;
    int result;

    if (will_be_known(run->plan, address)) {
        memcpy(word, flash->wanted + (address - flash->start), 2);
        return 0;
    }
    memset(word, 0xFF, 2);
    if (run->plan->erases)
        return 0;
    result = avrspi_session_read(run->session, AVRSPI_MEMORY_FLASH, address, word, 2, error);
    if (result == AVRSPI_ERR_REFUSED) /* locked: it can't be looked at */
        memset(word, 0, 2);
    return result == AVRSPI_ERR_REFUSED ? 0 : result;
}

/* Warns of bits and bytes that the request has and the chip lacks. */
static void note_missing_bits(struct avrspi_run *run)
{
    const struct avrspi_chip *chip = run->state.chip;
    const struct avrspi_fuses *wanted = &run->request->fuses;
    bool bits = false, bytes = false;

    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
        bits |= avrspi_fuse_missing_bits(chip, wanted, (enum avrspi_fuse)fuse) != 0;
        bytes |= wanted->given[fuse] && wanted->value[fuse] == 0xFF && !chip->fuse[fuse].mask;
    }
    if (bits)
        avrspi_isp_emit(run->session, &(struct avrspi_event){
                                          .kind = AVRSPI_EVENT_WARNING,
                                          .warning = AVRSPI_WARNING_MISSING_BITS,
                                          .request = run->request,
                                          .planned = run->dry,
                                      });
    if (bytes)
        avrspi_isp_emit(run->session, &(struct avrspi_event){
                                          .kind = AVRSPI_EVENT_WARNING,
                                          .warning = AVRSPI_WARNING_MISSING_BYTES,
                                          .request = run->request,
                                          .planned = run->dry,
                                      });
}

/* A chip that starts in its boot section loses what is there, if there is anything. */
static int warn_of_lost_boot(struct avrspi_run *run, struct avrspi_error *error)
{
    struct avrspi_range range;
    uint8_t word[2];
    int result;

    if (!avrspi_plan_may_lose_boot(run->plan, &range))
        return 0;
    result = avrspi_isp_read(run->session, AVRSPI_MEMORY_FLASH, range.address, word, range.size,
                             NULL, error);
    if (result == 0 && (word[0] != 0xFF || word[1] != 0xFF))
        avrspi_isp_emit(run->session, &(struct avrspi_event){
                                          .kind = AVRSPI_EVENT_WARNING,
                                          .warning = AVRSPI_WARNING_BOOT_LOST,
                                          .address = range.address,
                                          .planned = run->dry,
                                      });
    return result;
}

int avrspi_run_warn(struct avrspi_run *run, struct avrspi_error *error)
{
    int result = warn_of_lost_boot(run, error);

    note_missing_bits(run);
    for (size_t n = 0; result == 0 && n < run->plan->n_hazards; n++) {
        const struct avrspi_hazard *hazard = &run->plan->hazards[n];
        struct avrspi_event event = {
            .kind = AVRSPI_EVENT_WARNING,
            .warning = AVRSPI_WARNING_HAZARD,
            .hazard = hazard,
            .planned = run->dry,
        };
        uint8_t word[2];

        if (hazard->kind == AVRSPI_HAZARD_BOOT_START) {
            result = first_word(run, hazard->address, word, error);
            if (result < 0 || word[0] != 0xFF || word[1] != 0xFF)
                continue;
            event.warning = AVRSPI_WARNING_BOOT_BLANK;
        }
        avrspi_isp_emit(run->session, &event);
    }
    return result;
}
