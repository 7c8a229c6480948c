/**
 * A hart's state as named plain data, and back. The time base is shared by harts and is not part of it; caches of an
 * engine are no state. The form is versioned with that of the machine (core/machine/state).
 */
import { lowHalf } from '../base/u64.ts';
import { csrByName } from '../isa/csr/index.ts';
import * as plain from '../schema/plain.ts';
import type { HartOptions, HartSnapshot, Privilege } from './api.ts';
import type { HartClock } from './clock.ts';
import { resetState, type SupervisorState } from './csr-state.ts';
import type { SupervisorCsrs } from './csrs.ts';
import { defaultHenvcfg, legalizeHenvcfg } from './environment.ts';
import { F_COUNT, FCSR_MAX, type FloatRegisters, FS_OFF } from './float.ts';
import { PC, type Reservation } from './layout.ts';
import type { TriggerRegisters } from './trigger-fields.ts';
import { legalTrigger, TRIGGER_COUNT, type Triggers } from './triggers.ts';

/** The parts of a hart that make its state. */
interface HartState {
  readonly registers: { readonly values: BigUint64Array };
  readonly csrs: SupervisorCsrs;
  readonly float: FloatRegisters;
  readonly options: Pick<HartOptions, 'extensions'>;
  readonly memory: { readonly size: number };
  readonly clock: HartClock;
  readonly triggers: Triggers;
  privilege: Privilege;
  reservation: Reservation | null;
}

export const HART_SHAPE: plain.Shape<HartSnapshot> = plain.record({
  pc: plain.hex64,
  privilege: plain.oneOf('U', 'S'),
  x: plain.listOfLength(plain.hex64, PC),
  f: plain.optional(plain.listOfLength(plain.hex64, F_COUNT)),
  fcsr: plain.optional(plain.hex64),
  csrs: plain.named(plain.hex64),
  pending: plain.hex64,
  henvcfg: plain.optional(plain.hex64),
  triggers: plain.optional(
    plain.listOfLength(plain.record({ tdata1: plain.hex64, tdata2: plain.hex64, tdata3: plain.hex64 }), TRIGGER_COUNT),
  ),
  retired: plain.count,
  waited: plain.count,
  user: plain.optional(plain.count),
  reservation: plain.optional(plain.record({ offset: plain.count, bytes: plain.oneOf(4, 8), value: plain.hex64 })),
});

const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

type Saved = Exclude<keyof SupervisorState, 'hvip' | 'henvcfg'>;
const NO_EXTENSIONS = { extensions: new Set<string>() };
const SAVED_CSRS = (Object.keys(resetState(NO_EXTENSIONS)) as (keyof SupervisorState)[]).filter(
  (name): name is Saved => name !== 'hvip' && name !== 'henvcfg',
);

export function saveState(hart: HartState): HartSnapshot {
  const { float, reservation } = hart;
  const state = { ...hart.csrs.state, sstatus: hart.csrs.sstatus };
  const triggers = hart.triggers.save();
  return {
    pc: hex(hart.registers.values[PC] ?? 0n),
    privilege: hart.privilege,
    x: Array.from(hart.registers.values.subarray(0, PC), hex),
    ...(hasFloat(hart) ? { f: Array.from(float.values, hex), fcsr: hex(float.fcsr) } : {}),
    csrs: Object.fromEntries(SAVED_CSRS.map((name) => [name, hex(state[name])])),
    pending: hex(state.hvip),
    ...(state.henvcfg === defaultHenvcfg(hart.options.extensions) ? {} : { henvcfg: hex(state.henvcfg) }),
    ...(triggers === null ? {} : { triggers: triggers.map(savedTrigger) }),
    retired: hart.clock.retired,
    waited: hart.clock.waited,
    ...(hart.clock.retiredInUser === 0 ? {} : { user: hart.clock.retiredInUser }),
    ...(reservation === null ? {} : { reservation: { ...reservation, value: hex(reservation.value) } }),
  };
}

function savedTrigger({ tdata1, tdata2, tdata3 }: TriggerRegisters) {
  return { tdata1: hex(tdata1), tdata2: hex(tdata2), tdata3: hex(tdata3) };
}

function hasFloat({ options }: HartState): boolean {
  return options.extensions.has('F');
}

/**
 * Throws PlainError for what this hart cannot hold, before it has changed anything. A CSR that the snapshot
 * does not name gets its reset value, and so do f registers, fcsr and triggers.
 */
export function loadState(hart: HartState, snapshot: HartSnapshot): void {
  const pc = BigInt(snapshot.pc);
  if ((pc & 1n) !== 0n) throw new plain.PlainError('pc', `${snapshot.pc} is odd`);
  const x = snapshot.x.map((text) => BigInt(text));
  if (x[0] !== 0n) throw new plain.PlainError('x.0', `${snapshot.x[0]} is not 0`);
  if (!Number.isSafeInteger(snapshot.retired + snapshot.waited)) {
    throw new plain.PlainError('waited', 'the clock is beyond 2^53 units');
  }
  if ((snapshot.user ?? 0) > snapshot.retired) throw new plain.PlainError('user', 'is more than was retired');
  const reservation = reservationOf(hart, snapshot);
  const henvcfg = henvcfgOf(hart, snapshot);
  const float = floatOf(hart, snapshot);
  const triggers = triggersOf(snapshot);
  const { state, fs } = csrsOf(hart.csrs, snapshot);

  hart.csrs.state = state;
  hart.float.values.set(float.f);
  hart.float.fcsr = float.fcsr;
  hart.float.fs = fs;
  hart.csrs.writeHenvcfg(henvcfg);
  hart.registers.values.set([...x, pc]);
  hart.privilege = snapshot.privilege;
  const { retired, waited, user = 0 } = snapshot;
  hart.clock.restore({ retired, waited, user }, snapshot.privilege === 'U');
  hart.reservation = reservation;
  hart.triggers.load(triggers);
}

function floatOf(hart: HartState, snapshot: HartSnapshot): { readonly f: readonly bigint[]; readonly fcsr: number } {
  const { f, fcsr = '0x0' } = snapshot;
  if (!hasFloat(hart) && (f !== undefined || snapshot.fcsr !== undefined)) {
    throw new plain.PlainError('f', 'this hart has no floating-point registers');
  }
  if (BigInt(fcsr) > FCSR_MAX) throw new plain.PlainError('fcsr', `${fcsr} has bits that do not exist`);
  return { f: Array.from({ length: F_COUNT }, (_, index) => BigInt(f?.[index] ?? 0)), fcsr: Number(fcsr) };
}

function triggersOf({ triggers }: HartSnapshot): readonly TriggerRegisters[] | null {
  if (triggers === undefined) return null;
  return triggers.map((saved, index) => {
    const read = { tdata1: BigInt(saved.tdata1), tdata2: BigInt(saved.tdata2), tdata3: BigInt(saved.tdata3) };
    const legal = legalTrigger(read, index === TRIGGER_COUNT - 1);
    if (legal.tdata1 !== read.tdata1 || legal.tdata2 !== read.tdata2 || legal.tdata3 !== read.tdata3) {
      throw new plain.PlainError(`triggers.${index}`, 'is not a setting that this hart can hold');
    }
    return read;
  });
}

function henvcfgOf({ options }: HartState, snapshot: HartSnapshot): bigint {
  if (snapshot.henvcfg === undefined) return defaultHenvcfg(options.extensions);
  const value = BigInt(snapshot.henvcfg);
  if (legalizeHenvcfg(value, 0n, options.extensions) !== value) {
    throw new plain.PlainError('henvcfg', `${snapshot.henvcfg} is not a value that this hart can hold`);
  }
  return value;
}

function reservationOf(hart: HartState, { reservation }: HartSnapshot): Reservation | null {
  if (reservation === undefined) return null;
  const { offset, bytes } = reservation;
  if (offset % bytes !== 0 || offset + bytes > hart.memory.size) {
    throw new plain.PlainError('reservation.offset', `${offset} is not that of ${bytes} aligned bytes of memory`);
  }
  return { offset, bytes, value: BigInt.asUintN(8 * bytes, BigInt(reservation.value)) };
}

/** The state and FS, with every value written as an instruction would, so that none is there that no guest could make. */
function csrsOf(
  csrs: SupervisorCsrs,
  snapshot: HartSnapshot,
): { readonly state: SupervisorState; readonly fs: number } {
  const unknown = Object.keys(snapshot.csrs).find((name) => !(SAVED_CSRS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new plain.PlainError(`csrs.${unknown}`, 'there is no such register');
  const pending = BigInt(snapshot.pending);
  if ((pending & ~BigInt(csrs.interruptMask)) !== 0n) {
    throw new plain.PlainError('pending', `${snapshot.pending} has bits of no interrupt`);
  }
  const before = csrs.state;
  const { fs } = csrs.float;
  csrs.state = resetState(csrs.options);
  csrs.float.fs = FS_OFF;
  try {
    for (const name of SAVED_CSRS) writeField(csrs, name, snapshot.csrs[name]);
    return { state: { ...csrs.state, hvip: lowHalf(pending) }, fs: csrs.float.fs };
  } finally {
    csrs.state = before;
    csrs.float.fs = fs;
  }
}

function writeField(csrs: SupervisorCsrs, name: Saved, text: string | undefined): void {
  const number = csrByName(name)?.number;
  if (text === undefined || number === undefined) return;
  const value = BigInt(text);
  csrs.write(number, value);
  if (BigInt(name === 'sstatus' ? csrs.sstatus : csrs.state[name]) !== value) {
    throw new plain.PlainError(`csrs.${name}`, `${text} is not a value that this hart can hold`);
  }
}
