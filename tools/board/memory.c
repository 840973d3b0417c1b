/* SPDX-License-Identifier: MIT */
/* Reading and writing the program's memory. */
#include "board.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static struct iovec remote_range(uint64_t address, size_t size)
{
    struct iovec range = {.iov_len = size};
    uintptr_t pointer = (uintptr_t)address;

    memcpy(&range.iov_base, &pointer, sizeof pointer);
    return range;
}

bool memory_read(const struct call *call, uint64_t address, void *data, size_t size)
{
    const struct iovec local = {.iov_base = data, .iov_len = size};
    const struct iovec remote = remote_range(address, size);

    if (size == 0)
        return true;
    /* the number of a thread that died may already be another's: what was read counts only
     * while the call waits */
    return process_vm_readv(call->pid, &local, 1, &remote, 1, 0) == (ssize_t)size &&
           call_valid(call);
}

bool memory_write(const struct call *call, uint64_t address, const void *data, size_t size)
{
    const struct iovec remote = remote_range(address, size);
    struct iovec local = {.iov_len = size};

    if (size == 0)
        return true;
    memcpy(&local.iov_base, &data, sizeof data);
    return process_vm_writev(call->pid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

bool memory_read_string(const struct call *call, uint64_t address, char *text, size_t size)
{
    static size_t page;
    size_t have = 0;

    if (page == 0)
        page = (size_t)sysconf(_SC_PAGESIZE);
    /* page by page: the next one may not be there, and need not be */
    while (have < size) {
        size_t want = page - (size_t)((address + have) % page);

        if (want > size - have)
            want = size - have;
        if (!memory_read(call, address + have, text + have, want))
            return false;
        if (memchr(text + have, '\0', want))
            return true;
        have += want;
    }
    return false;
}
