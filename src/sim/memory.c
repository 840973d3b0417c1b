/* SPDX-License-Identifier: MIT */
/* Flash, EEPROM and the temporary page buffers. */
#include "sim/sim_state.h"

#include <string.h>

enum {
    EXT_WORDS = 65536, /* what the 16 address bits of an instruction reach */
};

void avrspi_sim_buffer_clear(struct avrspi_sim_buffer *buffer)
{
    memset(buffer->data, 0xFF, sizeof buffer->data);
    memset(buffer->loaded, 0, sizeof buffer->loaded);
}

/* The byte index of a word's low byte in the flash. Beyond 64 Ki words the upper address bits
 * come from Load Extended Address; what the latch holds before that is not documented, so 0
 * stands for it (not measured). */
static bool find_word(struct avrspi_sim *sim, uint32_t word, uint32_t *index)
{
    uint32_t start = sim->config.chip->flash_start;

    if (sim->flash_size / 2 > EXT_WORDS) {
        if (!sim->ext_loaded)
            avrspi_sim_count(sim, AVRSPI_VIOLATION_EXT_ADDRESS);
        word |= (uint32_t)sim->ext_address << 16;
    }
    *index = word * 2 - start;
    if (word * 2 >= start && *index < sim->flash_size)
        return true;
    avrspi_sim_count(sim, AVRSPI_VIOLATION_ADDRESS);
    return false;
}

static bool find_eeprom(struct avrspi_sim *sim, uint32_t address)
{
    if (address < sim->eeprom_size)
        return true;
    avrspi_sim_count(sim, AVRSPI_VIOLATION_ADDRESS);
    return false;
}

static bool may_read(struct avrspi_sim *sim)
{
    if (!avrspi_sim_reading_locked(sim))
        return true;
    avrspi_sim_count(sim, AVRSPI_VIOLATION_LOCKED);
    return false;
}

static bool may_write(struct avrspi_sim *sim)
{
    if (!avrspi_sim_writing_locked(sim))
        return true;
    avrspi_sim_count(sim, AVRSPI_VIOLATION_LOCKED);
    return false;
}

static bool is_weak(const struct avrspi_sim *sim, uint32_t index)
{
    return sim->config.weak_cell &&
           index + sim->config.chip->flash_start == sim->config.weak_address;
}

/* A part with LB = 00 answers with the address (not measured on every part). */
uint8_t avrspi_sim_read_flash(struct avrspi_sim *sim, uint32_t word, bool high)
{
    uint32_t index;

    if (!find_word(sim, word, &index))
        return 0xFF;
    if (!may_read(sim))
        return (uint8_t)word;
    index += high;
    return sim->silicon.flash[index] | is_weak(sim, index);
}

uint8_t avrspi_sim_read_eeprom(struct avrspi_sim *sim, uint32_t address)
{
    if (!find_eeprom(sim, address))
        return 0xFF;
    return may_read(sim) ? sim->silicon.eeprom[address] : (uint8_t)address;
}

/* What 0s a flash cell has stay: only an erase makes 1s. */
static uint8_t programmed(struct avrspi_sim *sim, uint32_t index, uint8_t data)
{
    return (uint8_t)(sim->silicon.flash[index] & data) | is_weak(sim, index);
}

static bool needs_erase(const struct avrspi_sim *sim, uint32_t index, uint8_t data)
{
    return data != 0xFF && (sim->silicon.flash[index] & data) != data;
}

/* A location of the buffer that is loaded twice without a write between them holds the bits
 * that are 1 in both (not measured; for SPM, DS 'Self-Programming' forbids it). */
static void load(struct avrspi_sim_buffer *buffer, uint32_t at, uint8_t data)
{
    buffer->data[at] &= data;
    buffer->loaded[at] = true;
}

/* DS 'Serial Programming Algorithm', step 4: the low byte of a word is loaded before its high
 * byte; that a high byte is lost otherwise was not measured. Address bits above the page are
 * unused here, but must not address what is not flash. */
void avrspi_sim_load_flash(struct avrspi_sim *sim, uint32_t word, bool high, uint8_t data)
{
    uint32_t start = sim->config.chip->flash_start, address = word * 2;
    uint32_t at = sim->flash_page ? address % sim->flash_page : 0;

    if (address >= sim->flash_page && (address < start || address - start >= sim->flash_size)) {
        avrspi_sim_count(sim, AVRSPI_VIOLATION_ADDRESS);
        return;
    }
    if (high && !sim->flash_buffer.loaded[at]) {
        avrspi_sim_count(sim, AVRSPI_VIOLATION_HIGH_BEFORE_LOW);
        return;
    }
    load(&sim->flash_buffer, at + high, data);
}

void avrspi_sim_write_flash_page(struct avrspi_sim *sim, uint32_t word)
{
    struct avrspi_sim_buffer *buffer = &sim->flash_buffer;
    bool unerased = false;
    uint32_t index;

    if (!may_write(sim) || !find_word(sim, word, &index))
        return;
    index -= index % sim->flash_page;
    for (uint32_t i = 0; i < sim->flash_page; i++) {
        unerased = unerased || needs_erase(sim, index + i, buffer->data[i]);
        sim->write.data[i] = programmed(sim, index + i, buffer->data[i]);
    }
    if (unerased)
        avrspi_sim_count(sim, AVRSPI_VIOLATION_NOT_ERASED);
    avrspi_sim_buffer_clear(buffer);
    sim->silicon.page_writes++;
    avrspi_sim_begin_write(sim, AVRSPI_SIM_FLASH, index, sim->flash_page, AVRSPI_WAIT_FLASH);
}

void avrspi_sim_write_flash_byte(struct avrspi_sim *sim, uint32_t word, bool high, uint8_t data)
{
    uint32_t index;

    if (!may_write(sim) || !find_word(sim, word, &index))
        return;
    index += high;
    if (needs_erase(sim, index, data))
        avrspi_sim_count(sim, AVRSPI_VIOLATION_NOT_ERASED);
    sim->write.data[0] = programmed(sim, index, data);
    sim->silicon.page_writes++;
    avrspi_sim_begin_write(sim, AVRSPI_SIM_FLASH, index, 1, AVRSPI_WAIT_FLASH);
}

void avrspi_sim_load_eeprom(struct avrspi_sim *sim, uint32_t address, uint8_t data)
{
    load(&sim->eeprom_buffer, address % sim->eeprom_page, data);
}

/* DS 'Serial Programming Algorithm', step 5B: only the locations loaded are altered. */
void avrspi_sim_write_eeprom_page(struct avrspi_sim *sim, uint32_t address)
{
    struct avrspi_sim_buffer *buffer = &sim->eeprom_buffer;
    uint32_t page;

    if (!may_write(sim) || !find_eeprom(sim, address))
        return;
    page = address - address % sim->eeprom_page;
    for (uint32_t i = 0; i < sim->eeprom_page; i++)
        sim->write.data[i] = buffer->loaded[i] ? buffer->data[i] : sim->silicon.eeprom[page + i];
    avrspi_sim_buffer_clear(buffer);
    avrspi_sim_begin_write(sim, AVRSPI_SIM_EEPROM, page, sim->eeprom_page, AVRSPI_WAIT_EEPROM);
}

/* DS 'Serial Programming Algorithm', step 5A: the location is erased first. */
void avrspi_sim_write_eeprom_byte(struct avrspi_sim *sim, uint32_t address, uint8_t data)
{
    if (!may_write(sim) || !find_eeprom(sim, address))
        return;
    sim->write.data[0] = data;
    avrspi_sim_begin_write(sim, AVRSPI_SIM_EEPROM, address, 1, AVRSPI_WAIT_EEPROM);
}

static bool being_written(const struct avrspi_sim *sim, enum avrspi_sim_target target,
                          uint32_t index)
{
    return sim->write.target == target && index - sim->write.at < sim->write.size;
}

bool avrspi_sim_polls_flash(const struct avrspi_sim *sim, uint32_t word, bool high)
{
    return being_written(sim, AVRSPI_SIM_FLASH, word * 2 + high - sim->config.chip->flash_start);
}

bool avrspi_sim_polls_eeprom(const struct avrspi_sim *sim, uint32_t address)
{
    return being_written(sim, AVRSPI_SIM_EEPROM, address);
}
