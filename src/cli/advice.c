/* SPDX-License-Identifier: MIT */
#include "cli/advice.h"

#include <stdio.h>
#include <string.h>

/* '%s' stands for the subject. */
static const char *const words[AVRSPI_ADVICES] = {
    [AVRSPI_ADVICE_NONE] = "",
    [AVRSPI_ADVICE_ERASE] = "'avrspi erase' does that",
    [AVRSPI_ADVICE_ERASE_HIDDEN] = "'avrspi -c %s --force erase' erases it and the lock bits",
    [AVRSPI_ADVICE_FORCE] = "--force if that is what you want",
    [AVRSPI_ADVICE_SLOWER] = "a lower --speed tolerates longer wires",
    [AVRSPI_ADVICE_NAME_CHIP] = "-c NAME selects one",
    [AVRSPI_ADVICE_ANY_CHIP] = "without -c the chip is identified by its signature",
    [AVRSPI_ADVICE_DESCRIBE_CHIP] =
        "name a chip with -c and --force, or describe it in a file of your own (--chips FILE)",
    [AVRSPI_ADVICE_LIST_CHIPS] = "'avrspi chips' lists them all",
    [AVRSPI_ADVICE_RESTORE_LOW_FUSE] = "'avrspi fuses --low %s'",
    [AVRSPI_ADVICE_FUSE_BYTES] = "--low, --high and --ext take whole bytes",
    [AVRSPI_ADVICE_ALLOW_ERASE] = "leave out --no-erase, or use --update",
    [AVRSPI_ADVICE_WRITE_INSTEAD] = "without --verify it would be",
    [AVRSPI_ADVICE_RESET_LINE] = "--reset chooses another line",
    [AVRSPI_ADVICE_PORT] =
        "--port takes a device such as /dev/spidev0.0, or gpio:sck=LINE,mosi=LINE,miso=LINE",
    [AVRSPI_ADVICE_FORMAT_RAW] = "'--format raw' reads any file as raw binary",
    [AVRSPI_ADVICE_FORMAT_HEX] = "'--format hex' writes it",
    [AVRSPI_ADVICE_REPLACE_BOOT] = "without --keep-boot the file replaces it",
    [AVRSPI_ADVICE_NOTES_FOLDER] = "set XDG_STATE_HOME to a folder that you can write to",
    [AVRSPI_ADVICE_READ_SLOWLY] =
        "'avrspi --speed 10k sig' reads it slowly: if that finds the same, it is another chip",
    [AVRSPI_ADVICE_NO_ECHO_CHIP] = "an AT90S1200 never echoes: '-c at90s1200' names it",
    [AVRSPI_ADVICE_RESET_INVERTED] = "if so: -r %s",
    [AVRSPI_ADVICE_FIRST_IMAGE] = "--first-image takes the first",
    [AVRSPI_ADVICE_TWO_FILES] = "'avrspi flash FIRST SECOND' takes the two files one by one",
    [AVRSPI_ADVICE_INSIST_ON_CHIP] = "'-c %s' on the command line takes it all the same",
    [AVRSPI_ADVICE_FUSE_FILE] = "'avrspi fuses' writes those",
    [AVRSPI_ADVICE_LIST_BOARDS] = "'avrspi burn --boards FILE --list' lists them all",
    [AVRSPI_ADVICE_CLOCK] = ("'avrspi --xtal 1M fuses --set clock=%s' recovers a chip "
                             "fused for a crystal that "
                             "it has not, with XTAL1 at the clock pin that 'avrspi wiring' shows"),
    [AVRSPI_ADVICE_OTHER_FILE] = "--file takes another one",
    [AVRSPI_ADVICE_CLOCK_OFF] = "'avrspi clock off' ends it",
    [AVRSPI_ADVICE_DOCTOR] = "'avrspi doctor' looks at each part",
    [AVRSPI_ADVICE_ENABLE_SPI] = "'sudo raspi-config nonint do_spi 0' switches SPI on for good",
    [AVRSPI_ADVICE_RESTART] = "'sudo reboot' restarts it",
    [AVRSPI_ADVICE_REMOVE_SETTING] =
        "take '%s' out of config.txt and restart, or use other lines (-p, -r)",
    [AVRSPI_ADVICE_RAISE_BUFSIZ] =
        "'spidev.bufsiz=4096' in the kernel's command line makes long transfers possible",
    [AVRSPI_ADVICE_FIX_CORE_CLOCK] = "on a Raspberry Pi, 'core_freq' in config.txt fixes it",
    [AVRSPI_ADVICE_NAME_SUPPLY] = "--vcc says what it is",
    [AVRSPI_ADVICE_SPEED] = "--speed %s was without a fault",
};

const char *advice_words(enum avrspi_advice advice)
{
    return (unsigned)advice < AVRSPI_ADVICES ? words[advice] : "";
}

void advice_text(const struct avrspi_error *error, char *text, size_t size)
{
    const char *advice = advice_words(error->advice);
    size_t length = strlen(error->hint);
    const char *joint = !length || !*advice              ? ""
                        : strchr(error->hint, '\n')      ? "\n"
                        : error->hint[length - 1] == '?' ? " "
                                                         : "; ";
    int used = snprintf(text, size, "%s%s", error->hint, joint);

    if (used < 0 || (size_t)used >= size)
        return;
    for (; *advice && (size_t)used + 1 < size; advice++) {
        if (advice[0] == '%' && advice[1] == 's') {
            used += snprintf(text + used, size - (size_t)used, "%s", error->subject);
            advice++;
        } else {
            text[used++] = *advice;
            text[used] = '\0';
        }
    }
}
