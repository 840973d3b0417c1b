/* SPDX-License-Identifier: MIT */
/*
 * Writes take time. The new content is worked out when a write begins and put into the cells
 * when it is over, so that one which is broken off leaves them half done.
 *
 * A write takes exactly the longest wait, which the chip's record gives: a programmer that waits
 * for it is right, and one that waits any less is caught. (DS 'Serial Programming Characteristics'
 * gives maxima; how much sooner silicon is done was not measured.)
 */
#include "sim/sim_state.h"

#include <string.h>

bool avrspi_sim_busy(const struct avrspi_sim *sim)
{
    return sim->write.target != AVRSPI_SIM_NOTHING && sim->now_ns < sim->write.over_ns;
}

void avrspi_sim_begin_write(struct avrspi_sim *sim, enum avrspi_sim_target target, uint32_t at,
                            uint32_t size, enum avrspi_wait wait)
{
    sim->write.target = target;
    sim->write.at = at;
    sim->write.size = size;
    sim->write.over_ns = sim->now_ns + (uint64_t)sim->config.chip->wait_us[wait] * 1000;
}

static uint8_t *cells(struct avrspi_sim *sim)
{
    switch (sim->write.target) {
    case AVRSPI_SIM_FLASH:
        return sim->silicon.flash + sim->write.at;
    case AVRSPI_SIM_EEPROM:
        return sim->silicon.eeprom + sim->write.at;
    default:
        return sim->silicon.fuse + sim->write.at;
    }
}

static void erase_all(struct avrspi_sim *sim)
{
    struct avrspi_sim_silicon *silicon = &sim->silicon;

    memset(silicon->flash, 0xFF, sim->flash_size);
    if (!avrspi_sim_keeps_eeprom(sim))
        memset(silicon->eeprom, 0xFF, sim->eeprom_size);
    silicon->fuse[AVRSPI_FUSE_LOCK] = 0xFF;
}

void avrspi_sim_settle(struct avrspi_sim *sim)
{
    if (sim->write.target == AVRSPI_SIM_NOTHING || avrspi_sim_busy(sim))
        return;
    if (sim->write.target == AVRSPI_SIM_ALL) {
        erase_all(sim);
    } else {
        memcpy(cells(sim), sim->write.data, sim->write.size);
    }
    sim->write.target = AVRSPI_SIM_NOTHING;
}

/* What is left of a write that was broken off was not measured. A page: its first half. A
 * byte: its lower four bits. A chip erase: half of the flash; not the lock bits, which 'are
 * not reset until the program memory has been completely erased' (DS 'Chip Erase'). */
void avrspi_sim_break_write(struct avrspi_sim *sim)
{
    struct avrspi_sim_write *write = &sim->write;

    avrspi_sim_settle(sim);
    if (write->target == AVRSPI_SIM_ALL) {
        memset(sim->silicon.flash, 0xFF, sim->flash_size / 2);
    } else if (write->target != AVRSPI_SIM_NOTHING && write->size == 1) {
        uint8_t *cell = cells(sim);

        *cell = (uint8_t)((*cell & 0xF0) | (write->data[0] & 0x0F));
    } else if (write->target != AVRSPI_SIM_NOTHING) {
        memcpy(cells(sim), write->data, write->size / 2);
    }
    write->target = AVRSPI_SIM_NOTHING;
}
