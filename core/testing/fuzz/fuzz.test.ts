/** A fixed share of what `npm run fuzz` compares, and that it would tell what differs. */
import { beforeAll, describe, expect, it } from 'vitest';
import { DRAWN } from '../qemu/random.ts';
import { toolOrSkip } from '../tools.ts';
import { CHECKS, KINDS } from './kinds.ts';
import { parseOptions } from './options.ts';
import { commandFor, Session, told } from './session.ts';

/** Of each kind; all kinds run in one start of QEMU. */
const PROGRAMS = 6;
const SETUP_TIMEOUT_MS = 120_000;
const reasons = (['qemuNew', 'as', 'ld'] as const)
  .map((name) => toolOrSkip(name).reason)
  .filter((text) => text !== null);
const why = reasons.length > 0 ? ` (skipped: ${reasons.join(' ')})` : '';

describe.skipIf(reasons.length > 0)(`generated programs of every kind${why}`, () => {
  let session: Session;
  let found: string | null;
  beforeAll(() => {
    session = new Session(1);
    const difference = session.batch(KINDS, PROGRAMS);
    found = difference === null ? null : told(difference, true);
  }, SETUP_TIMEOUT_MS);

  it('leave the same on every engine as in QEMU', () => {
    expect(found).toBeNull();
  });

  it('were compared, kind by kind, with operand sets where a kind has them', () => {
    const rows = session.tally.rows();
    for (const { subject } of KINDS) expect(rows.get(subject)?.programs).toBeGreaterThanOrEqual(PROGRAMS);
    expect(rows.get('Zbb')?.operandSets).toBe(PROGRAMS * 256);
    expect(session.tally.totals().programs).toBe(KINDS.length * PROGRAMS);
  });
});

describe('a generated program', () => {
  it('follows from its kind and seed alone', () => {
    const slot = { base: 0x8010_0000, data: 0x8010_4000, tables: 0x8010_8000 };
    const texts = () =>
      KINDS.map(({ draw }) => {
        const { compose, units, seeds } = draw(7);
        return compose(units, seeds).text(slot);
      });
    expect(texts()).toEqual(texts());
  });

  it('can be drawn again by a command', () => {
    const kind = KINDS[0]!;
    const command = commandFor({ kind, seed: 99 });
    const options = parseOptions(command.split(' ').slice(4));
    expect(options).toMatchObject({ kinds: [kind], seed: 99, programs: 1 });
  });

  it('is drawn for every extension that QEMU has too', () => {
    const subjects = new Set(KINDS.map(({ subject }) => subject));
    expect(DRAWN.filter(({ extension }) => !subjects.has(extension))).toEqual([]);
  });
});

const newer = toolOrSkip('asNew').reason;

it.skipIf(newer !== null)(`words come back from their text${newer === null ? '' : ` (${newer})`}`, () => {
  const session = new Session(1);
  expect(CHECKS.map((kind) => session.check(kind))).toEqual(CHECKS.map(() => null));
  expect(session.tally.totals().operandSets).toBeGreaterThan(3000);
});

describe('options of npm run fuzz', () => {
  it.each([
    [['--minutes', '0'], '--minutes'],
    [['--programs', '1.5'], '--programs'],
    [['--seed', '-1'], '--seed'],
    [['--only', 'Zbb,Zfoo'], 'Zfoo'],
    [['--what'], '--what'],
  ])('%j are refused with what is wrong', (args, word) => {
    expect(parseOptions(args)).toContain(word);
  });

  it('choose kinds by name, by what they are, or by extension', () => {
    const names = (only: string) => {
      const options = parseOptions(['--only', only]);
      return typeof options === 'string' ? options : options.kinds.map(({ name }) => name);
    };
    expect(names('Zbb')).toEqual(['program:Zbb', 'operands:Zbb']);
    expect(names('program:zbb,paging:types')).toEqual(['program:Zbb', 'paging:types']);
    expect(names('encodings')).toEqual(KINDS.map(({ name }) => name).filter((name) => name.startsWith('encodings:')));
    expect(names('encodings:16')).toEqual(['encodings:16']);
  });
});
