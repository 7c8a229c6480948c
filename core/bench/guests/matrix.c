/* Product of integer matrices: multiply-add with one strided operand. */
#include "bench.h"

#define N 160
#define ROUNDS 24

static i64 a[N][N], b[N][N], c[N][N];

u64 work(void) {
  u64 seed = 1234567;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      a[i][j] = (i64)(next_random(&seed) >> 40);
      b[i][j] = (i64)(next_random(&seed) >> 40);
    }
  }
  u64 hash = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        i64 sum = 0;
        for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
        c[i][j] = sum;
      }
    }
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        hash = mix(hash, (u64)c[i][j]);
        a[i][j] = c[i][j] >> 20;
      }
    }
  }
  return hash;
}
