import { beforeAll, describe, expect, it } from 'vitest';
import { hostOf } from '../../config/index.ts';
import { toC } from '../../export/index.ts';
import { stuckExtensions } from '../../export/plan.ts';
import { ISA_EXT_CLEARABLE } from '../../kvm/profiles/isa.ts';
import { outcomeFor, outcomesIn, outcomeText } from '../conformance/outcome.ts';
import { toolOrSkip } from '../tools.ts';
import {
  asLinuxIs,
  conformanceCases,
  doubleOff,
  exampleCases,
  type RealCase,
  refusedCases,
  settingCases,
} from './cases.ts';
import { comparable, comparableOutcome } from './compare.ts';
import { PLAIN_MACHINE } from './host.ts';
import { kernelOrSkip, versionOf } from './kernel.ts';
import { type Shown, shownByUs } from './ours.ts';
import { type RealRun, runPrograms } from './programs.ts';

/** Debian builds without the legacy calls. */
const HOST = 'linux-6.12-nov01';
/** Wall seconds for all of it on a busy machine; an idle one needs half a minute. */
const SECONDS = 600;

const [gcc, qemu, found] = [toolOrSkip('gccLinux'), toolOrSkip('qemuNew'), kernelOrSkip()];
const reason = gcc.reason ?? qemu.reason ?? found.reason;

const examples = exampleCases(HOST);
const settings = settingCases(HOST);
const conformance = conformanceCases(HOST);
const refused = refusedCases(HOST);
const double = doubleOff(HOST);

describe.skipIf(reason !== null)(`on the real KVM${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let runs: ReadonlyMap<RealCase, RealRun> = new Map();
  beforeAll(async () => {
    if (gcc.path === null || qemu.path === null || found.kernel === null) return;
    const cases = [...examples, ...settings, ...conformance, ...refused].map(([, one]) => one);
    const machine = { ...PLAIN_MACHINE, qemu: qemu.path };
    runs = await runPrograms(gcc.path, machine, found.kernel, [...cases, double], SECONDS);
  }, SECONDS * 1000);

  function realOf(one: RealCase): RealRun {
    const run = runs.get(one);
    if (run === undefined) throw new Error('the program was not run');
    return run;
  }

  function ours(one: RealCase, image: Uint8Array = one.image): Shown {
    return comparable(shownByUs(asLinuxIs(one.config), image, found.kernel === null ? '' : versionOf(found.kernel)));
  }

  it.each([...examples])('the example %s prints, asks of user space and ends as on ours', (_, one) => {
    expect(comparable(realOf(one))).toEqual(ours(one));
  });

  it.each([...settings])('%s: what the guest prints, asks of user space and how it ends is as on ours', (_, one) => {
    expect(comparable(realOf(one))).toEqual(ours(one));
  });

  it.each([...conformance.values()])('every call of $extension.name is answered as on ours', (one) => {
    const outcomes = [realOf(one), ours(one, one.ownImage)].map(({ console }) => outcomesIn(console, 'shutdown'));
    const [real, own] = outcomes.map((came) =>
      one.cases.map((each) =>
        comparableOutcome(`${each.id}: ${outcomeText(one.extension.name, each, outcomeFor(came, each))}`),
      ),
    );
    expect(real).toEqual(own);
    expect(real?.filter((line) => line.endsWith('was not reached'))).toEqual([]);
  });

  it('says which ISA extensions it cannot take away, those and no others that the export names', () => {
    const host = new Set(hostOf(double.config)?.isa);
    for (const one of [...examples.values(), ...settings.values()]) {
      const stuck = stuckExtensions(one.config).filter((name) => host.has(name) && !ISA_EXT_CLEARABLE.has(name));
      const said = realOf(one).words.flatMap(
        (line) => /^ISA_EXT\.(\w+) cannot be (.*)$/.exec(line)?.slice(1).join(' ') ?? [],
      );
      expect(said).toEqual(stuck.map((name) => `${name} off here: Invalid argument`));
    }
  });

  it('leaves the instructions of D to a guest that has F, as the export says', () => {
    expect(toC(double.config).cannot.join()).toMatch(/Linux cannot take them away.*: D, /);
    expect(realOf(double)).toMatchObject({ console: 'n', status: 0 });
  });

  it.each([...refused])('%s: the program ends with the register that is not there', (_, one) => {
    expect(realOf(one)).toEqual({
      console: '',
      exits: [],
      words: [`${one.register}: No such file or directory`],
      status: 1,
    });
  });
});
