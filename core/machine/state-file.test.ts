import { beforeAll, describe, expect, it } from 'vitest';
import { defaultConfig, withExample } from '../config/index.ts';
import { PlainError } from '../schema/plain.ts';
import { createMachine, fromStateFile, type Machine, prepareGuest, restoreMachine, toStateFile } from './index.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

function started(): Machine {
  const config = { ...withExample(defaultConfig(), 'smp')!.config, memory: 16 };
  const guest = prepareGuest(config, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  const made = createMachine({ config, image: guest.image, hooks: { console: () => {} } });
  if (!made.ok) throw new Error(made.failure.message);
  return made.machine;
}

let machine: Machine;
let file: string;
beforeAll(async () => {
  machine = started();
  machine.run({ until: 'forever', instructions: 2000 });
  file = await toStateFile(machine.save());
});

/** Loads a file as far as it goes: what refuses it, with its place, or the machine. */
async function load(text: string): Promise<string | Machine> {
  try {
    const made = restoreMachine({
      snapshot: await fromStateFile(text),
      engine: 'reference',
      hooks: { console: () => {} },
    });
    if (made.ok) return made.machine;
    expect(made.failure.code).toBe('snapshot');
    return made.failure.message;
  } catch (error) {
    if (error instanceof PlainError) return error.message;
    throw error;
  }
}

const changed = (change: (state: Record<string, Json>) => Json): string =>
  JSON.stringify(change(JSON.parse(file) as Record<string, Json>));

describe('a state file', () => {
  it('brings the machine back as it was', async () => {
    const back = await load(file);
    if (typeof back === 'string') throw new Error(back);
    expect(await toStateFile(back.save())).toBe(file);
  });

  it('of version 1, which knew nothing of extensions, goes on with all of them as new', async () => {
    const old = changed((s) => {
      const { loaded: _, ...old } = s;
      const { sbi: __, ...vmm } = s.vmm as Record<string, Json>;
      return { ...old, version: 1, vmm, kvm: withoutNewCounts(s.kvm as never) };
    });
    const back = await load(old);
    if (typeof back === 'string') throw new Error(back);
    expect(await toStateFile(back.save())).toBe(file);
  });

  it('holds only pages that are not zero', () => {
    expect(file.length).toBeLessThan(100_000);
    const { memory } = JSON.parse(file) as { memory: { size: number; runs: number[][] } };
    expect(memory.size).toBe(16 * 1024 * 1024);
    expect(memory.runs.reduce((sum, [, pages = 0]) => sum + pages, 0)).toBeLessThan(20);
  });

  it.each<[string, (state: Record<string, Json>) => Json, string]>([
    ['of a newer Ecall', (s) => ({ ...s, version: 4 }), 'version: is 4, and this Ecall reads versions up to 3'],
    ['of no version', ({ version: _, ...s }) => s, 'version: is not a version'],
    ['of another kind', (s) => ({ ...s, format: 'ecall-input' }), 'format: is not ecall-state'],
    ['that is a list', () => [], 'the file is not the state of a machine'],
    ['without its memory', ({ memory: _, ...s }) => s, 'memory: is missing'],
    [
      'with pages that do not unpack',
      (s) => ({ ...s, memory: { ...(s.memory as object), packed: 'AAAA' } }),
      'memory.packed: does not unpack to',
    ],
    [
      'with more pages than memory',
      (s) => ({ ...s, memory: { ...(s.memory as object), runs: [[0, 5000]] } }),
      'memory.runs: have 20480000 bytes where memory has 16777216',
    ],
    [
      'of a machine of another size',
      (s) => ({ ...s, config: { ...(s.config as object), memory: 32 } }),
      'memory.size: 16777216 bytes where the machine has 33554432',
    ],
    [
      'of a machine with other harts',
      (s) => ({ ...s, config: { ...(s.config as object), harts: 1 } }),
      'vmm.threads: there are 2 where the VM has 1',
    ],
    [
      'with a configuration that is none',
      (s) => ({ ...s, config: { ...(s.config as object), harts: 99 } }),
      'config.harts: Harts',
    ],
  ])('%s is refused with the place and the reason', async (_, change, message) => {
    expect(await load(changed(change))).toContain(message);
  });

  it('that was cut off is refused', async () => {
    expect(await load(file.slice(0, -100))).toContain('the file is not JSON');
  });

  it('is refused wherever something in it is of another type, missing or unknown, and never half loaded', async () => {
    const state = JSON.parse(file) as Json;
    const { config: _config, memory: _memory, ...rest } = state as Record<string, Json>;
    for (const path of paths(rest)) {
      for (const bad of [{ no: 'thing' }, undefined]) {
        const text = JSON.stringify(replaced(state, path, bad));
        const loaded = await load(text);
        if (typeof loaded === 'string') expect(loaded).toContain(path.slice(0, -1).join('.'));
        else if (!mayBeMissing(path)) throw new Error(`${path.join('.')} was taken as ${JSON.stringify(bad)}`);
      }
    }
  });
});

/** Version 1 had no counts of firmware events that nobody follows, and none by level. */
function withoutNewCounts({
  vms,
}: {
  readonly vms: readonly { readonly vcpus: readonly Record<string, Json>[] }[];
}): Json {
  const before = ({ pmu, ...vcpu }: Record<string, Json>): Json => {
    const { happened: _, fromUser: __, ...old } = pmu as Record<string, Json>;
    return { ...vcpu, pmu: old };
  };
  return { vms: vms.map((vm) => ({ ...vm, vcpus: vm.vcpus.map(before) })) } as Json;
}

/**
 * Registers, a halt and what exits are asked for that a snapshot does not name have their reset value; counts by name
 * are those that there are.
 */
const mayBeMissing = (path: readonly string[]): boolean =>
  ['csrs', 'reservation', 'f', 'fcsr', 'halt', 'overflow', 'stateUntold', 'hartStateExits', 'stats'].some((name) =>
    path.includes(name),
  ) ||
  path[0] === 'trace' ||
  /^\d+$/.test(path.at(-1) ?? '');

function paths(data: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof data !== 'object' || data === null) return [path];
  const inner = Object.entries(data).flatMap(([key, value]) => paths(value, [...path, key]));
  // Of a list of alike items the first tells all.
  const few = Array.isArray(data) ? inner.filter(([...all]) => all[path.length] === '0') : inner;
  return path.length === 0 ? few : [path, ...few];
}

function replaced(data: Json, [key, ...rest]: readonly string[], value: Json | undefined): Json | undefined {
  if (key === undefined) return value;
  const inner = data as Readonly<Record<string, Json>>;
  const next = replaced(inner[key] ?? null, rest, value);
  if (Array.isArray(data))
    return data.flatMap((item, index) => (`${index}` !== key ? [item] : next === undefined ? [] : [next]));
  const { [key]: _, ...others } = inner;
  return next === undefined ? others : { ...others, [key]: next };
}
