/* Prints "begin", runs `work`, prints "end CHECKSUM TICKS". Console: the legacy call of SBI. */
#include "bench.h"

#define SBI_PUTCHAR 1
/* 20 ms: who reads the console samples our CPU time before we are gone. */
#define LINGER_TICKS 200000

static void put(char c) {
  register u64 a0 __asm__("a0") = (u8)c;
  register u64 a7 __asm__("a7") = SBI_PUTCHAR;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
}

static void print(const char *text) {
  while (*text) put(*text++);
}

static void print_hex(u64 value) {
  for (int shift = 60; shift >= 0; shift -= 4) put("0123456789abcdef"[(value >> shift) & 15]);
}

static u64 ticks(void) {
  u64 value;
  __asm__ volatile("rdtime %0" : "=r"(value));
  return value;
}

int main(void) {
  print("begin\n");
  u64 from = ticks();
  u64 checksum = work();
  u64 to = ticks();
  print("end ");
  print_hex(checksum);
  put(' ');
  print_hex(to - from);
  put('\n');
  while (ticks() - to < LINGER_TICKS) {
  }
  return 0;
}
