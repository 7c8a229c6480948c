/* Copies, comparisons, lengths and searches in text, as a C library does them word by word. */
#include "bench.h"

#define TEXT 65536
#define ROUNDS 900

static char text[TEXT + 8] __attribute__((aligned(8)));
static char copy[TEXT + 8] __attribute__((aligned(8)));

static void copy_words(char *to, const char *from, u64 bytes) {
  u64 *out = (u64 *)to;
  const u64 *in = (const u64 *)from;
  for (u64 i = 0; i < bytes / 8; i++) out[i] = in[i];
}

static u64 length(const char *s) {
  const u64 *w = (const u64 *)s;
  for (;; w++) {
    u64 v = *w;
    if ((v - 0x0101010101010101ul) & ~v & 0x8080808080808080ul) break;
  }
  const char *end = (const char *)w;
  while (*end) end++;
  return (u64)(end - s);
}

static u64 count_char(const char *s, u64 bytes, char wanted) {
  u64 count = 0;
  for (u64 i = 0; i < bytes; i++) count += s[i] == wanted;
  return count;
}

static i64 compare(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a - *b;
}

u64 work(void) {
  u64 seed = 99, hash = 0;
  for (int i = 0; i < TEXT; i++) text[i] = (char)('a' + next_random(&seed) % 26);
  for (int round = 0; round < ROUNDS; round++) {
    text[TEXT - 1 - round] = 0;
    copy_words(copy, text, TEXT);
    hash = mix(hash, length(copy));
    hash = mix(hash, (u64)compare(text, copy));
    hash = mix(hash, count_char(copy, TEXT / 2, (char)('a' + round % 26)));
    text[TEXT - 1 - round] = 'z';
  }
  return hash;
}
