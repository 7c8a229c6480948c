/* Polynomials by Horner's rule: a chain of fused multiply-adds. */
#include "float.h"

#define DEGREE 24
#define POINTS 320000

u64 work(void) {
  double coefficients[DEGREE + 1];
  u64 seed = 7;
  for (int i = 0; i <= DEGREE; i++) coefficients[i] = next_double(&seed) - 0.5;
  u64 hash = 0;
  for (int point = 0; point < POINTS; point++) {
    double x = next_double(&seed) * 2 - 1, value = coefficients[DEGREE];
    for (int i = DEGREE - 1; i >= 0; i--) value = __builtin_fma(value, x, coefficients[i]);
    hash = mix(hash, bits_of(value));
  }
  return hash;
}
