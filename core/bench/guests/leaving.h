/* What the guests share that leave guest code: `work` gives the number of times it did. */
#ifndef LEAVING_H
#define LEAVING_H

#include "bench.h"

#define SBI_BASE 0x10
#define SBI_DBCN 0x4442434e

static inline u64 sbi_call(u64 extension, u64 function, u64 arg0, u64 arg1, u64 arg2) {
  register u64 a0 __asm__("a0") = arg0;
  register u64 a1 __asm__("a1") = arg1;
  register u64 a2 __asm__("a2") = arg2;
  register u64 a6 __asm__("a6") = function;
  register u64 a7 __asm__("a7") = extension;
  __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
  return a0;
}

#endif
