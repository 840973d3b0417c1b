/* SPDX-License-Identifier: MIT */
/* What an instruction does, and whether it may: DS 'Serial Programming Instruction Set'. */
#include "sim/sim_state.h"

static uint32_t address_of(const struct avrspi_sim *sim, enum avrspi_instruction_id id)
{
    return avrspi_sim_address(&sim->config.chip->instruction[id], sim->bytes);
}

static uint8_t data_of(const struct avrspi_sim *sim, enum avrspi_instruction_id id)
{
    return avrspi_sim_data(&sim->config.chip->instruction[id], sim->bytes);
}

/* Nearly all chips have it, so one does of which nothing is said. */
static bool has_rdy_bsy(const struct avrspi_chip *chip)
{
    return chip->rdy_bsy || chip->rdy_bsy_unknown;
}

/* A record may define what its sizes rule out; the chip then does not have it. */
static bool exists(const struct avrspi_sim *sim, enum avrspi_instruction_id id)
{
    switch (id) {
    case AVRSPI_INSTRUCTIONS:
        return false;
    case AVRSPI_POLL_RDY_BSY:
        return has_rdy_bsy(sim->config.chip);
    case AVRSPI_LOAD_FLASH_LOW:
    case AVRSPI_LOAD_FLASH_HIGH:
    case AVRSPI_WRITE_FLASH_PAGE:
        return sim->flash_page != 0;
    case AVRSPI_WRITE_FLASH_LOW:
    case AVRSPI_WRITE_FLASH_HIGH:
        return sim->flash_page == 0;
    case AVRSPI_LOAD_EEPROM_PAGE:
    case AVRSPI_WRITE_EEPROM_PAGE:
        return sim->eeprom_page != 0;
    default:
        return true;
    }
}

/* Parts without RDY/BSY may be polled by value (ATmega8 DS, 'Data Polling Flash', 'Data Polling
 * EEPROM'): the location that is being written reads 0xFF until it is done. */
static bool polls_value(const struct avrspi_sim *sim, enum avrspi_instruction_id id)
{
    if (has_rdy_bsy(sim->config.chip))
        return false;
    switch (id) {
    case AVRSPI_READ_FLASH_LOW:
    case AVRSPI_READ_FLASH_HIGH:
        return avrspi_sim_polls_flash(sim, address_of(sim, id), id == AVRSPI_READ_FLASH_HIGH);
    case AVRSPI_READ_EEPROM:
        return avrspi_sim_polls_eeprom(sim, address_of(sim, id));
    default:
        return false;
    }
}

/* Whether the instruction has an effect; counts the violation when not. While a write goes on
 * only the poll is allowed. */
static bool is_allowed(struct avrspi_sim *sim, enum avrspi_instruction_id id)
{
    if (sim->began_busy && !(exists(sim, id) && id == AVRSPI_POLL_RDY_BSY)) {
        if (!polls_value(sim, id))
            avrspi_sim_count(sim, AVRSPI_VIOLATION_BUSY);
        return false;
    }
    if (!exists(sim, id)) {
        avrspi_sim_count(sim, AVRSPI_VIOLATION_UNKNOWN);
        return false;
    }
    if (sim->wants_pulse) {
        avrspi_sim_count(sim, AVRSPI_VIOLATION_NO_PULSE);
        return false;
    }
    return true;
}

/* Parts of the time before page programming hide their signature when reading is locked. */
static uint8_t read_signature(struct avrspi_sim *sim, uint32_t address)
{
    if (address >= sizeof sim->silicon.signature) {
        avrspi_sim_count(sim, AVRSPI_VIOLATION_ADDRESS);
        return 0xFF;
    }
    if (sim->flash_page == 0 && avrspi_sim_reading_locked(sim))
        return (uint8_t)address;
    return sim->silicon.signature[address];
}

static uint8_t read_calibration(struct avrspi_sim *sim, uint32_t address)
{
    if (address >= sim->config.chip->calibration_bytes ||
        address >= sizeof sim->silicon.calibration) {
        avrspi_sim_count(sim, AVRSPI_VIOLATION_ADDRESS);
        return 0xFF;
    }
    return sim->silicon.calibration[address];
}

/* The fourth byte of a fuse read. Old parts answer fuses and lock bits with one instruction:
 * each has its own bits of the answer. */
static uint8_t read_fuses(const struct avrspi_sim *sim)
{
    uint8_t answer = 0;

    for (unsigned fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
        enum avrspi_instruction_id id = avrspi_fuse_read_id((enum avrspi_fuse)fuse);

        if (avrspi_sim_decodes_as(sim, sim->bytes, id)) {
            answer |= avrspi_sim_answer(&sim->config.chip->instruction[id],
                                        avrspi_sim_read_fuse(sim, (enum avrspi_fuse)fuse));
        }
    }
    return answer;
}

uint8_t avrspi_sim_after_third(struct avrspi_sim *sim)
{
    enum avrspi_instruction_id id = avrspi_sim_decode(sim, sim->bytes);
    uint8_t byte;

    sim->instruction = id;
    sim->blocked = !is_allowed(sim, id);
    if (sim->blocked && !exists(sim, id))
        return sim->shift; /* not measured: nothing is there to be read, so the echo stays */
    if (sim->blocked)
        return 0xFF; /* not measured */
    switch (id) {
    case AVRSPI_POLL_RDY_BSY:
        return avrspi_sim_busy(sim); /* bit 0; that the others are 0 was not measured */
    case AVRSPI_READ_FLASH_LOW:
    case AVRSPI_READ_FLASH_HIGH:
        byte = avrspi_sim_read_flash(sim, address_of(sim, id), id == AVRSPI_READ_FLASH_HIGH);
        break;
    case AVRSPI_READ_EEPROM:
        byte = avrspi_sim_read_eeprom(sim, address_of(sim, id));
        break;
    case AVRSPI_READ_SIGNATURE:
        byte = read_signature(sim, address_of(sim, id));
        break;
    case AVRSPI_READ_CALIBRATION:
        byte = read_calibration(sim, address_of(sim, id));
        break;
    case AVRSPI_READ_LOW:
    case AVRSPI_READ_HIGH:
    case AVRSPI_READ_EXT:
    case AVRSPI_READ_LOCK:
        return read_fuses(sim);
    default:
        return sim->shift; /* DS: "the previous byte is echoed" */
    }
    return avrspi_sim_answer(&sim->config.chip->instruction[id], byte);
}

static void erase(struct avrspi_sim *sim)
{
    sim->silicon.erases++;
    avrspi_sim_buffer_clear(&sim->flash_buffer);
    avrspi_sim_buffer_clear(&sim->eeprom_buffer);
    sim->wants_pulse = sim->config.chip->pulse_after_erase;
    avrspi_sim_begin_write(sim, AVRSPI_SIM_ALL, 0, 0, AVRSPI_WAIT_ERASE);
}

void avrspi_sim_after_fourth(struct avrspi_sim *sim)
{
    enum avrspi_instruction_id id = sim->instruction;
    uint32_t address;
    uint8_t data;

    if (sim->blocked)
        return;
    address = address_of(sim, id);
    data = data_of(sim, id);
    switch (id) {
    case AVRSPI_CHIP_ERASE:
        erase(sim);
        break;
    case AVRSPI_LOAD_EXT_ADDRESS:
        sim->ext_address = (uint8_t)(address >> 16);
        sim->ext_loaded = true;
        break;
    case AVRSPI_LOAD_FLASH_LOW:
    case AVRSPI_LOAD_FLASH_HIGH:
        avrspi_sim_load_flash(sim, address, id == AVRSPI_LOAD_FLASH_HIGH, data);
        break;
    case AVRSPI_WRITE_FLASH_PAGE:
        avrspi_sim_write_flash_page(sim, address);
        break;
    case AVRSPI_WRITE_FLASH_LOW:
    case AVRSPI_WRITE_FLASH_HIGH:
        avrspi_sim_write_flash_byte(sim, address, id == AVRSPI_WRITE_FLASH_HIGH, data);
        break;
    case AVRSPI_WRITE_EEPROM:
        avrspi_sim_write_eeprom_byte(sim, address, data);
        break;
    case AVRSPI_LOAD_EEPROM_PAGE:
        avrspi_sim_load_eeprom(sim, address, data);
        break;
    case AVRSPI_WRITE_EEPROM_PAGE:
        avrspi_sim_write_eeprom_page(sim, address);
        break;
    case AVRSPI_WRITE_LOW:
        avrspi_sim_write_fuse(sim, AVRSPI_FUSE_LOW);
        break;
    case AVRSPI_WRITE_HIGH:
        avrspi_sim_write_fuse(sim, AVRSPI_FUSE_HIGH);
        break;
    case AVRSPI_WRITE_EXT:
        avrspi_sim_write_fuse(sim, AVRSPI_FUSE_EXT);
        break;
    case AVRSPI_WRITE_LOCK:
        avrspi_sim_write_fuse(sim, AVRSPI_FUSE_LOCK);
        break;
    default: /* reads, and Programming Enable once more */
        break;
    }
}
