/** The VMM's state to plain data and back; `snapshot.ts` has the form. */
import { hex } from '../base/bits.ts';
import type { Bus } from '../bus/bus.ts';
import { at, PlainError } from '../schema/plain.ts';
import type { VmEnd } from './api.ts';
import type { Asleep } from './sbi/server.ts';
import type { AsleepSnapshot, VmmSnapshot } from './snapshot.ts';

export function saveAsleep({ sleep, next }: Asleep): AsleepSnapshot {
  return {
    sleep:
      sleep.kind !== 'hart'
        ? sleep
        : {
            kind: 'hart',
            enabled: hex(sleep.enabled),
            deadline: Number.isFinite(sleep.deadline) ? sleep.deadline : null,
            look: sleep.look,
          },
    next:
      next.kind === 'return'
        ? { kind: 'return', a0: hex(next.a0), a1: hex(next.a1) }
        : { kind: 'restart', pc: hex(next.pc), opaque: hex(next.opaque) },
  };
}

export function loadAsleep({ sleep, next }: AsleepSnapshot): Asleep {
  return {
    sleep:
      sleep.kind !== 'hart'
        ? sleep
        : { ...sleep, enabled: BigInt(sleep.enabled), deadline: sleep.deadline ?? Number.POSITIVE_INFINITY },
    next:
      next.kind === 'return'
        ? { kind: 'return', a0: BigInt(next.a0), a1: BigInt(next.a1) }
        : { kind: 'restart', pc: BigInt(next.pc), opaque: BigInt(next.opaque) },
  };
}

export function saveEnd(end: VmEnd | null): VmmSnapshot['ended'] {
  if (end === null) return null;
  if (end.kind === 'error') return { kind: 'error', words: end.words, unhandled: end.unhandled === true };
  return { kind: end.kind, reason: hex(end.reason) };
}

export function loadEnd(saved: VmmSnapshot['ended']): VmEnd | null {
  if (saved === null) return null;
  if (saved.kind !== 'error') return { kind: saved.kind, reason: BigInt(saved.reason) };
  const { words } = saved;
  return saved.unhandled ? { kind: 'error', words, unhandled: true } : { kind: 'error', words };
}

export function saveDevices(bus: Bus): VmmSnapshot['devices'] {
  return Object.fromEntries(bus.placed.map(({ device }) => [device.name, device.save()]));
}

/** Every device of the machine has to be there, and no other. */
export function loadDevices(bus: Bus, saved: VmmSnapshot['devices']): void {
  const names = bus.placed.map(({ device }) => device.name);
  const unknown = Object.keys(saved).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new PlainError(unknown, 'the machine has no such device');
  for (const { device } of bus.placed) {
    if (!Object.hasOwn(saved, device.name)) throw new PlainError(device.name, 'is missing');
    at(device.name, () => loadDevice(device, saved[device.name]));
  }
}

function loadDevice(device: { load(state: unknown): void }, state: unknown): void {
  try {
    device.load(state);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new PlainError('', error.message);
  }
}
