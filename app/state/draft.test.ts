import { describe, expect, it } from 'vitest';
import { defaultConfig, fromLink, SOURCE_LIMIT, toLink } from '../../core/config/index.ts';
import { EXAMPLES, exampleById } from '../../core/guests/catalogue.ts';
import { tryThisOf } from '../../core/guests/lessons.ts';
import {
  awaitedExample,
  draftOf,
  hasOwnProgram,
  isErroneous,
  isTooLong,
  isUntouched,
  machineConfig,
  problemOf,
  sameMachine,
  textOf,
  typed,
  withExample,
  withFile,
  withIsa,
  withMode,
  withPatch,
  withPlatform,
  withProgram,
  withSource,
  withTry,
} from './draft.ts';

const start = () => draftOf(defaultConfig());

describe('fields as typed', () => {
  it('take a good value at once', () => {
    const draft = typed(start(), 'mvendorid', '0x489');
    expect([draft.config.mvendorid, textOf(draft, 'mvendorid')]).toEqual([0x489n, '0x0000000000000489']);
  });

  it('keep a text that cannot be used, with its problem, and the last good value', () => {
    const draft = typed(typed(start(), 'harts', '4'), 'harts', '4x');
    expect([draft.config.harts, textOf(draft, 'harts'), isErroneous(draft)]).toEqual([4, '4x', true]);
    expect(problemOf(draft, 'harts')?.message).toContain('4x');
  });

  it('keep a bad text of one field while another is changed, until it is put right', () => {
    const bad = typed(start(), 'marchid', 'zz');
    const other = withMode(typed(bad, 'harts', '2'), 'DBCN', 'off');
    expect([other.config.harts, other.config.sbi.DBCN, textOf(other, 'marchid')]).toEqual([2, 'off', 'zz']);
    const right = typed(other, 'marchid', '7');
    expect([right.config.marchid, isErroneous(right)]).toEqual([7n, false]);
  });

  it('keep answers to probes until the VMM gives them, and are then in their usual form', () => {
    const refused = typed(start(), 'probes', 'MPXY=7, HSM=0');
    expect([refused.config.probes, textOf(refused, 'probes')]).toEqual([{}, 'MPXY=7, HSM=0']);
    expect(problemOf(refused, 'probes')?.hint).toContain('let the VMM answer BASE');
    const taken = withMode(refused, 'BASE', 'vmm');
    expect([taken.config.probes, textOf(taken, 'probes')]).toEqual([{ HSM: 0n, MPXY: 7n }, 'HSM=0x0 MPXY=0x7']);
  });

  it('tell that a set does not fit together and leave it as it was', () => {
    const draft = withIsa(withIsa(start(), 'C', false), 'A', false);
    expect(draft.config.isa).not.toContain('A');
    expect(isErroneous(draft)).toBe(false);
  });
});

describe('interface, host and VMM', () => {
  it('fits what the new one does not have, and says what', () => {
    const draft = withPlatform(withMode(start(), 'HSM', 'vmm'), { interface: 'upstream' });
    expect(draft.config.interface).toBe('upstream');
    expect(draft.config.sbi.HSM).not.toBe('vmm');
    expect(draft.fitted.join()).toContain('sbi.HSM');
  });

  it('fits what another VMM does not do, and restores it with the VMM that does', () => {
    const chosen = typed(withPlatform(start(), { interface: 'upstream' }), 'marchid', '0x7');
    const away = withPlatform(withMode(chosen, 'TIME', 'off'), { vmm: 'crosvm' });
    expect([away.config.sbi.TIME, away.config.sbi.DBCN, away.config.marchid]).toEqual(['kvm', 'off', 42n]);
    expect(away.fitted.join()).toContain('crosvm has no switch to turn TIME off.');
    const back = withPlatform(away, { vmm: 'ecall' }).config;
    expect([back.sbi.TIME, back.sbi.DBCN, back.marchid]).toEqual(['off', 'vmm', 7n]);
  });
});

describe('program', () => {
  it('stays an example until it is changed, and is one again when the text is', () => {
    const draft = start();
    const edited = withSource(draft, `${draft.source}# more\n`);
    expect(machineConfig(draft).guest.kind).toBe('example');
    expect(machineConfig(edited).guest).toEqual({ kind: 'source', text: `${draft.source}# more\n` });
    expect(machineConfig(withSource(edited, draft.source)).guest.kind).toBe('example');
  });

  it('comes back from its link exactly, with the machine', async () => {
    const draft = typed(
      withMode(withSource(start(), '\t.text\n_start: ecall # ü\n'), 'SUSP', 'off'),
      'mimpid',
      '0xabc',
    );
    const opened = await fromLink(await toLink(machineConfig(draft)));
    expect(opened.ok).toBe(true);
    if (!opened.ok) return;
    const again = draftOf(opened.config);
    expect(again.source).toBe(draft.source);
    expect(sameMachine(again.config, draft.config)).toBe(true);
  });

  it('takes a file as source by its name, and as an image else', () => {
    const bytes = new TextEncoder().encode('_start: ecall');
    expect(withFile(start(), 'a.s', bytes)).toMatchObject({ source: '_start: ecall', image: null });
    const image = withFile(start(), 'guest.elf', bytes);
    expect(machineConfig(image).guest).toEqual({ kind: 'image', name: 'guest.elf' });
    expect(machineConfig(withSource(image, 'nop')).guest).toEqual({ kind: 'source', text: 'nop' });
  });

  it('of the default comes with the page, and that of another example is awaited', () => {
    expect(awaitedExample(start())).toBe(null);
    const awaiting = withExample(start(), exampleById('timer')!);
    expect([awaitedExample(awaiting), hasOwnProgram(awaiting), isUntouched(awaiting)]).toEqual(['timer', false, true]);
    const here = withProgram(awaiting, 'nop');
    expect([awaitedExample(here), isUntouched(here), isUntouched(withSource(here, ''))]).toEqual([null, true, false]);
    expect(awaitedExample(withSource(here, ''))).toBe(null);
    expect(awaitedExample(withFile(awaiting, 'a.s', new TextEncoder().encode('nop')))).toBe(null);
  });

  it('opens every example on the machine that it asks for, whatever was toggled before', () => {
    for (const example of EXAMPLES) {
      const toggled = typed(withMode(start(), 'DBCN', 'off'), 'mvendorid', '0x42');
      const draft = withExample(toggled, example);
      const expected = withExample(start(), example);
      expect(draft.config.sbi).toEqual(expected.config.sbi);
      expect(draft.config.harts).toBe(example.config?.harts ?? example.harts);
      expect(draft.config.mvendorid).toBe(0x42n);
    }
  });

  it('applies each suggestion of each example without a problem', () => {
    for (const example of EXAMPLES) {
      for (const { patch } of tryThisOf(example.id)) {
        if (patch === undefined) continue;
        const before = withExample(start(), example);
        const after = withPatch(before, patch);
        expect(isErroneous(after)).toBe(false);
        expect(sameMachine(before.config, after.config)).toBe(false);
      }
    }
  });

  it('makes the same machine of a suggestion, whichever other one was tried before', () => {
    for (const example of EXAMPLES) {
      const patches = tryThisOf(example.id).flatMap(({ patch }) => (patch === undefined ? [] : [patch]));
      for (const patch of patches) {
        const fresh = withPatch(withExample(start(), example), patch);
        for (const other of patches.filter(({ interface: kvm }) => kvm !== 'userspace')) {
          const after = withTry(withTry(withExample(start(), example), example, other), example, patch);
          const { sbi, sbiVersion, hardware, isa, harts } = fresh.config;
          expect(after.fitted, `${example.id}: ${JSON.stringify([other, patch])}`).toEqual([]);
          expect(after.config).toMatchObject({ sbi: { ...after.config.sbi, ...patch.sbi }, hardware, isa, harts });
          expect(after.config.sbiVersion).toBe(patch.sbiVersion ?? sbiVersion);
          if (after.config.interface === fresh.config.interface) expect(after.config.sbi).toEqual(sbi);
        }
      }
    }
  });

  it('leaves an interface that lacks what a suggestion asks for, and keeps one that has it, and the program', () => {
    const example = exampleById('mailbox')!;
    const edited = withSource(withPlatform(withExample(start(), example), { interface: 'upstream' }), '# mine');
    const old = withTry(edited, example, { sbiVersion: '2.0' });
    expect([old.config.interface, old.config.sbiVersion, old.source]).toEqual(['accelerator', '2.0', '# mine']);
    const off = withTry(edited, example, { sbi: { MPXY: 'off' } });
    expect([off.config.interface, off.config.sbi.MPXY]).toEqual(['upstream', 'off']);
  });

  it('puts a suggestion over a text that could not be used', () => {
    const example = exampleById('hello')!;
    const draft = withPatch(typed(withExample(start(), example), 'harts', 'x'), { harts: 2 });
    expect([draft.config.harts, isErroneous(draft)]).toEqual([2, false]);
  });
});

describe('what the user chose', () => {
  const upstream = (draft: ReturnType<typeof start>) => withPlatform(draft, { interface: 'upstream' });
  const accelerator = (draft: ReturnType<typeof start>) => withPlatform(draft, { interface: 'accelerator' });

  it('is restored on the way back from an interface that does not have it', () => {
    const chosen = typed(withMode(withMode(start(), 'TIME', 'vmm'), 'DBCN', 'kvm'), 'sbiVersion', '2.0');
    const away = upstream(chosen);
    expect([away.config.sbi.TIME, away.fitted.length]).toEqual(['kvm', 3]);
    expect(sameMachine(accelerator(away).config, chosen.config)).toBe(true);
  });

  it('gives way to what is chosen in between', () => {
    const between = typed(withMode(upstream(withMode(start(), 'TIME', 'vmm')), 'HSM', 'off'), 'harts', '3');
    const back = accelerator(between).config;
    expect([back.sbi.TIME, back.sbi.HSM, back.harts]).toEqual(['vmm', 'off', 3]);
    expect(accelerator(withMode(between, 'TIME', 'off')).config.sbi.TIME).toBe('off');
  });

  it('is a program of their own only when it was changed', () => {
    expect(hasOwnProgram(start())).toBe(false);
    expect(hasOwnProgram(withSource(start(), 'nop'))).toBe(true);
    expect(hasOwnProgram(withSource(start(), ' '))).toBe(false);
    expect(hasOwnProgram(withFile(start(), 'a.elf', new Uint8Array([1, 0])))).toBe(true);
  });

  it('may be a longer program than a link holds', () => {
    expect(isTooLong(withSource(start(), 'x'.repeat(SOURCE_LIMIT)))).toBe(false);
    expect(isTooLong(withSource(start(), 'x'.repeat(SOURCE_LIMIT + 1)))).toBe(true);
  });
});
