/** Random programs with most instructions from one extension, and those with interrupts again and again. */
import { randomCase } from '../qemu/differential.ts';
import { DRAWN, programOf, type RandomCase } from '../qemu/random.ts';
import type { FuzzCase, Kind } from './kind.ts';

const BATCH = 200;

function fuzzCase(random: RandomCase): FuzzCase {
  const { name, units, seeds } = random;
  return { name, units, seeds, compose: (some, values) => programOf({ ...random, units: some, seeds: values }) };
}

export function programKinds(): Kind[] {
  const extensions = [...new Set(DRAWN.map(({ extension }) => extension))];
  return [
    ...extensions.map((extension) => ({
      name: `program:${extension}`,
      subject: extension,
      batch: BATCH,
      draw: (seed: number) => fuzzCase(randomCase(seed, { focus: extension })),
    })),
    {
      name: 'interrupts',
      subject: 'interrupts',
      batch: BATCH,
      draw: (seed: number) => fuzzCase(randomCase(seed, { interruptPercent: 30 })),
    },
  ];
}
