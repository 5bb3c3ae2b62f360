/* libFuzzer as a library: its driver, called from a main of our own. */
#ifndef POSTERN_FUZZER_H
#define POSTERN_FUZZER_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *data, size_t size));

#endif
