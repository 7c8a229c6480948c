import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SBI } from '../../sbi/spec/index.ts';
import { SBI_ERRORS, SBI_NAMES, type SbiExtension, type SbiFunction } from '../../sbi/types.ts';
import { AT, running } from '../../testing/fake-machine.ts';
import { RAM_BASE } from '../layout.ts';
import { SERVERS } from './index.ts';

interface Case {
  readonly label: string;
  readonly extension: SbiExtension;
  readonly definition: SbiFunction;
}

const served = SBI_NAMES.filter((name) => name in SERVERS);
const cases: Case[] = served.flatMap((name) =>
  Object.entries<SbiFunction>(SBI[name].functions).map(([key, definition]) => ({
    label: `${name} ${key}`,
    extension: SBI[name],
    definition,
  })),
);
const modes = Object.fromEntries(served.map((name) => [name, 'vmm'])) as Record<(typeof served)[number], 'vmm'>;

/** Values at which handlers decide: small, all ones, borders of RAM, page and area alignment, high halves. */
const register = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, 3n, 2n ** 64n - 1n, 2n ** 63n, 2n ** 32n, 0x8000_0000n, RAM_BASE - 1n, AT, AT + 8n),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.bigInt({ min: 0n, max: 64n }),
);

describe('every call that the VMM serves', () => {
  it('is one of a table that says so', () => {
    expect(served).toEqual(SBI_NAMES.filter((name) => SBI[name].vmm));
  });

  it.each(cases)(
    '$label gives no error but those of its table, whatever its arguments',
    ({ extension, definition }) => {
      const allowed = ['SUCCESS' as const, ...definition.errors].map((name) => BigInt(SBI_ERRORS[name]));
      const legacy = definition.fid === undefined;
      for (const kvmInterface of ['userspace', 'accelerator'] as const) {
        const start = () => running({ interface: kvmInterface, harts: 2, modes });
        let machine = start();
        const property = fc.property(fc.tuple(register, register, register, register, register), (args) => {
          const answer = machine.call(definition.eid ?? extension.eid[0], definition.fid ?? 0, ...args);
          const { ended } = machine.vmm;
          if (ended || !answer) machine = start();
          if (ended?.kind === 'error') throw new Error(ended.words);
          if (!answer || ended) return;
          if (legacy) expect(answer[1]).toBe(BigInt.asIntN(64, args[1]));
          else expect(allowed).toContain(answer[0]);
        });
        fc.assert(property, { numRuns: definition.noReturn ? 5 : 60 });
      }
    },
  );

  it.each(cases)('$label is NOT_SUPPORTED while its extension is off', ({ extension, definition }) => {
    const { call } = running({ interface: 'userspace', modes: { ...modes, [extension.name]: 'off' } });
    expect(call(definition.eid ?? extension.eid[0], definition.fid ?? 0)).toEqual([-2n, 0n]);
  });
});
