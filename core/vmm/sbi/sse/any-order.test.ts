import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EINTR } from '../../../kvm/uapi.ts';
import { AT } from '../../../testing/fake-machine.ts';
import { CONSOLE_INPUT, GLOBAL_SOFTWARE, LOCAL_SOFTWARE, sseMachine } from '../../../testing/sse-machine.ts';
import { CORE, CSR } from '../../registers.ts';
import type { SseEvents } from './state.ts';

const HARTS = [0, 1];
type Machine = ReturnType<typeof sseMachine>;
type Saved = ReturnType<SseEvents['save']>;
type Event = Saved['global'][number];

const hart = fc.constantFrom(...HARTS);
const event = fc.constantFrom(LOCAL_SOFTWARE, GLOBAL_SOFTWARE, CONSOLE_INPUT);
const act: fc.Arbitrary<(it: Machine) => void> = fc.oneof(
  fc.tuple(hart, event, fc.constantFrom('register', 'unregister', 'enable', 'disable', 'enable')).map(
    ([on, id, name]) =>
      (it: Machine) =>
        void it.callOn(on, name as 'enable', id, AT, id),
  ),
  fc.tuple(hart, event, hart).map(
    ([on, id, target]) =>
      (it: Machine) =>
        void it.callOn(on, 'inject', id, target),
  ),
  fc.tuple(hart, fc.constantFrom('hart_mask', 'hart_unmask', 'hart_unmask', 'complete', 'complete')).map(
    ([on, name]) =>
      (it: Machine) =>
        void it.callOn(on, name as 'complete'),
  ),
  fc.tuple(hart, event, fc.constantFrom('PRIORITY', 'CONFIG', 'PREFERRED_HART'), fc.bigInt({ min: 0n, max: 2n })).map(
    ([on, id, name, value]) =>
      (it: Machine) =>
        void it.writeOn(on, id, name as 'CONFIG', value),
  ),
  fc.constant((it: Machine) => it.vmm.inputCame()),
);

const isBefore = (a: Event, b: Event): boolean =>
  a.priority < b.priority || (a.priority === b.priority && BigInt(a.id) < BigInt(b.id));

const runningOn = ({ harts, global }: Saved, id: number): readonly Event[] =>
  [...(harts[id]?.local ?? []), ...global].filter((one) => one.runningOn === id);

/** What the specification rules out, from the saved state alone. [SBI 3.0 §17.2, §17.3] */
function wrongIn(saved: Saved): readonly string[] {
  const { harts, global } = saved;
  return harts.flatMap(({ masked, local }, id) => {
    const running = runningOn(saved, id);
    const waiting = [...local, ...global].filter(({ state, pending }) => pending && state === 'ENABLED');
    const left = masked ? [] : waiting.filter((one) => running.every((other) => isBefore(one, other)));
    return left.map((one) => `hart ${id} could take ${one.id}`);
  });
}

it('takes every event that a hart can take, and gives each its registers back, in whatever order things happen', () => {
  let deepest = 0;
  fc.assert(
    fc.property(fc.array(act, { minLength: 20, maxLength: 40 }), (acts) => {
      const it = sseMachine({ harts: HARTS.length });
      for (const id of HARTS) it.enableOn(id, LOCAL_SOFTWARE, AT, BigInt(LOCAL_SOFTWARE));
      for (const id of [GLOBAL_SOFTWARE, CONSOLE_INPUT]) it.enable(id, AT, BigInt(id));
      for (const id of HARTS) it.callOn(id, 'hart_unmask');
      const registers = [CORE.pc, CORE.mode, CORE.a6, CORE.a7, CSR.sepc, CSR.sstatus];
      const before = HARTS.map((id) => registers.map((one) => BigInt(0x2000 * (id + 1)) + one.id));
      for (const [id, values] of before.entries()) {
        for (const [at, one] of registers.entries()) it.cpu(id).values.set(one.id, values[at] ?? 0n);
        it.cpu(id).values.set(CORE.mode.id, 1n);
        it.cpu(id).values.set(CSR.sstatus.id, 0x122n);
      }
      const kept = HARTS.map((id) => registers.map((one) => it.cpu(id).values.get(one.id)));
      const settle = () => {
        for (const id of [...HARTS, ...HARTS]) {
          it.cpu(id).script.push(-EINTR);
          it.turn(id);
        }
      };
      const saved = () => it.vmm.save().sbi.SSE as Saved;
      for (const one of acts) {
        one(it);
        settle();
        expect(it.vmm.ended).toBeNull();
        expect(wrongIn(saved())).toEqual([]);
        deepest = Math.max(deepest, ...HARTS.map((id) => runningOn(saved(), id).length));
      }
      // With events masked and every handler complete, each hart is where it was at first.
      for (const id of HARTS) it.callOn(id, 'hart_mask');
      const isRunning = () => HARTS.some((id) => runningOn(saved(), id).length > 0);
      for (let rest = 3; rest > 0 && isRunning(); rest--) for (const id of HARTS) it.callOn(id, 'complete');
      expect(isRunning()).toBe(false);
      expect(HARTS.map((id) => registers.map((one) => it.cpu(id).values.get(one.id)))).toEqual(kept);
    }),
    { numRuns: 100 },
  );
  expect(deepest).toBeGreaterThan(1);
});
