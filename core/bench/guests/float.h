/* What guests with floating point share. */
#ifndef FLOAT_H
#define FLOAT_H

#include "bench.h"

static inline u64 bits_of(double value) {
  union {
    double number;
    u64 bits;
  } both = {value};
  return both.bits;
}

static inline double double_of(u64 bits) {
  union {
    u64 bits;
    double number;
  } both = {bits};
  return both.number;
}

/* 0 to 1, with 53 random bits. */
static inline double next_double(u64 *state) { return (double)(next_random(state) >> 11) * 0x1p-53; }

#endif
