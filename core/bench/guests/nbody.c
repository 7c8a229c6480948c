/* Five bodies under gravity, made up: sums, products, a root and a quotient for each pair. */
#include "float.h"

#define BODIES 5
#define STEPS 60000
#define STEP 0.001

struct body {
  double x[3], v[3], mass;
};
static struct body bodies[BODIES];

static double root(double value) {
  double result;
  __asm__("fsqrt.d %0, %1" : "=f"(result) : "f"(value));
  return result;
}

static void attract(struct body *a, struct body *b) {
  double d[3], square = 0;
  for (int i = 0; i < 3; i++) {
    d[i] = a->x[i] - b->x[i];
    square += d[i] * d[i];
  }
  double pull = STEP / (square * root(square));
  for (int i = 0; i < 3; i++) {
    a->v[i] -= d[i] * b->mass * pull;
    b->v[i] += d[i] * a->mass * pull;
  }
}

u64 work(void) {
  u64 seed = 42;
  for (int i = 0; i < BODIES; i++) {
    for (int k = 0; k < 3; k++) {
      bodies[i].x[k] = 20 * next_double(&seed) - 10;
      bodies[i].v[k] = next_double(&seed) - 0.5;
    }
    bodies[i].mass = i == 0 ? 40 : next_double(&seed);
  }
  for (int step = 0; step < STEPS; step++) {
    for (int i = 0; i < BODIES; i++)
      for (int j = i + 1; j < BODIES; j++) attract(&bodies[i], &bodies[j]);
    for (int i = 0; i < BODIES; i++)
      for (int k = 0; k < 3; k++) bodies[i].x[k] += STEP * bodies[i].v[k];
  }
  u64 hash = 0;
  for (int i = 0; i < BODIES; i++)
    for (int k = 0; k < 3; k++) hash = mix(mix(hash, bits_of(bodies[i].x[k])), bits_of(bodies[i].v[k]));
  return hash;
}
