/* SPDX-License-Identifier: MIT */
#include "host/access.h"

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"

const struct avrspi_host_nodes avrspi_host_spidev_nodes = {"spi", "SUBSYSTEM==\"spidev\""};
const struct avrspi_host_nodes avrspi_host_gpiochip_nodes = {
    "gpio", "SUBSYSTEM==\"gpio\", KERNEL==\"gpiochip*\""};

enum {
    NAME = 64,
    ROOM = 4096, /* of the strings of an entry */
};

/* Names as ls shows them: numbers where there is none. */
static void owner_name(uid_t uid, char name[NAME])
{
    struct passwd entry, *found = NULL;
    char room[ROOM];

    if (getpwuid_r(uid, &entry, room, sizeof room, &found) == 0 && found)
        (void)snprintf(name, NAME, "%s", found->pw_name);
    else
        (void)snprintf(name, NAME, "%u", (unsigned)uid);
}

static void group_name(gid_t gid, char name[NAME])
{
    struct group entry, *found = NULL;
    char room[ROOM];

    if (getgrgid_r(gid, &entry, room, sizeof room, &found) == 0 && found)
        (void)snprintf(name, NAME, "%s", found->gr_name);
    else
        (void)snprintf(name, NAME, "%u", (unsigned)gid);
}

/* Whether the user is in a group by now, which programs have from the next login on. */
static bool is_member(gid_t gid)
{
    enum {
        MOST = 256
    };
    struct passwd entry, *found = NULL;
    gid_t groups[MOST];
    int count = MOST;
    char room[ROOM];

    if (getpwuid_r(getuid(), &entry, room, sizeof room, &found) != 0 || !found ||
        getgrouplist(found->pw_name, found->pw_gid, groups, &count) < 0)
        return false;
    for (int n = 0; n < count; n++)
        if (groups[n] == gid)
            return true;
    return false;
}

static void hint_rule(const struct avrspi_host_nodes *nodes, struct avrspi_error *error)
{
    avrspi_hint_add(error,
                    "a udev rule gives it to a group that you can join:\n"
                    "sudo groupadd -f %s; sudo usermod -aG %s $USER\n"
                    "echo '%s, GROUP=\"%s\", MODE=\"0660\"' | "
                    "sudo tee /etc/udev/rules.d/90-%s.rules\n"
                    "then restart the computer",
                    nodes->group, nodes->group, nodes->rule, nodes->group, nodes->group);
}

void avrspi_host_hint_status(const struct avrspi_host_nodes *nodes, const char *path,
                             const struct stat *status, struct avrspi_error *error)
{
    char owner[NAME], group[NAME];

    if (!status) {
        avrspi_hint(error,
                    "join the group that owns the device, usually '%s': "
                    "sudo usermod -aG %s $USER, then log in again",
                    nodes->group, nodes->group);
        return;
    }
    owner_name(status->st_uid, owner);
    group_name(status->st_gid, group);
    avrspi_hint(error, "%s belongs to %s:%s, mode %04o: ", path, owner, group,
                (unsigned)(status->st_mode & 07777));
    if (status->st_gid == 0 || (status->st_mode & (S_IRGRP | S_IWGRP)) != (S_IRGRP | S_IWGRP))
        hint_rule(nodes, error);
    else if (is_member(status->st_gid))
        avrspi_hint_add(error, "you are in that group, and its rights begin with the next login");
    else
        avrspi_hint_add(error, "sudo usermod -aG %s $USER, then log in again", group);
}

void avrspi_host_hint_access(const struct avrspi_host_nodes *nodes, const char *path,
                             struct avrspi_error *error)
{
    struct stat status;

    avrspi_host_hint_status(nodes, path, stat(path, &status) == 0 ? &status : NULL, error);
}
