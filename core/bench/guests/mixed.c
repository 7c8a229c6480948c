/* Linked lists, a scanner as a state machine and bit-wise checksums in turn: small loops with many kinds of branches. */
#include "bench.h"

#define NODES 512
#define INPUT 4096
#define ROUNDS 8000

struct node {
  struct node *next;
  u16 key;
  u16 data;
};

static struct node nodes[NODES];
static char input[INPUT + 1];

enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, SCIENTIFIC, INVALID, STATES };

static struct node *build(u64 *seed) {
  for (int i = 0; i < NODES; i++) {
    nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
    nodes[i].key = (u16)next_random(seed);
    nodes[i].data = (u16)i;
  }
  return nodes;
}

static struct node *reverse(struct node *list) {
  struct node *done = 0;
  while (list) {
    struct node *next = list->next;
    list->next = done;
    done = list;
    list = next;
  }
  return done;
}

static const struct node *find(const struct node *list, u16 key) {
  while (list && list->key != key) list = list->next;
  return list;
}

static int is_digit(char c) { return c >= '0' && c <= '9'; }

static enum state step(enum state state, char c) {
  switch (state) {
    case START: return is_digit(c) ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : INVALID;
    case SIGN: return is_digit(c) ? INTEGER : c == '.' ? POINT : INVALID;
    case INTEGER: return is_digit(c) ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT : INVALID;
    case POINT: return is_digit(c) ? FRACTION : INVALID;
    case FRACTION: return is_digit(c) ? FRACTION : c == 'e' ? EXPONENT : INVALID;
    case EXPONENT: return is_digit(c) ? SCIENTIFIC : c == '+' || c == '-' ? EXPONENT_SIGN : INVALID;
    case EXPONENT_SIGN: return is_digit(c) ? SCIENTIFIC : INVALID;
    case SCIENTIFIC: return is_digit(c) ? SCIENTIFIC : INVALID;
    default: return INVALID;
  }
}

static u16 crc16(u16 crc, u16 value) {
  for (int bit = 0; bit < 16; bit++) {
    u16 carry = (u16)((crc ^ value) & 1);
    crc >>= 1;
    value >>= 1;
    if (carry) crc ^= 0xa001;
  }
  return crc;
}

u64 work(void) {
  static const char alphabet[] = "0123456789012345+-.e, ";
  u64 seed = 7, hash = 0;
  u16 crc = 0;
  struct node *list = build(&seed);
  for (int i = 0; i < INPUT; i++) input[i] = alphabet[next_random(&seed) % (sizeof alphabet - 1)];
  for (int round = 0; round < ROUNDS; round++) {
    u32 counts[STATES] = {0};
    enum state state = START;
    for (int i = 0; i < INPUT; i++) {
      char c = input[(i + round) & (INPUT - 1)];
      if (c == ',' || c == ' ') {
        counts[state]++;
        state = START;
      } else {
        state = step(state, c);
      }
    }
    for (int s = 0; s < STATES; s++) crc = crc16(crc, (u16)counts[s]);
    list = reverse(list);
    const struct node *found = find(list, nodes[(round * 37) % NODES].key);
    if (found) crc = crc16(crc, found->data);
    list->key ^= crc;
    hash = mix(hash, crc);
  }
  return hash;
}
