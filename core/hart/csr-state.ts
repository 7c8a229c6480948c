/** What a hart keeps of its CSRs, and how it begins. [Privileged ISA, Supervisor-Level ISA] */
import type { HartOptions } from './api.ts';
import { defaultHenvcfg } from './environment.ts';

const ALL_ONES = 0xffff_ffff_ffff_ffffn;

/**
 * Values as stored; what traps and interrupt checks look at are numbers, since a bigint there costs more than all
 * else. `sstatus` is its low half without FS, which `FloatRegisters` has: SD is computed and UXL fixed. `hvip` holds
 * what the hypervisor injects and SSIP.
 */
export interface SupervisorState {
  sstatus: number;
  sie: number;
  stvec: bigint;
  scounteren: number;
  senvcfg: bigint;
  sscratch: bigint;
  sepc: bigint;
  scause: bigint;
  stval: bigint;
  stimecmp: bigint;
  satp: bigint;
  siselect: bigint;
  hvip: number;
  /** These are the hypervisor's, not the guest's. */
  henvcfg: bigint;
  hviprio1: bigint;
  hviprio2: bigint;
}

/** The state of a KVM vcpu at reset; without Sstc nobody reads stimecmp. */
export function resetState({ extensions }: Pick<HartOptions, 'extensions'>): SupervisorState {
  return {
    sstatus: 0,
    sie: 0,
    stvec: 0n,
    scounteren: 0,
    senvcfg: 0n,
    sscratch: 0n,
    sepc: 0n,
    scause: 0n,
    stval: 0n,
    stimecmp: ALL_ONES,
    satp: 0n,
    siselect: 0n,
    hvip: 0,
    henvcfg: defaultHenvcfg(extensions),
    hviprio1: 0n,
    hviprio2: 0n,
  };
}
