/* Quicksort of random words: branches that nothing predicts, and recursion. */
#include "bench.h"

#define SIZE 200000
#define ROUNDS 20
#define SMALL 12

static u32 items[SIZE];

static void insertion_sort(u32 *from, u32 *last) {
  for (u32 *i = from + 1; i <= last; i++) {
    u32 value = *i;
    u32 *hole = i;
    while (hole > from && hole[-1] > value) {
      *hole = hole[-1];
      hole--;
    }
    *hole = value;
  }
}

static void sort(u32 *from, u32 *last) {
  while (last - from > SMALL) {
    u32 pivot = from[(last - from) / 2];
    u32 *left = from, *right = last;
    while (left <= right) {
      while (*left < pivot) left++;
      while (*right > pivot) right--;
      if (left > right) break;
      u32 swap = *left;
      *left++ = *right;
      *right-- = swap;
    }
    if (right - from < last - left) {
      sort(from, right);
      from = left;
    } else {
      sort(left, last);
      last = right;
    }
  }
  insertion_sort(from, last);
}

u64 work(void) {
  u64 seed = 42, hash = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < SIZE; i++) items[i] = (u32)next_random(&seed);
    sort(items, items + SIZE - 1);
    for (int i = 1; i < SIZE; i++) {
      if (items[i - 1] > items[i]) return 0;
      hash = mix(hash, items[i]);
    }
  }
  return hash;
}
