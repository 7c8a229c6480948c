/* Escape times of the Mandelbrot set: sums, products and a comparison in a short loop. */
#include "float.h"

#define WIDTH 320
#define HEIGHT 240
#define LIMIT 200

u64 work(void) {
  u64 hash = 0;
  for (int row = 0; row < HEIGHT; row++) {
    for (int column = 0; column < WIDTH; column++) {
      double cr = -2.2 + 3.0 * column / WIDTH, ci = -1.2 + 2.4 * row / HEIGHT;
      double r = 0, i = 0;
      int steps = 0;
      while (steps < LIMIT && r * r + i * i <= 4) {
        double next = r * r - i * i + cr;
        i = 2 * r * i + ci;
        r = next;
        steps++;
      }
      hash = mix(hash, (u64)steps);
    }
  }
  return hash;
}
