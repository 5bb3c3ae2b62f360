/* Counts of times by their size, each within 1.6 %: 64 steps for every doubling. */
#pragma once
#include <stdint.h>

enum { HISTOGRAM_STEPS = 64, HISTOGRAM_DOUBLINGS = 40 };
struct histogram { uint64_t total, counts[HISTOGRAM_DOUBLINGS * HISTOGRAM_STEPS]; };

static void histogram_add(struct histogram *h, int64_t value) {
    uint64_t rest = value < 0 ? 0 : value;
    int doublings = 0;
    while (rest >= 2 * HISTOGRAM_STEPS) rest >>= 1, doublings++;
    uint64_t index = (uint64_t)doublings * HISTOGRAM_STEPS + rest;
    uint64_t last = sizeof h->counts / sizeof h->counts[0] - 1;
    h->counts[index < last ? index : last]++;
    h->total++;
}

/* The smallest value that is not less than this share of all; 0 where there is none. */
static int64_t histogram_at(const struct histogram *h, double share) {
    uint64_t seen = 0, wanted = (uint64_t)(share * h->total);
    for (uint64_t index = 0; index < sizeof h->counts / sizeof h->counts[0]; index++) {
        seen += h->counts[index];
        if (seen == 0 || seen < wanted) continue;
        uint64_t doublings = index < 2 * HISTOGRAM_STEPS ? 0 : index / HISTOGRAM_STEPS - 1;
        return (int64_t)((index - doublings * HISTOGRAM_STEPS) << doublings);
    }
    return 0;
}
