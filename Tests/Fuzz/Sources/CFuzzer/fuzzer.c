/* The declarations stand in the header; the definitions are libFuzzer's own. */
#include "fuzzer.h"
