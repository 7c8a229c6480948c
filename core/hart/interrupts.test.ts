import { describe, expect, it } from 'vitest';
import { IRQ_LCOF, IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER } from './api.ts';
import { HVIPRIO1_MASK, stopi, topInterrupt } from './interrupts.ts';

const ALL = [IRQ_S_SOFT, IRQ_S_TIMER, IRQ_S_EXT, IRQ_LCOF] as const;

interface Numbers {
  readonly soft?: number;
  readonly timer?: number;
  readonly overflow?: number;
}

/** Interrupts that are pending and enabled, with their priority numbers. */
function ready(irqs: readonly number[], { soft = 0, timer = 0, overflow = 0 }: Numbers = {}) {
  const bits = irqs.reduce((mask, irq) => mask | (1 << irq), 0);
  const hviprio1 = (BigInt(soft) << 8n) | (BigInt(timer) << 24n) | (BigInt(overflow) << 40n);
  return { state: { sie: bits, hviprio1 }, pending: () => bits };
}

/** Taken one after the other. */
function order(irqs: readonly number[], numbers?: Numbers): readonly number[] {
  const first = topInterrupt(ready(irqs, numbers));
  return first < 0
    ? []
    : [
        first,
        ...order(
          irqs.filter((irq) => irq !== first),
          numbers,
        ),
      ];
}

describe('interrupts of a guest', () => {
  it('come in the default order without priority numbers', () => {
    expect(order(ALL)).toEqual([IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER, IRQ_LCOF]);
  });

  it('come by their numbers, those without one last', () => {
    const own = [IRQ_S_SOFT, IRQ_S_TIMER, IRQ_LCOF];
    expect(order(own, { soft: 3, timer: 2, overflow: 1 })).toEqual([IRQ_LCOF, IRQ_S_TIMER, IRQ_S_SOFT]);
    expect(order(own, { soft: 9, overflow: 200 })).toEqual([IRQ_S_SOFT, IRQ_LCOF, IRQ_S_TIMER]);
    expect(order(own, { soft: 254, timer: 1 })).toEqual([IRQ_S_TIMER, IRQ_S_SOFT, IRQ_LCOF]);
    expect(order(own, { overflow: 255 })).toEqual([IRQ_LCOF, IRQ_S_SOFT, IRQ_S_TIMER]);
  });

  it('come in the default order among equals, where QEMU 11.1 takes the highest number first', () => {
    expect(order([IRQ_S_SOFT, IRQ_S_TIMER, IRQ_LCOF], { soft: 7, timer: 7, overflow: 7 })).toEqual([1, 5, 13]);
    expect(order([IRQ_S_TIMER, IRQ_LCOF], { timer: 255, overflow: 255 })).toEqual([5, 13]);
  });

  it('come after an external one, which KVM gives the number 1', () => {
    expect(order(ALL, { soft: 1, timer: 1, overflow: 1 })).toEqual([IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER, IRQ_LCOF]);
  });

  it('have to be enabled', () => {
    expect(topInterrupt({ state: { sie: 1 << IRQ_LCOF, hviprio1: 0n }, pending: () => 0xffff })).toBe(IRQ_LCOF);
    expect(topInterrupt({ state: { sie: 0, hviprio1: HVIPRIO1_MASK }, pending: () => 0xffff })).toBe(-1);
  });

  it('show in stopi with their code and the number 1, and none as 0', () => {
    expect(stopi(ready(ALL))).toBe(0x9_0001);
    expect(stopi(ready([IRQ_LCOF, IRQ_S_TIMER], { overflow: 200 }))).toBe(0xd_0001);
    expect(stopi(ready([]))).toBe(0);
  });
});
