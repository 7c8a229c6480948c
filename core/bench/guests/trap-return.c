/* Exceptions taken at S level and returned from; the handler steps over the ebreak: two CSR accesses and sret. */
#include "leaving.h"

#define TRAPS 1000000

__asm__(
    "    .balign 4\n"
    "step_over:\n"
    "    csrr t0, sepc\n"
    "    addi t0, t0, 4\n"
    "    csrw sepc, t0\n"
    "    sret\n");
extern char step_over[];

u64 work(void) {
  __asm__ volatile("csrw stvec, %0" ::"r"(step_over));
  for (int i = 0; i < TRAPS; i++) {
    __asm__ volatile(
        ".option push\n.option norvc\n"
        "ebreak\n"
        ".option pop" ::
            : "t0", "memory");
  }
  return TRAPS;
}
