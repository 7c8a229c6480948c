/* Reads of the time CSR, as a guest that waits for a moment makes them. */
#include "leaving.h"

#define READS 8000000

u64 work(void) {
  u64 last = 0;
  for (int i = 0; i < READS; i++) {
    u64 now;
    __asm__ volatile("rdtime %0" : "=r"(now));
    if (now < last) return 0;
    last = now;
  }
  return READS;
}
