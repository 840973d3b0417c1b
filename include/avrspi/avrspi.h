/* SPDX-License-Identifier: MIT */
/*
 * All of libavrspi, which programs AVR microcontrollers over SPI.
 *
 *     avrspi_chips_open()        the chips known                        chips.h, chip.h, rules.h
 *     avrspi_image_read()        what a file holds                      image.h, contents.h
 *     avrspi_link_open()         a port, and the bus that it is on      link.h
 *     avrspi_session_open()      a target, held in reset                session.h
 *     avrspi_session_identify()
 *     avrspi_job_run()           a whole job                            job.h
 *     ...                        what happens, as it happens            event.h
 *     avrspi_session_close(), avrspi_link_close(), avrspi_image_free(), avrspi_chips_close()
 *
 * Unless a function says so, pointers that it takes are not NULL, the caller keeps what it passes,
 * and what is returned by pointer belongs to the object that was asked and lives as long. What can
 * fail returns an error (error.h). Nothing prints, ends the process or installs a signal handler.
 *
 * Threads
 *
 * The library has no variables of its own, so that objects that do not know each other can be used
 * in different threads at once.
 *
 * - struct avrspi_chips, and the chips in it, are only read once all definitions are added:
 *   sessions in several threads can share them. So can images and contents, and plans.
 * - A session, the link that it uses and the target's event callback belong to one thread at a
 *   time. The callback is called in the thread that called the library. A program may hand a
 *   session over to another thread between two calls.
 * - A bus object may be shared: links on it can be opened, used and closed in different threads.
 *   The library keeps their transfers apart; that one session at a time holds a target on the bus
 *   in reset is for the program to see to (link.h).
 * - avrspi_session_config.interrupt may be set by a signal handler or another thread at any time.
 * - avrspi_chips_add_search_path() reads the environment: no other thread may change it meanwhile.
 * - A child of fork() has the locks of the buses too, and must not use any object of its parent.
 *
 * Compatibility
 *
 * Programs that were linked with libavrspi.so.0 go on working with every libavrspi.so.0 that comes
 * later:
 *
 * - Functions stay, and do what they did.
 * - Structs that the library allocates and lends (struct avrspi_event, avrspi_step, avrspi_value,
 *   all that are opaque) may get more members at the end: a program does not copy or make them.
 * - Structs that a program allocates, or receives as a copy (errors, fuses, configurations,
 *   requests, results, hazards, counts, ...) do not change. Those with a member 'size' may get more
 *   members at the end, which are missing for programs that know less. Members that a program does
 *   not know how to use it sets to 0, as an initialiser does.
 * - Enums may get more values, and their last one, the number of values, rises: a program ignores
 *   events, warnings and advice that it does not know. enum avrspi_fuse, which is the size of
 *   arrays, stays.
 */
#ifndef AVRSPI_AVRSPI_H
#define AVRSPI_AVRSPI_H

#include "avrspi/api.h"
#include "avrspi/backup.h"
#include "avrspi/chip.h"
#include "avrspi/chips.h"
#include "avrspi/contents.h"
#include "avrspi/error.h"
#include "avrspi/event.h"
#include "avrspi/image.h"
#include "avrspi/job.h"
#include "avrspi/link.h"
#include "avrspi/rules.h"
#include "avrspi/session.h"
#include "avrspi/version.h"

#endif
