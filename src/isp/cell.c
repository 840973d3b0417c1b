/* SPDX-License-Identifier: MIT */
/*
 * A byte that reads wrong right after it was written: a second look at half the SCK tells whether
 * the cell does not hold it, or the wires are to blame.
 */
#include "isp/isp.h"

#include <stdio.h>

/* SCK is what it was before, unless the target was lost while it was looked at. */
static int look_slowly(struct avrspi_session *session, avrspi_isp_look *look, void *context,
                       struct avrspi_differences *differences, struct avrspi_error *error)
{
    const uint32_t before = avrspi_link_speed(session->link);
    const unsigned retries = session->retries;
    int result = avrspi_link_set_speed(session->link, (before + 1) / 2, error);

    if (result == 0)
        result = look(session, context, differences, error);
    if (session->retries != retries)
        return result;
    if (result < 0) {
        (void)avrspi_link_set_speed(session->link, before, NULL);
        return result;
    }
    return avrspi_link_set_speed(session->link, before, error);
}

/* Once is enough. */
static void warn_of_misreading(struct avrspi_session *session)
{
    if (session->misread)
        return;
    session->misread = true;
    avrspi_isp_emit(session, &(struct avrspi_event){.kind = AVRSPI_EVENT_WARNING,
                                                    .warning = AVRSPI_WARNING_MISREAD,
                                                    .sck_hz = avrspi_link_speed(session->link)});
}

static int fail_cell(const struct avrspi_session *session, enum avrspi_memory memory,
                     const struct avrspi_differences *differences, struct avrspi_error *error)
{
    const uint32_t page = avrspi_memory_page(&session->chip, memory);
    const uint32_t offset = differences->address - avrspi_memory_start(&session->chip, memory);
    char place[24] = "";

    if (page)
        (void)snprintf(place, sizeof place, ", page %u,", offset / page);
    avrspi_fail(error, AVRSPI_ERR_VERIFY,
                "%s at 0x%04X%s does not hold what was written: 0x%02X reads as 0x%02X "
                "each time (%zu byte%s in all)",
                avrspi_memory_name(memory), differences->address, place, differences->expected,
                differences->found, differences->count, differences->count == 1 ? "" : "s");
    avrspi_isp_blame(session, error,
                     avrspi_fuse_readable(&session->chip, AVRSPI_FUSE_LOCK)
                         ? "the supply is too low for a write, or the cell is worn out; another "
                           "address next time means the wires"
                         : "its lock bits, which can't be read, may forbid it: an erase clears "
                           "them; or the supply is too low for a write, or the cell is worn out",
                     AVRSPI_ADVICE_NONE);
    return AVRSPI_ERR_VERIFY;
}

static bool are_alike(const struct avrspi_differences *a, const struct avrspi_differences *b)
{
    return a->count == b->count && a->address == b->address && a->found == b->found;
}

int avrspi_isp_look_again(struct avrspi_session *session, enum avrspi_memory memory,
                          const struct avrspi_differences *first, avrspi_isp_look *look,
                          void *context, struct avrspi_error *error)
{
    struct avrspi_differences second = {0};
    int result = look_slowly(session, look, context, &second, error);

    if (result < 0)
        return result;
    if (second.count == 0) {
        warn_of_misreading(session);
        return 0;
    }
    if (are_alike(first, &second))
        return fail_cell(session, memory, &second, error);
    return avrspi_isp_lost(session, error, "two readings of the same bytes differ");
}
