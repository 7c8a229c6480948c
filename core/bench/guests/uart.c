/* Reads of a register of the serial port: loads that KVM takes apart and the VMM answers. */
#include "leaving.h"

#define READS 200000
#define LSR ((volatile u8 *)0x10000005)

u64 work(void) {
  for (int i = 0; i < READS; i++) (void)*LSR;
  return READS;
}
