/* Loads from more pages than our TLB holds, in order, so that each one walks an Sv39 table of three levels. */
#include "leaving.h"

#define ROUNDS 250
#define TABLES 8
#define PAGES (TABLES * 512)
#define WINDOW 0x40000000ul

#define PTE_LEAF 0xcful /* D A X W R V */
#define PTE_TABLE 1ul
#define SATP_SV39 (8ul << 60)

typedef u64 table[512] __attribute__((aligned(4096)));
static table root, middle, leaves[TABLES], page;

static u64 entry(const void *at, u64 flags) {
  return ((u64)at >> 12) << 10 | flags;
}

u64 work(void) {
  root[2] = entry((void *)0x80000000, PTE_LEAF);
  root[WINDOW >> 30] = entry(middle, PTE_TABLE);
  for (int i = 0; i < TABLES; i++) {
    middle[i] = entry(leaves[i], PTE_TABLE);
    for (int j = 0; j < 512; j++) leaves[i][j] = entry(page, PTE_LEAF);
  }
  __asm__ volatile("csrw satp, %0\n  sfence.vma" ::"r"(SATP_SV39 | (u64)root >> 12) : "memory");
  for (int i = 0; i < ROUNDS; i++) {
    for (u64 at = WINDOW; at < WINDOW + PAGES * 4096ul; at += 4096) (void)*(volatile u64 *)at;
  }
  return ROUNDS * (u64)PAGES;
}
