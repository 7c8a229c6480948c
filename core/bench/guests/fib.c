/* Recursive Fibonacci: calls, returns and stack traffic. */
#include "bench.h"

#define DEPTH 35

__attribute__((noinline, optimize("no-optimize-sibling-calls"))) static u64 fib(u64 n) {
  __asm__ volatile("" : "+r"(n));
  if (n < 2) return n;
  return fib(n - 1) + fib(n - 2);
}

u64 work(void) { return fib(DEPTH) + (fib(DEPTH - 3) << 32); }
