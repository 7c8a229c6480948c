/* What each bench guest shares: `work` does the measured part, `main` prints two lines around it. */
#ifndef BENCH_H
#define BENCH_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef int i32;
typedef long i64;

/* The measured part; gives a checksum that depends on all that it computed. */
u64 work(void);

/* xorshift64*: the same sequence in every run. */
static inline u64 next_random(u64 *state) {
  u64 x = *state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  *state = x;
  return x * 0x2545f4914f6cdd1dul;
}

static inline u64 mix(u64 hash, u64 value) {
  hash ^= value;
  hash *= 0x9e3779b97f4a7c15ul;
  return hash ^ (hash >> 29);
}

#endif
