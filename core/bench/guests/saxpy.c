/* Single precision: y += a * x, with the product rounded and with it fused, and a sum. */
#include "float.h"

#define N 4096
#define ROUNDS 1000

static float x[N], y[N];

u64 work(void) {
  u64 seed = 99;
  for (int i = 0; i < N; i++) {
    x[i] = (float)next_double(&seed) - 0.5f;
    y[i] = (float)next_double(&seed);
  }
  u64 hash = 0;
  for (int round = 0; round < ROUNDS; round++) {
    float a = (float)(round % 7 - 3) * 0.3f, sum = 0;
    if (round & 1)
      for (int i = 0; i < N; i++) y[i] = __builtin_fmaf(a, x[i], y[i]);
    else
      for (int i = 0; i < N; i++) {
        volatile float product = a * x[i];
        y[i] += product;
      }
    for (int i = 0; i < N; i++) sum += y[i];
    hash = mix(hash, bits_of(sum));
  }
  return hash;
}
