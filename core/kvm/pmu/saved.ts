/** The counters of a vcpu, to plain data and back. */
import { hex } from '../../base/bits.ts';
import { type FirmwareEvent, PMU_FIRMWARE_EVENTS } from '../../sbi/spec/pmu.ts';
import { PlainError } from '../../schema/plain.ts';
import type { PmuSnapshot } from '../snapshot.ts';
import type { GuestPmu } from './pmu.ts';

export function savePmu(pmu: GuestPmu): PmuSnapshot {
  const counters = pmu.counters
    .filter(({ index }) => pmu.inUse.has(index))
    .map(({ index, event, value, started, perf, overflowAt }) => ({
      index,
      event: event === null ? null : hex(event),
      value: hex(value),
      started,
      overflown: pmu.overflown.has(index),
      perf: perf === null ? null : { ...perf },
      overflowAt: Number.isFinite(overflowAt) ? overflowAt : null,
    }));
  const firmware = [...pmu.firmware].map(([name, { started, value }]) => [name, { started, value: hex(value) }]);
  return {
    counters,
    firmware: Object.fromEntries(firmware),
    snapshot: hex(pmu.snapshot),
    happened: Object.fromEntries(pmu.happened),
    fromUser: { ...pmu.fromUser },
    overflow: { exits: pmu.overflowExits, untold: pmu.untold },
  };
}

/** Throws PlainError for counters that this host has not. */
export function loadPmu(pmu: GuestPmu, saved: PmuSnapshot): void {
  pmu.reset();
  for (const [at, { index, event, value, started, overflown, perf, overflowAt }] of saved.counters.entries()) {
    const counter = pmu.counters[index];
    if (counter === undefined) throw new PlainError(`pmu.counters[${at}].index`, 'is a counter that the host has not');
    counter.event = event === null ? null : BigInt(event);
    counter.value = BigInt(value);
    counter.started = started;
    counter.perf = perf === null ? null : { ...perf };
    counter.overflowAt = overflowAt ?? Number.POSITIVE_INFINITY;
    pmu.inUse.add(index);
    if (overflown) pmu.overflown.add(index);
  }
  for (const [name, { started, value }] of Object.entries(saved.firmware)) {
    pmu.firmware.set(named(`pmu.firmware.${name}`, name), { started, value: BigInt(value) });
  }
  for (const [name, count] of Object.entries(saved.happened)) {
    pmu.happened.set(named(`pmu.happened.${name}`, name), count);
  }
  Object.assign(pmu.fromUser, saved.fromUser);
  pmu.snapshot = BigInt(saved.snapshot);
  pmu.overflowExits = saved.overflow?.exits ?? false;
  pmu.untold = saved.overflow?.untold ?? false;
}

function named(place: string, name: string): FirmwareEvent {
  const event = PMU_FIRMWARE_EVENTS.find((known) => known === name);
  if (event === undefined) throw new PlainError(place, 'is no firmware event');
  return event;
}
