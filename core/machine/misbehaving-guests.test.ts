/** Guests that misbehave: each must end with a reason, or at a limit, and never hold on to the machine. */
import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig } from '../config/index.ts';
import { createMachine, ENGINES, type EngineName, type Machine, prepareGuest } from './index.ts';

const POWER_OFF = '\n li a7, 0x53525354\n li a6, 0\n li a0, 0\n li a1, 0\n ecall\n';
const START_1 = ' li a7, 0x48534d\n li a6, 0\n li a0, 1\n la a1, second\n li a2, 0\n ecall\n';

function made(text: string, over: Partial<Config> = {}, engine: EngineName = 'interpreter'): Machine {
  const config: Config = { ...defaultConfig(), ...over, guest: { kind: 'source', text } };
  const guest = prepareGuest(config, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  const created = createMachine({ config, image: guest.image, engine, hooks: { console: () => undefined } });
  if (!created.ok) throw new Error(created.failure.message);
  return created.machine;
}

function stopOf(machine: Machine, instructions = 20_000) {
  const status = machine.run({ until: 'forever', instructions });
  return status.kind === 'stopped' ? status.stop : { code: status.kind, words: '' };
}

describe.each(ENGINES)('on the %s', (engine) => {
  it.each([
    ['whose trap vector is 0', '_start: csrw stvec, zero\n .word 0\n'],
    ['whose trap handler is no instruction', '_start: la t0, h\n csrw stvec, t0\n h: .word 0\n'],
    [
      'whose page table maps nothing',
      '_start: la t0, p\n srli t0, t0, 12\n li t1, 8 << 60\n or t0, t0, t1\n csrw satp, t0\n .balign 4096\np: .zero 4096\n',
    ],
    ['that jumps out of RAM', '_start: li t0, 0x20000000\n jr t0\n'],
  ])('a guest %s reaches its limit of instructions and can be stepped', (_, text) => {
    const machine = made(text, {}, engine);
    const stop = stopOf(machine);
    expect(stop.code).toBe('limit');
    expect(stop.words).toContain('nothing but traps');
    expect(machine.instructions).toBeLessThan(20);
    expect(machine.step(0).code).toBe('stepped');
  });

  it('a hart starts at an even address whatever the guest asks for', () => {
    const text = `_start:${START_1.replace('second', 'second + 1')}1: j 1b\n.balign 4\nsecond:${POWER_OFF}`;
    expect(stopOf(made(text, { harts: 2 }, engine)).code).toBe('powered-off');
  });

  it('a limit of instructions is exact', () => {
    const machine = made('_start: li a7, 0x10\n li a6, 0\n1: ecall\n addi s0, s0, 1\n j 1b\n', {}, engine);
    for (const limit of [1, 2, 7, 1000]) {
      expect(stopOf(machine, limit).code).toBe('limit');
    }
    expect(machine.instructions).toBe(1010);
  });
});

it('a storm of traps leaves the machine between turns', () => {
  const machine = made('_start: la t0, h\n csrw stvec, t0\n h: .word 0\n');
  let turns = 0;
  const status = machine.run({ until: 'forever', shouldYield: () => ++turns === 3 });
  expect(status.kind).toBe('yielded');
  expect(machine.harts()[0]?.time).toBeLessThan(1_000_000);
});

const EIGHT = `_start: bnez a0, work
 li s1, 1
1: li a7, 0x48534d\n li a6, 0\n mv a0, s1\n la a1, work\n li a2, 0\n ecall
 addi s1, s1, 1\n li t0, 8\n blt s1, t0, 1b
work: la s2, total\n la s3, lock\n li s4, 500
round:
@@
 addi s4, s4, -1\n bnez s4, round
 la t0, done\n li t1, 1\n amoadd.w.aqrl zero, t1, (t0)
 csrr t2, sscratch
2: lw t1, 0(t0)\n li t2, 8\n bne t1, t2, 2b
 ld t0, 0(s2)\n li t1, 4000\n beq t0, t1, good
 li a7, 0x53525354\n li a6, 0\n li a0, 0\n li a1, 1\n ecall
good:${POWER_OFF}
.data
.balign 8
total: .dword 0
lock: .word 0
done: .word 0
`;

it.each([
  ['atomic additions', ' li t1, 1\n amoadd.d zero, t1, (s2)'],
  ['LR and SC', '3: lr.d.aq t1, (s2)\n addi t1, t1, 1\n sc.d.rl t2, t1, (s2)\n bnez t2, 3b'],
  [
    'a spinlock',
    ' li t1, 1\n3: amoswap.w.aq t2, t1, (s3)\n bnez t2, 3b\n ld t2, 0(s2)\n addi t2, t2, 1\n sd t2, 0(s2)\n amoswap.w.rl zero, zero, (s3)',
  ],
])('eight harts that contend with %s all get on, and no update is lost', (_, body) => {
  expect(stopOf(made(EIGHT.replace('@@', body), { harts: 8 }), 5_000_000).code).toBe('powered-off');
});

it('the guest ends when every hart has stopped itself, also hart 0 first', () => {
  const stopMe = ' li a7, 0x48534d\n li a6, 1\n ecall\n';
  expect(stopOf(made(`_start:${stopMe}`, { harts: 4 })).code).toBe('idle-forever');
  const other = `_start:${START_1}${stopMe}second: li t0, 1000\n1: addi t0, t0, -1\n bnez t0, 1b${POWER_OFF}`;
  expect(stopOf(made(other, { harts: 2 })).code).toBe('powered-off');
});
