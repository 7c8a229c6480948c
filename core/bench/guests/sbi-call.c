/* SBI calls that the layer below the guest answers at once: BASE get_spec_version. */
#include "leaving.h"

#define CALLS 1000000

u64 work(void) {
  for (int i = 0; i < CALLS; i++) sbi_call(SBI_BASE, 0, 0, 0, 0);
  return CALLS;
}
