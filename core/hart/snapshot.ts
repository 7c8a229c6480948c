/** A hart's state as named plain data, and back. The time base is shared by harts and is not part of it. */
import { lowHalf } from '../base/u64.ts';
import type { HartSnapshot, Privilege } from './api.ts';
import type { HartClock } from './clock.ts';
import { resetState, type SupervisorState } from './csrs.ts';
import { PC, type Reservation } from './layout.ts';

/** The parts of a hart that make its state. */
interface HartState {
  readonly registers: BigUint64Array;
  readonly csrs: { state: SupervisorState };
  readonly clock: HartClock;
  privilege: Privilege;
  reservation: Reservation | null;
}

const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

type Saved = Exclude<keyof SupervisorState, 'hvip'>;
const SAVED_CSRS = (Object.keys(resetState()) as (keyof SupervisorState)[]).filter(
  (name): name is Saved => name !== 'hvip',
);

export function saveState(hart: HartState): HartSnapshot {
  const { state } = hart.csrs;
  const { reservation } = hart;
  return {
    pc: hex(hart.registers[PC] ?? 0n),
    privilege: hart.privilege,
    x: Array.from(hart.registers.subarray(0, PC), hex),
    csrs: Object.fromEntries(SAVED_CSRS.map((name) => [name, hex(state[name])])),
    pending: hex(state.hvip),
    retired: hart.clock.retired,
    waited: hart.clock.waited,
    ...(reservation === null ? {} : { reservation: { ...reservation, value: hex(reservation.value) } }),
  };
}

/**
 * Throws SyntaxError for a number that is none, before it has changed anything. A CSR that the snapshot
 * does not name gets its reset value.
 */
export function loadState(hart: HartState, snapshot: HartSnapshot): void {
  const state = resetState();
  for (const name of SAVED_CSRS) {
    const text = snapshot.csrs[name];
    if (text !== undefined) setField(state, name, BigInt(text));
  }
  state.hvip = Number(BigInt(snapshot.pending));
  const x = Array.from({ length: PC }, (_, index) => (index === 0 ? 0n : BigInt(snapshot.x[index] ?? 0)));
  const pc = BigInt(snapshot.pc);
  const { reservation } = snapshot;
  const reserved = reservation === undefined ? null : { ...reservation, value: BigInt(reservation.value) };

  hart.csrs.state = state;
  hart.registers.set([...x, pc]);
  hart.privilege = snapshot.privilege;
  hart.clock.retired = snapshot.retired;
  hart.clock.waited = snapshot.waited;
  hart.reservation = reserved;
}

function setField(state: SupervisorState, name: Saved, value: bigint): void {
  if (name === 'sstatus' || name === 'sie' || name === 'scounteren') state[name] = lowHalf(value);
  else state[name] = value;
}
