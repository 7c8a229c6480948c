/* Sieve of Eratosthenes over bytes: strided stores and a counting scan. */
#include "bench.h"

#define SIZE 1000000
#define ROUNDS 50

static u8 composite[SIZE];

u64 work(void) {
  u64 hash = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < SIZE; i++) composite[i] = 0;
    for (u64 i = 2; i * i < SIZE; i++) {
      if (composite[i]) continue;
      for (u64 k = i * i; k < SIZE; k += i) composite[k] = 1;
    }
    u64 count = 0;
    for (int i = 2 + round; i < SIZE; i++) count += !composite[i];
    hash = mix(hash, count);
  }
  return hash;
}
