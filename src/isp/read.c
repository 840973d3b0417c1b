/* SPDX-License-Identifier: MIT */
#include "isp/isp.h"

enum {
    BESIDE = 3,       /* instructions in a piece: two presence checks, Load Extended Address */
    PIECES_PER_S = 2, /* at least: nothing can interrupt a transfer */
};

/* Flash is read by word addresses and halves of a word, each fuse by an instruction of its own,
 * all else by bytes. */
static enum avrspi_instruction_id read_id(enum avrspi_memory memory, uint32_t address)
{
    static const enum avrspi_instruction_id ids[AVRSPI_MEMORIES] = {
        [AVRSPI_MEMORY_EEPROM] = AVRSPI_READ_EEPROM,
        [AVRSPI_MEMORY_LOCK] = AVRSPI_READ_LOCK,
        [AVRSPI_MEMORY_SIGNATURE] = AVRSPI_READ_SIGNATURE,
        [AVRSPI_MEMORY_CALIBRATION] = AVRSPI_READ_CALIBRATION,
    };

    if (memory == AVRSPI_MEMORY_FLASH)
        return address & 1 ? AVRSPI_READ_FLASH_HIGH : AVRSPI_READ_FLASH_LOW;
    if (memory == AVRSPI_MEMORY_FUSES)
        return avrspi_fuse_read_id((enum avrspi_fuse)address);
    return ids[memory];
}

size_t avrspi_batch_add_read(struct avrspi_session *session, enum avrspi_memory memory,
                             uint32_t address)
{
    return avrspi_batch_add(session, read_id(memory, address),
                            memory == AVRSPI_MEMORY_FLASH ? address / 2 : address, 0);
}

uint8_t avrspi_batch_read_answer(const struct avrspi_session *session, size_t place,
                                 enum avrspi_memory memory, uint32_t address)
{
    return avrspi_batch_answer(session, place, read_id(memory, address));
}

/* As much of a read as one transfer carries. */
struct piece {
    enum avrspi_memory memory;
    uint32_t address;
    uint8_t *data;
    size_t size;
};

static int read_piece(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    const struct piece *piece = context;
    size_t first = 0;
    int result;

    avrspi_batch_begin(session);
    avrspi_batch_add_presence_check(session);
    for (size_t n = 0; n < piece->size; n++) {
        size_t place = avrspi_batch_add_read(session, piece->memory, piece->address + (uint32_t)n);

        if (n == 0)
            first = place;
    }
    avrspi_batch_add_presence_check(session);
    result = avrspi_batch_run(session, error);
    if (result < 0)
        return result;
    for (size_t n = 0; n < piece->size; n++)
        piece->data[n] = avrspi_batch_read_answer(session, first + n * 4, piece->memory,
                                                  piece->address + (uint32_t)n);
    return 0;
}

/* How many bytes one transfer carries at an SCK. */
static size_t largest_piece(size_t max_transfer, uint32_t sck_hz)
{
    size_t room = max_transfer / 4, in_time = sck_hz / PIECES_PER_S / 32;

    if (room > in_time && in_time > BESIDE)
        room = in_time;
    return room > BESIDE ? room - BESIDE : 1;
}

/* One Load Extended Address goes along, so a piece must not cross a 64 Ki word border. */
static size_t piece_size(size_t max_transfer, uint32_t sck_hz, uint32_t address, size_t left)
{
    size_t piece = largest_piece(max_transfer, sck_hz);
    size_t to_border = 0x20000 - (address & 0x1FFFF);

    if (left > piece)
        left = piece;
    return left < to_border ? left : to_border;
}

size_t avrspi_isp_pieces(size_t max_transfer, uint32_t sck_hz, uint32_t address, size_t size)
{
    size_t pieces = 0;

    for (size_t done = 0; done < size; pieces++)
        done += piece_size(max_transfer, sck_hz, address + (uint32_t)done, size - done);
    return pieces;
}

/* In full transfers. */
static int read_pieces(struct avrspi_session *session, enum avrspi_memory memory, uint32_t address,
                       uint8_t *data, size_t size, struct avrspi_progress *progress,
                       struct avrspi_error *error)
{
    const uint8_t *end = data + size;

    while (data < end) {
        struct piece piece = {
            .memory = memory,
            .address = address,
            .data = data,
            .size = piece_size(session->room, avrspi_link_speed(session->link), address,
                               (size_t)(end - data)),
        };
        int result = avrspi_isp_with_resync(session, read_piece, &piece, error);

        if (result < 0)
            return result;
        data += piece.size;
        address += (uint32_t)piece.size;
        avrspi_isp_advance(session, progress, memory, piece.size);
    }
    return 0;
}

/* Fuses and lock bits were read when the chip was identified, and after each write. */
static int copy_fuses(const struct avrspi_session *session, enum avrspi_memory memory,
                      uint32_t address, uint8_t *data, size_t size, struct avrspi_error *error)
{
    uint32_t first = memory == AVRSPI_MEMORY_LOCK ? AVRSPI_FUSE_LOCK : address;

    for (size_t n = 0; n < size; n++) {
        if (!session->fuses.given[first + n])
            return avrspi_fail(error, AVRSPI_ERR_REFUSED, "the %s can't show its %s over SPI",
                               session->chip.name, avrspi_memory_name(memory));
        data[n] = session->fuses.value[first + n];
    }
    return 0;
}

/* The extended address stands in the third byte of its instruction: one that arrived changed would
 * read another bank. */
static int learn_echo(struct avrspi_session *session, enum avrspi_memory memory,
                      struct avrspi_error *error)
{
    bool extended =
        memory == AVRSPI_MEMORY_FLASH && session->chip.instruction[AVRSPI_LOAD_EXT_ADDRESS].defined;

    return extended ? avrspi_isp_learn_echo(session, error) : 0;
}

int avrspi_isp_read(struct avrspi_session *session, enum avrspi_memory memory, uint32_t address,
                    uint8_t *data, size_t size, struct avrspi_progress *progress,
                    struct avrspi_error *error)
{
    int result = avrspi_isp_identified(session, error);

    if (result == 0)
        result = avrspi_guard_range(&session->chip, memory, address, size, error);
    if (result == 0 && (memory == AVRSPI_MEMORY_FUSES || memory == AVRSPI_MEMORY_LOCK))
        return copy_fuses(session, memory, address, data, size, error);
    if (result == 0)
        result = avrspi_guard_read(&session->chip, &session->fuses, memory, error);
    if (result == 0)
        result = learn_echo(session, memory, error);
    if (result < 0)
        return result;
    return read_pieces(session, memory, address, data, size, progress, error);
}

int avrspi_session_read(struct avrspi_session *session, enum avrspi_memory memory, uint32_t address,
                        uint8_t *data, size_t size, struct avrspi_error *error)
{
    struct avrspi_progress progress = {.stage = AVRSPI_STAGE_READ, .total = size};

    return avrspi_isp_read(session, memory, address, data, size, &progress, error);
}
