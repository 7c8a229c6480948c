/* Product of matrices of doubles: loads and multiply-adds. */
#include "float.h"

#define N 120
#define ROUNDS 6

static double a[N][N], b[N][N], c[N][N];

u64 work(void) {
  u64 seed = 1234567;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      a[i][j] = next_double(&seed) - 0.5;
      b[i][j] = next_double(&seed) - 0.5;
    }
  }
  u64 hash = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        double sum = 0;
        for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
        c[i][j] = sum;
      }
    }
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        hash = mix(hash, bits_of(c[i][j]));
        a[i][j] = c[i][j] * 0.125;
      }
    }
  }
  return hash;
}
