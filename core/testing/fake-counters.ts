/**
 * The counters of a fake vcpu: 0 for cycles, 2 for instructions, 3 and 4 for raw events; they stand still until a test
 * moves them. For tests of the VMM.
 */
import * as uapi from '../kvm/uapi.ts';

interface FakeCounter {
  event: bigint | null;
  flags: bigint;
  runs: boolean;
  value: bigint;
  overflown: boolean;
}

const CYCLES = 1n;
const INSTRUCTIONS = 2n;
const RAW = 0x2_0000n;
const WIDTH = 63n << 12n;
const CSR_CYCLE = 0xc00;

export class FakeCounters {
  readonly hardware = new Map<number, FakeCounter>(
    [0, 2, 3, 4].map((index) => [index, { event: null, flags: 0n, runs: false, value: 0n, overflown: false }]),
  );
  /** What KVM did itself, by code of the firmware event. */
  readonly firmware = new Map<number, bigint>();
  overflowExits = false;

  command(command: uapi.KvmPmuCommand): uapi.KvmPmuAnswer {
    if (command.op === 'check') return answer(isKnown(command.event) ? 0 : uapi.ENOENT);
    if (command.op === 'firmware') return answer(0, this.firmware.get(command.code) ?? 0n);
    if (command.op === 'overflow') {
      this.overflowExits = command.exits;
      return answer(0);
    }
    const counter = this.hardware.get(command.counter);
    if (counter === undefined) return answer(uapi.EINVAL);
    switch (command.op) {
      case 'info':
        return answer(0, WIDTH | BigInt(CSR_CYCLE + command.counter));
      case 'configure':
        if (counter.runs) return answer(uapi.EBUSY);
        if (!isKnown(command.event) || belongsElsewhere(command.event, command.counter)) return answer(uapi.ENOENT);
        Object.assign(counter, { event: command.event, flags: command.flags, value: command.value ?? counter.value });
        return answer(0);
      case 'start':
        if (counter.event === null) return answer(uapi.ENOENT);
        Object.assign(counter, { runs: true, overflown: false, value: command.value ?? counter.value });
        return answer(0);
      case 'stop':
        counter.runs = false;
        return answer(counter.event === null ? uapi.ENOENT : 0);
      case 'release':
        Object.assign(counter, { event: null, runs: false, overflown: false });
        return answer(0);
      case 'read':
        return { errno: 0, value: counter.value, overflown: counter.overflown };
      default:
        return command satisfies never;
    }
  }
}

const answer = (errno: number, value = 0n): uapi.KvmPmuAnswer => ({ errno, value, overflown: false });

const isKnown = (event: bigint): boolean => [CYCLES, INSTRUCTIONS, RAW].includes(event);

/** Whether the event belongs elsewhere. */
function belongsElsewhere(event: bigint, counter: number): boolean {
  if (event === CYCLES) return counter !== 0;
  return event === INSTRUCTIONS ? counter !== 2 : counter < 3;
}
