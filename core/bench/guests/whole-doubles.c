/* Whole numbers in doubles, as interpreters of scripts have them: nothing is ever inexact, so the flag stays clear. */
#include "float.h"

#define N 2000
#define ROUNDS 2000

static double values[N];

u64 work(void) {
  u64 seed = 5;
  for (int i = 0; i < N; i++) values[i] = (double)(next_random(&seed) >> 44);
  double total = 0;
  u64 hash = 0;
  for (int round = 0; round < ROUNDS; round++) {
    double even = 0, odd = 0;
    for (int i = 0; i < N; i++) {
      double value = values[i] + (double)round;
      if (((i64)value & 1) == 0) even += value * 3;
      else odd += value - (double)i;
      if (value > 1000000) values[i] -= 1000000;
    }
    total += even - odd;
    hash = mix(hash, bits_of(total));
  }
  u64 flags;
  __asm__ volatile("csrr %0, fflags" : "=r"(flags));
  return mix(hash, flags);
}
