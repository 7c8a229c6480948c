/* CRC-32 by table, byte after byte: one dependent load for each byte. */
#include "bench.h"

#define SIZE (1 << 20)
#define ROUNDS 60

static u32 table[256];
static u8 data[SIZE];

u64 work(void) {
  for (u32 i = 0; i < 256; i++) {
    u32 c = i;
    for (int bit = 0; bit < 8; bit++) c = c & 1 ? (c >> 1) ^ 0xedb88320u : c >> 1;
    table[i] = c;
  }
  u64 seed = 88172645463325252ul;
  for (int i = 0; i < SIZE; i++) data[i] = (u8)next_random(&seed);
  u64 hash = 0;
  for (int round = 0; round < ROUNDS; round++) {
    u32 crc = 0xffffffffu ^ (u32)round;
    for (int i = 0; i < SIZE; i++) crc = table[(crc ^ data[i]) & 0xff] ^ (crc >> 8);
    hash = mix(hash, crc);
  }
  return hash;
}
