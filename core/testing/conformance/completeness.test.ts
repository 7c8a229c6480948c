/** Every function of every extension has cases of each class that applies, and what is said of targets is in order. */
import { describe, expect, it } from 'vitest';
import { SBI } from '../../sbi/spec/index.ts';
import { SBI_NAMES, type SbiExtension, type SbiFunction } from '../../sbi/types.ts';
import { CONFORMANCE } from './cases/index.ts';
import { expectationsOf } from './outcome.ts';
import { TARGETS } from './target-names.ts';
import { serves } from './targets.ts';
import type { Case, ExtensionCases } from './types.ts';

/** Any function may fail for unspecified reasons, which no call can bring about. */
const UNSPECIFIED = 'FAILED';

const isWritten = ({ name }: SbiExtension) => CONFORMANCE.some((extension) => extension.name === name);
const functionsOf = (extension: ExtensionCases): readonly (readonly [string, SbiFunction])[] =>
  Object.entries((SBI[extension.name] as SbiExtension).functions);
const casesOf = (extension: ExtensionCases, name: string): readonly Case[] =>
  extension.cases.filter((one) => one.function === name);

function expectsError(one: Case, error: string): boolean {
  return expectationsOf(one).some(
    (expected) => 'error' in expected && [expected.error].flat().includes(error as never),
  );
}

/** What the cases of a function leave out. */
function missing(extension: ExtensionCases, name: string, definition: SbiFunction): readonly string[] {
  const cases = casesOf(extension, name);
  const unreachable = extension.unreachable[name] ?? {};
  const errors = definition.errors.filter((error) => error !== UNSPECIFIED && error !== 'SUCCESS');
  const unmet = errors.filter((error) => !cases.some((one) => expectsError(one, error)) && !unreachable[error]);
  const restricted = definition.args.filter(({ type }) => type === 'flags' || type === 'u32' || type === 'u8');
  const reserved = cases.some((one) => one.class === 'reserved') || extension.nothingReserved[name] !== undefined;
  return [
    ...(cases.some((one) => one.class === 'valid') ? [] : ['a valid call']),
    ...unmet.map((error) => `a call that gives ${error}, or why there is none`),
    ...(restricted.length === 0 || reserved ? [] : [`reserved bits or values of ${restricted[0]?.name}`]),
  ];
}

it('every extension has written cases, or only the automatic ones where it has no function', () => {
  const without = SBI_NAMES.filter((name) => !isWritten(SBI[name]));
  expect(without).toEqual([]);
});

describe.each(CONFORMANCE.map((extension) => [extension.name, extension] as const))(
  'the cases of %s',
  (_, extension) => {
    it('ask every question of every function, or none where no target provides the extension', () => {
      if (!TARGETS.some((target) => serves(extension, target) === true)) {
        expect(extension.cases).toEqual([]);
        return;
      }
      const left = functionsOf(extension).flatMap(([name, definition]) =>
        missing(extension, name, definition).map((what) => `${name}: ${what}`),
      );
      expect(left).toEqual([]);
    });

    it('have names of their own and a section of the specification', () => {
      const ids = extension.cases.map(({ id }) => id);
      expect(ids.filter((id, at) => ids.indexOf(id) !== at || !/^[a-z0-9-]+$/.test(id))).toEqual([]);
      expect(extension.cases.filter(({ section }) => !/^\d+(\.\d+)*$/.test(section))).toEqual([]);
    });

    it('call no error unreachable that a case expects', () => {
      const reached = Object.entries(extension.unreachable).flatMap(([name, errors = {}]) =>
        Object.keys(errors).filter((error) => casesOf(extension, name).some((one) => expectsError(one, error))),
      );
      expect(reached).toEqual([]);
    });

    it('explain each difference by a section, once', () => {
      const seen = new Set<string>();
      for (const { on, cases, because } of extension.differences) {
        expect(because).toMatch(/§\d+/);
        for (const key of on.flatMap((target) => cases.map((id) => `${target} ${id}`))) {
          expect(seen.has(key), key).toBe(false);
          seen.add(key);
        }
      }
    });
  },
);
