/* SPDX-License-Identifier: MIT */
/* The boot section, which a chip erase takes with it: kept over the erase, or warned of. */
#include "job/job.h"

#include <stdlib.h>

#include "base/error.h"
#include "isp/isp.h"

int avrspi_plan_find_boot(struct avrspi_plan *plan, struct avrspi_error *error)
{
    const struct avrspi_fuses *fuses = &plan->state.fuses;

    plan->boot = (struct avrspi_range){
        .address = avrspi_boot_start(plan->chip, fuses),
        .size = avrspi_boot_size(plan->chip, fuses),
    };
    if (plan->boot.address)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_REFUSED,
                avrspi_chip_field(plan->chip, "BOOTSZ")
                    ? "where the boot section of the %s begins is not known"
                    : "the %s has no boot section",
                plan->chip->name);
    avrspi_hint(error, "nothing was written");
    return AVRSPI_ERR_REFUSED;
}

/* Where the image and the boot section both have a byte, it must be the same. 'held' is what the
 * chip holds from the first byte of the boot section on. */
static int check_image(const struct avrspi_plan *plan, const uint8_t *held,
                       struct avrspi_error *error)
{
    const struct avrspi_range *boot = &plan->boot;

    for (uint32_t n = 0; plan->request->flash && n < boot->size; n++) {
        uint8_t wanted = held[n];

        (void)avrspi_image_get(plan->request->flash, boot->address + n, &wanted, 1, wanted);
        if (wanted == held[n])
            continue;
        avrspi_fail(error, AVRSPI_ERR_REFUSED,
                    "the image has 0x%02X at 0x%04X, where the boot section that is to be kept "
                    "holds 0x%02X",
                    wanted, boot->address + n, held[n]);
        avrspi_hint(error, "flash was left as it is");
        avrspi_advise(error, AVRSPI_ADVICE_REPLACE_BOOT, NULL);
        return AVRSPI_ERR_REFUSED;
    }
    return 0;
}

int avrspi_plan_keep_boot(struct avrspi_plan *plan, struct avrspi_error *error)
{
    const struct avrspi_range *boot = &plan->boot;
    const uint32_t offset = boot->address - plan->chip->flash_start;
    const struct avrspi_plan_item keeping = {
        .step = {.kind = AVRSPI_STEP_KEEP_BOOT,
                 .memory = AVRSPI_MEMORY_FLASH,
                 .address = boot->address,
                 .bytes = boot->size},
    };
    int result;

    if (!plan->erases) /* nothing is written there unless the image has it */
        return plan->complete ? check_image(plan, plan->state.flash + offset, error) : 0;
    result = avrspi_guard_read(plan->chip, &plan->now, AVRSPI_MEMORY_FLASH, error);
    if (result < 0)
        return result;
    avrspi_plan_add_reading(plan, &keeping, 2);
    if (!plan->state.boot) {
        plan->complete = false;
        return 0;
    }
    result = check_image(plan, plan->state.boot, error);
    if (result == 0)
        avrspi_pages_lay(&plan->flash, boot, plan->state.boot, plan->request->full);
    return result;
}

bool avrspi_plan_may_lose_boot(const struct avrspi_plan *plan, struct avrspi_range *word)
{
    const struct avrspi_request *request = plan->request;
    const struct avrspi_fuses *fuses = &plan->state.fuses;
    const uint32_t start = avrspi_boot_reset(plan->chip, fuses);

    *word = (struct avrspi_range){start, 2};
    return start && plan->erases && request->flash && !request->keep_boot &&
           !avrspi_lock_forbids_reading(plan->chip, fuses, AVRSPI_MEMORY_FLASH) &&
           avrspi_image_count(request->flash, start, avrspi_boot_size(plan->chip, fuses)) == 0;
}

int avrspi_boot_note(const struct avrspi_session *session, uint32_t address, const uint8_t *data,
                     size_t size, char **path, struct avrspi_error *error)
{
    struct avrspi_image *image = avrspi_image_new();
    char *text = NULL;
    size_t length;
    int result;

    if (!image)
        return avrspi_fail_memory(error);
    result = avrspi_image_put(image, address, data, size, error);
    if (result == 0)
        result = avrspi_image_format(image, AVRSPI_FORMAT_IHEX, &text, &length, error);
    if (result == 0)
        result = avrspi_note_content(session, AVRSPI_NOTE_BOOT, text, length, path, error);
    free(text);
    avrspi_image_free(image);
    return result;
}
