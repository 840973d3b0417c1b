/* SPDX-License-Identifier: MIT */
/*
 * Reads ELF as avr-gcc links it: 32 bit, little endian, machine AVR. Bytes for the chip are those
 * of sections that are allocated and have a content, at the load address that their segment gives.
 * The segments themselves are taken only where a file has no sections: some linkers let the first
 * one begin with the headers of the file.
 */
#include "image/format.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "avrspi/chip.h"
#include "base/error.h"
#include "image/records.h"

enum {
    MOST_PARTS = 4096, /* sections or segments: what avr-gcc links has some ten */
};

struct reader {
    struct avrspi_sink *sink;
    const uint8_t *data; /* the file */
    size_t size;
    size_t taken; /* bytes that sections have */
    Elf *elf;
    size_t n_segments;
};

static const char damaged[] = "the file was damaged or cut off: build or download it again";

static int fail(const struct reader *reader, const char *what, struct avrspi_error *error)
{
    return avrspi_fail_at(error, reader->sink->name, 0, damaged, "expected %s", what);
}

/* --- whose program it is */

static const struct {
    unsigned machine;
    const char *name;
} machines[] = {
    {EM_386, "x86"},       {EM_X86_64, "x86-64"}, {EM_ARM, "ARM"},   {EM_AARCH64, "64-bit ARM"},
    {EM_XTENSA, "Xtensa"}, {EM_RISCV, "RISC-V"},  {0x18AD, "AVR32"}, {EM_MSP430, "MSP430"},
    {EM_MIPS, "MIPS"},     {EM_PPC, "PowerPC"},   {EM_68K, "68000"}, {EM_SPARC, "SPARC"},
};

static int fail_machine(const struct reader *reader, unsigned machine, struct avrspi_error *error)
{
    const char *name = NULL;

    for (size_t n = 0; n < sizeof machines / sizeof *machines; n++)
        if (machines[n].machine == machine)
            name = machines[n].name;
    if (name)
        return avrspi_fail_at(error, reader->sink->name, 0, "it is for another processor",
                              "expected an ELF file for AVR, found one for %s", name);
    return avrspi_fail_at(error, reader->sink->name, 0, "it is for another processor",
                          "expected an ELF file for AVR, found one for machine %u", machine);
}

static int check_header(const struct reader *reader, struct avrspi_error *error)
{
    const uint8_t *ident = reader->data;
    bool big;
    unsigned machine;

    if (!avrspi_elf_recognise((const char *)ident, reader->size))
        return avrspi_fail_at(error, reader->sink->name, 0, "it is a file of another format",
                              "expected an ELF file, found %s at the start",
                              reader->size ? avrspi_show((char)ident[0]).text : "nothing");
    if (reader->size < 20)
        return fail(reader, "the header of an ELF file, found its beginning", error);
    big = ident[EI_DATA] == ELFDATA2MSB;
    machine = big ? (unsigned)ident[18] << 8 | ident[19] : (unsigned)ident[19] << 8 | ident[18];
    if (machine != EM_AVR)
        return fail_machine(reader, machine, error);
    if (ident[EI_CLASS] != ELFCLASS32 || big)
        return avrspi_fail_at(error, reader->sink->name, 0, "it is for another processor",
                              "expected ELF of 32 bits, little endian, found %s bits, %s endian",
                              ident[EI_CLASS] == ELFCLASS64 ? "64" : "32", big ? "big" : "little");
    return 0;
}

/* libelf takes headers of sections that are beyond the end of a file for none. */
static int check_sections(const struct reader *reader, const GElf_Ehdr *header,
                          struct avrspi_error *error)
{
    uint64_t end = header->e_shoff + (uint64_t)header->e_shnum * header->e_shentsize;

    if (header->e_shoff == 0 || end <= reader->size)
        return 0;
    return avrspi_fail_at(error, reader->sink->name, 0, damaged,
                          "expected headers of sections up to byte %llu, found %zu bytes in all",
                          (unsigned long long)end, reader->size);
}

/* --- bytes */

static int take_bytes(struct reader *reader, const char *name, uint32_t address, uint64_t offset,
                      uint64_t size, struct avrspi_error *error)
{
    const struct avrspi_origin origin = {
        .kind = name ? AVRSPI_ORIGIN_SECTION : AVRSPI_ORIGIN_NONE,
        .name = name,
    };

    if (offset > reader->size || size > reader->size - offset)
        return avrspi_fail_from(error, reader->sink->name, &origin, damaged,
                                "expected %llu bytes at offset %llu of the file, found %zu in all",
                                (unsigned long long)size, (unsigned long long)offset, reader->size);
    if (size > reader->size - reader->taken)
        return avrspi_fail_from(error, reader->sink->name, &origin, damaged,
                                "expected a part of the file of its own, found bytes that others "
                                "have too");
    reader->taken += (size_t)size;
    return avrspi_sink_emit(reader->sink, address, reader->data + offset, (size_t)size, &origin,
                            error);
}

/* The n-th segment, if it is one to load. gelf's functions copy: libelf's own pointers into the
 * file may be misaligned. */
static bool get_segment(const struct reader *reader, size_t n, GElf_Phdr *segment)
{
    return gelf_getphdr(reader->elf, (int)n, segment) && segment->p_type == PT_LOAD;
}

static uint32_t load_address(const struct reader *reader, const GElf_Shdr *section)
{
    GElf_Phdr segment;

    for (size_t n = 0; n < reader->n_segments; n++)
        if (get_segment(reader, n, &segment) && section->sh_offset >= segment.p_offset &&
            section->sh_offset + section->sh_size <= segment.p_offset + segment.p_filesz)
            return (uint32_t)(segment.p_paddr + (section->sh_offset - segment.p_offset));
    return (uint32_t)section->sh_addr;
}

static int take_segments(struct reader *reader, struct avrspi_error *error)
{
    GElf_Phdr segment;
    int result = 0;

    for (size_t n = 0; result == 0 && n < reader->n_segments; n++)
        if (get_segment(reader, n, &segment) && segment.p_filesz > 0)
            result = take_bytes(reader, NULL, (uint32_t)segment.p_paddr, segment.p_offset,
                                segment.p_filesz, error);
    return result;
}

/* --- the note of the device */

enum {
    NOTE_HEAD = 12,      /* sizes of name and description, type */
    DEVICE_NUMBERS = 24, /* begin and size of flash, SRAM and EEPROM */
};

static uint32_t word(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* avr-libc's crt: name "AVR", then numbers, the size of a table of offsets with it, the table, and
 * the texts that it points to. The first is the name of the device. A note of another form is no
 * fault. */
static int take_note(struct reader *reader, const GElf_Shdr *section, struct avrspi_error *error)
{
    size_t size = (size_t)section->sh_size, at = NOTE_HEAD + 4;
    const uint8_t *note;
    uint64_t name;

    if (section->sh_offset > reader->size || size > reader->size - section->sh_offset ||
        size < at + DEVICE_NUMBERS + 8)
        return 0;
    note = reader->data + section->sh_offset;
    if (memcmp(note + NOTE_HEAD, "AVR", 4) != 0)
        return 0;
    at += DEVICE_NUMBERS;
    name = (uint64_t)at + word(note + at) + word(note + at + 4);
    if (name >= size || !memchr(note + name, '\0', size - (size_t)name) || note[name] == '\0')
        return 0;
    free(reader->sink->facts.device);
    reader->sink->facts.device = strdup((const char *)note + name);
    return reader->sink->facts.device ? 0 : avrspi_fail_memory(error);
}

/* --- the file */

static int take_section(struct reader *reader, const GElf_Shdr *section, const char *name,
                        struct avrspi_error *error)
{
    if (section->sh_type == SHT_NOTE && strcmp(name, ".note.gnu.avr.deviceinfo") == 0)
        return take_note(reader, section, error);
    if (section->sh_type != SHT_PROGBITS || !(section->sh_flags & SHF_ALLOC) ||
        section->sh_size == 0)
        return 0;
    return take_bytes(reader, name, load_address(reader, section), section->sh_offset,
                      section->sh_size, error);
}

static int take_sections(struct reader *reader, size_t names, struct avrspi_error *error)
{
    Elf_Scn *scn = NULL;
    int result = 0;

    while (result == 0 && (scn = elf_nextscn(reader->elf, scn)) != NULL) {
        GElf_Shdr section;
        const char *name;

        if (!gelf_getshdr(scn, &section))
            return fail(reader, "headers of sections inside the file, found its end", error);
        name = elf_strptr(reader->elf, names, section.sh_name);
        result = take_section(reader, &section, name ? name : "?", error);
    }
    return result;
}

static int take_file(struct reader *reader, struct avrspi_error *error)
{
    GElf_Ehdr header;
    size_t n_sections, names;

    if (!gelf_getehdr(reader->elf, &header) || elf_getshdrnum(reader->elf, &n_sections) < 0 ||
        elf_getphdrnum(reader->elf, &reader->n_segments) < 0)
        return fail(reader, "the headers of an ELF file, found its end", error);
    if (check_sections(reader, &header, error) < 0)
        return AVRSPI_ERR_INPUT;
    if (n_sections > MOST_PARTS || reader->n_segments > MOST_PARTS)
        return avrspi_fail_at(error, reader->sink->name, 0, damaged,
                              "expected at most %d sections and segments, found %zu and %zu",
                              MOST_PARTS, n_sections, reader->n_segments);
    if (header.e_type == ET_REL)
        return avrspi_fail_at(error, reader->sink->name, 0,
                              "link it first: avr-gcc makes a program of it",
                              "expected a linked program, found an object file");
    if (n_sections == 0)
        return take_segments(reader, error);
    if (elf_getshdrstrndx(reader->elf, &names) < 0)
        return fail(reader, "names of sections, found none", error);
    return take_sections(reader, names, error);
}

int avrspi_elf_read(struct avrspi_sink *sink, struct avrspi_source *source,
                    struct avrspi_error *error)
{
    struct reader reader = {.sink = sink};
    char *copy;
    int result = avrspi_source_want(source, SIZE_MAX, error);

    if (result < 0)
        return result;
    sink->facts.names_memories = true;
    reader.size = source->size - source->at;
    copy = malloc(reader.size + 1); /* libelf wants one that it may write to */
    if (!copy)
        return avrspi_fail_memory(error);
    memcpy(copy, source->data + source->at, reader.size);
    reader.data = (const uint8_t *)copy;
    (void)elf_version(EV_CURRENT);
    result = check_header(&reader, error);
    if (result == 0) {
        reader.elf = elf_memory(copy, reader.size);
        result = reader.elf ? take_file(&reader, error)
                            : fail(&reader, "the headers of an ELF file, found its end", error);
        (void)elf_end(reader.elf);
    }
    free(copy);
    return result;
}

bool avrspi_elf_recognise(const char *data, size_t size)
{
    return size >= SELFMAG && memcmp(data, ELFMAG, SELFMAG) == 0;
}
