/* SPDX-License-Identifier: MIT */
/* The seccomp filter: which system calls the supervisor sees. */
#include "board.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#if defined __x86_64__
#define BOARD_ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define BOARD_ARCH AUDIT_ARCH_AARCH64
#else
#error "the board supports x86_64 and aarch64 only"
#endif

/* newer than some <linux/seccomp.h> */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS      SECCOMP_IOW(4, __u64)
#endif

enum {
    TYPE_SPIDEV = 'k' << 8, /* where an ioctl's number has its type */
    TYPE_GPIO = 0xb4 << 8,
    TYPE_MASK = 0xff00,
};

static const unsigned short path_calls[] = {
#ifdef __NR_open
    __NR_open,      __NR_stat,       __NR_lstat,      __NR_readlink,   __NR_access,
#endif
    __NR_openat,    __NR_openat2,    __NR_newfstatat, __NR_fstat,      __NR_statx,
    __NR_faccessat, __NR_faccessat2, __NR_readlinkat, __NR_getdents64, __NR_getxattr,
    __NR_lgetxattr, __NR_listxattr,  __NR_llistxattr, __NR_flock,
};

enum {
    N_PATH_CALLS = sizeof path_calls / sizeof *path_calls,
    HEAD = 3, /* instructions before the comparisons, and the ones after them */
    TAIL = 11,
};

static void put(struct sock_filter *at, uint16_t code, uint8_t yes, uint8_t no, uint32_t k)
{
    *at = (struct sock_filter){.code = code, .jt = yes, .jf = no, .k = k};
}

/* [arch?] [nr] [nr == path call -> notify]... [nr == write?] [nr == ioctl?]
 * [type 'k' or 0xb4 -> notify] [descriptor from WRITTEN_FD on -> notify] */
static void assemble(struct sock_filter *code)
{
    const uint16_t load = BPF_LD | BPF_W | BPF_ABS, equal = BPF_JMP | BPF_JEQ | BPF_K,
                   answer = BPF_RET | BPF_K;
    const unsigned allow = HEAD + N_PATH_CALLS + TAIL - 2, notify = allow + 1, written = allow - 2;
    unsigned at = 0;

    put(&code[at++], load, 0, 0, offsetof(struct seccomp_data, arch));
    put(&code[at], equal, 0, (uint8_t)(allow - at - 1), BOARD_ARCH);
    at++;
    put(&code[at++], load, 0, 0, offsetof(struct seccomp_data, nr));
    for (unsigned n = 0; n < N_PATH_CALLS; n++, at++)
        put(&code[at], equal, (uint8_t)(notify - at - 1), 0, path_calls[n]);
    put(&code[at], equal, (uint8_t)(written - at - 1), 0, __NR_write);
    at++;
    put(&code[at], equal, 0, (uint8_t)(allow - at - 1), __NR_ioctl);
    at++;
    /* the low half of the second argument: both architectures are little endian */
    put(&code[at++], load, 0, 0, offsetof(struct seccomp_data, args[1]));
    put(&code[at++], BPF_ALU | BPF_AND | BPF_K, 0, 0, TYPE_MASK);
    put(&code[at], equal, (uint8_t)(notify - at - 1), 0, TYPE_SPIDEV);
    at++;
    put(&code[at], equal, (uint8_t)(notify - at - 1), 0, TYPE_GPIO);
    at++;
    put(&code[at], BPF_JMP | BPF_JA, 0, 0, allow - at - 1);
    at++;
    put(&code[at++], load, 0, 0, offsetof(struct seccomp_data, args[0]));
    put(&code[at], BPF_JMP | BPF_JGE | BPF_K, (uint8_t)(notify - at - 1), 0, WRITTEN_FD);
    at++;
    put(&code[at++], answer, 0, 0, SECCOMP_RET_ALLOW);
    put(&code[at], answer, 0, 0, SECCOMP_RET_USER_NOTIF);
}

int filter_install(void)
{
    struct sock_filter code[HEAD + N_PATH_CALLS + TAIL];
    const struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
    /* a signal must not restart a transfer whose bits have gone out (Linux 5.19) */
    unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    long listener;

    assemble(code);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -1;
    listener = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    if (listener < 0 && errno == EINVAL) {
        listener = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                           &program);
    }
    return (int)listener;
}

bool filter_wake_in_place(int listener)
{
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP) == 0;
}
