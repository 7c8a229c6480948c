/** S-mode guests that meet every instruction and every trap cause print the same under QEMU and on the machine. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as hart from '../../hart/api.ts';
import * as constants from '../../hart/constants.ts';
import { closure, EXTENSIONS, INSTRUCTIONS } from '../../isa/defs/index.ts';
import { PROFILE } from '../qemu/extensions.ts';
import { toolOrSkip } from '../tools.ts';
import { ACCESS_FAULTS, accessFaultProgram, causesProgram, NOT_MET, SBI_CALLS, SCENARIOS } from './causes.ts';
import { blocksOf, walkProgram } from './program.ts';
import { imageOf, type MachineRun, onMachine, underQemu } from './run.ts';

const SETUP_TIMEOUT_MS = 240_000;
const { reason } = toolOrSkip('qemu');
const newer = toolOrSkip('qemuNew').reason;
const why = reason === null ? '' : ` (${reason})`;

const on = closure(PROFILE.extensions);
const walked = EXTENSIONS.filter(({ name, instructions }) => on.has(name) && instructions.length > 0);

function both(source: string): { readonly qemu: readonly string[]; readonly machine: MachineRun } {
  const image = imageOf(source, on);
  return { qemu: underQemu(image), machine: onMachine(image) };
}

/** The lines from that of the extension to that of the next. */
function partOf(lines: readonly string[], extension: string): readonly string[] {
  const start = lines.indexOf(`[${extension}]`);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('['));
  return start < 0 ? [] : rest.slice(0, end < 0 ? undefined : end);
}

describe.skipIf(reason !== null)(`a guest that walks through the instruction table${why}`, () => {
  let runs: ReturnType<typeof both>;
  beforeAll(() => {
    runs = both(walkProgram(walked.map(({ name }) => name)));
  }, SETUP_TIMEOUT_MS);

  it('powers off on the machine', () => {
    expect(runs.machine.stop).toMatch(/^powered-off/);
  });

  it.each(walked.map(({ name, instructions }) => [name, instructions] as const))(
    'prints the same of %s under QEMU with OpenSBI and on the machine',
    (name, instructions) => {
      const lines = partOf(runs.qemu, name);
      expect(partOf(runs.machine.lines, name)).toEqual(lines);
      expect(lines).toHaveLength(instructions.flatMap(blocksOf).length);
    },
  );

  it('meets no trap but those that instructions are for', () => {
    const trapped = runs.machine.lines.filter((line) => line.includes(' trap '));
    expect(new Set(trapped.map((line) => line.replace(/:.* trap /, ' ')))).toEqual(
      new Set(['ebreak 0x3', 'c.ebreak 0x3', 'c.unimp 0x2']),
    );
  });
});

it.skipIf(newer !== null)(
  `every instruction of the table is walked through${newer === null ? '' : ` (${newer})`}`,
  () => {
    const names = new Set(walked.flatMap(({ instructions }) => instructions.map(({ name }) => name)));
    expect(INSTRUCTIONS.filter(({ name }) => !names.has(name)).map(({ name }) => name)).toEqual([]);
  },
);

describe.skipIf(reason !== null)(`a guest that meets every trap cause${why}`, () => {
  let runs: ReturnType<typeof both>;
  beforeAll(() => {
    runs = both(causesProgram());
  }, SETUP_TIMEOUT_MS);

  it.each(SCENARIOS.map(({ name, cause }, index) => [name, cause, index] as const))('%s', (name, cause, index) => {
    const line = runs.qemu[index];
    expect(line?.startsWith(`${name}: 0x${cause.toString(16)} `), line).toBe(true);
    expect(runs.machine.lines[index]).toBe(line);
  });

  it.each(SBI_CALLS.map(({ name }, index) => [name, SCENARIOS.length + index] as const))('%s', (name, index) => {
    expect(runs.qemu[index]?.startsWith(`${name}: `)).toBe(true);
    expect(runs.machine.lines[index]).toBe(runs.qemu[index]);
  });

  it.each(ACCESS_FAULTS.map((fault) => [fault.name, fault] as const))(
    'a %s where nothing is: an access fault on hardware, and for a guest what the hypervisor makes of it',
    (name, fault) => {
      const { qemu, machine } = both(accessFaultProgram(fault));
      expect(qemu[0]?.startsWith(`${name}: 0x${fault.cause.toString(16)} 0x7000000000 `), qemu[0]).toBe(true);
      if (fault.stop === undefined) expect(machine.lines).toEqual(qemu);
      else expect(machine.stop).toContain(fault.stop);
    },
  );
});

it('every trap cause that harts know is met, or it is said why it cannot be', () => {
  const exceptions = Object.entries(constants).flatMap(([name, value]) =>
    name.startsWith('CAUSE_') && typeof value === 'bigint' && value !== constants.CAUSE_INTERRUPT ? [value] : [],
  );
  const interrupts = [hart.IRQ_S_SOFT, hart.IRQ_S_TIMER, hart.IRQ_S_EXT].map(
    (irq) => constants.CAUSE_INTERRUPT | BigInt(irq),
  );
  const met = new Set([...SCENARIOS, ...ACCESS_FAULTS].map(({ cause }) => cause));
  const missing = [...exceptions, ...interrupts].filter((cause) => !met.has(cause) && !NOT_MET.has(cause));
  expect(missing.map(String)).toEqual([]);
});
