/* Writes of sscratch, eight between two branches. */
#include "leaving.h"

#define ROUNDS 800000

u64 work(void) {
  for (u64 i = 0; i < ROUNDS; i++) {
    __asm__ volatile(
        ".rept 8\n"
        "  csrw sscratch, %0\n"
        ".endr" ::"r"(i));
  }
  return ROUNDS * 8ul;
}
