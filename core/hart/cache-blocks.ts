/**
 * What of cache-block instructions is left where no cache exists: who may use them, and what they fault on.
 * [Unprivileged ISA, Cache-Block Management Instructions: Traps; Privileged ISA, senvcfg and henvcfg]
 */
import type { CacheBlockOp } from '../isa/dsl/ir.ts';
import type { Access, Translation } from '../memory/translate.ts';
import type { Privilege } from './api.ts';
import { CBCFE, CBIE, CBZE } from './environment.ts';
import type { DataAccess } from './exits.ts';

/** As the hosts have it: a power of two. */
export const CACHE_BLOCK_BYTES = 64;

/** A cache-block instruction always faults as a store, and KVM cannot decode it for emulation. */
export const CACHE_BLOCK_ACCESS: Omit<DataAccess, 'word'> = {
  store: true,
  bytes: 8,
  value: 0n,
  signed: false,
  rd: 0,
  length: 4,
  atomic: true,
};

/** Any value of the field but 0 allows it. */
const ENABLED_BY: Readonly<Record<CacheBlockOp, bigint>> = {
  'cbo.inval': CBIE,
  'cbo.clean': CBCFE,
  'cbo.flush': CBCFE,
  'cbo.zero': CBZE,
};

/** Whether the level may use it; what it may not is a virtual-instruction exception, the hypervisor's fields being first. */
export function isCacheBlockAllowed(
  op: CacheBlockOp,
  privilege: Privilege,
  { henvcfg, senvcfg }: { readonly henvcfg: bigint; readonly senvcfg: bigint },
): boolean {
  const field = ENABLED_BY[op];
  return (henvcfg & field) !== 0n && (privilege === 'S' || (senvcfg & field) !== 0n);
}

/** Zeroing is a store; the others are allowed wherever a load or a store is. */
export function findCacheBlock(op: CacheBlockOp, translated: (access: Access) => Translation): Translation {
  if (op !== 'cbo.zero') {
    const found = translated('load');
    if (found.kind !== 'page-fault') return found;
  }
  return translated('store');
}
