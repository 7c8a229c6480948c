import { describe, expect, it } from 'vitest';
import { SlottedMemory } from './guest-memory.ts';
import {
  type Access,
  maskedAddress,
  PTE_A,
  PTE_D,
  PTE_G,
  PTE_R,
  PTE_U,
  PTE_V,
  PTE_W,
  PTE_X,
  type TranslationContext,
  translate,
} from './translate.ts';

const RAM = 0x8000_0000n;
const SIZE = 1n << 20n;
const ALL = PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;

function machine(): { memory: SlottedMemory; put: (gpa: bigint, entry: bigint) => void; get: (gpa: bigint) => bigint } {
  const memory = new SlottedMemory(new Uint8Array(Number(SIZE)));
  memory.mapSlot(0, RAM, SIZE, 0n);
  const at = (gpa: bigint): number => Number(gpa - RAM);
  return {
    memory,
    put: (gpa, entry) => memory.view.setBigUint64(at(gpa), entry, true),
    get: (gpa) => memory.view.getBigUint64(at(gpa), true),
  };
}

const entry = (gpa: bigint, flags: number): bigint => ((gpa >> 12n) << 10n) | BigInt(flags);
const context = (more: Partial<TranslationContext> = {}): TranslationContext => ({
  levels: 3,
  root: Number(RAM >> 12n),
  asid: 0,
  user: false,
  sum: false,
  mxr: false,
  adBits: 'fault',
  napot: false,
  pbmt: false,
  maskedBits: 0,
  ...more,
});

/** One 4 KiB page at virtual address 0x1000 with these flags, through `levels` tables that follow each other. */
function onePage(flags: number, levels: 3 | 4 | 5 = 3): ReturnType<typeof machine> & { leaf: bigint } {
  const made = machine();
  for (let level = 0; level < levels - 1; level++) {
    made.put(RAM + BigInt(level) * 0x1000n, entry(RAM + BigInt(level + 1) * 0x1000n, PTE_V));
  }
  const leaf = RAM + BigInt(levels - 1) * 0x1000n + 8n;
  made.put(leaf, entry(RAM + 0x8000n, flags));
  return { ...made, leaf };
}

describe('translation', () => {
  it('maps addresses onto themselves in Bare mode, with every permission', () => {
    const { memory } = machine();
    const page = translate(memory, context({ levels: 0 }), RAM + 0x2345n, 'store');
    expect(page).toMatchObject({ kind: 'page', frame: 0x80002, offset: 0x2000 });
    expect(translate(memory, context({ levels: 0 }), 0x1000n, 'load')).toMatchObject({ frame: 1, offset: -1 });
  });

  it('does not alias RAM in Bare mode for addresses wider than a guest-physical one', () => {
    const { memory } = machine();
    expect(translate(memory, context({ levels: 0 }), (1n << 60n) + RAM, 'load')).toMatchObject({ offset: -1 });
  });

  it.each([3, 4, 5] as const)('walks %i levels', (levels) => {
    const { memory } = onePage(ALL, levels);
    expect(translate(memory, context({ levels }), 0x1abcn, 'load')).toEqual({
      kind: 'page',
      frame: 0x80008,
      offset: 0x8000,
      span: 1,
      flags: ALL,
    });
    expect(translate(memory, context({ levels }), 0x2000n, 'load')).toEqual({ kind: 'page-fault' });
  });

  it.each<[Access, number, Partial<TranslationContext>, boolean]>([
    ['load', PTE_R, {}, true],
    ['store', PTE_R, {}, false],
    ['fetch', PTE_R, {}, false],
    ['load', PTE_X, {}, false],
    ['load', PTE_X, { mxr: true }, true],
    ['store', PTE_X, { mxr: true }, false],
    ['fetch', PTE_X, {}, true],
    ['load', PTE_W, {}, false],
    ['load', PTE_R | PTE_U, {}, false],
    ['load', PTE_R | PTE_U, { sum: true }, true],
    ['fetch', PTE_X | PTE_U, { sum: true }, false],
    ['fetch', PTE_X | PTE_U, { user: true }, true],
    ['load', PTE_R, { user: true, sum: true }, false],
    ['store', PTE_R | PTE_W | PTE_U, { user: true }, true],
  ])('answers a %s of a page with flags %i under %j with %s', (access, flags, more, allowed) => {
    const { memory } = onePage(flags | PTE_V | PTE_A | PTE_D);
    expect(translate(memory, context(more), 0x1000n, access).kind).toBe(allowed ? 'page' : 'page-fault');
  });

  it('faults on a clear A or D bit and leaves it alone without Svadu', () => {
    const { memory, get, leaf } = onePage(PTE_V | PTE_R | PTE_W);
    expect(translate(memory, context(), 0x1000n, 'load').kind).toBe('page-fault');
    expect(get(leaf)).toBe(entry(RAM + 0x8000n, PTE_V | PTE_R | PTE_W));
    const accessed = onePage(PTE_V | PTE_R | PTE_W | PTE_A);
    expect(translate(accessed.memory, context(), 0x1000n, 'load').kind).toBe('page');
    expect(translate(accessed.memory, context(), 0x1000n, 'store').kind).toBe('page-fault');
  });

  it('sets A, and D for a store, with Svadu, once the access is permitted', () => {
    const { memory, get, leaf } = onePage(PTE_V | PTE_R | PTE_W);
    const svadu = context({ adBits: 'set' });
    translate(memory, svadu, 0x1000n, 'fetch');
    expect(get(leaf) & 0xffn).toBe(BigInt(PTE_V | PTE_R | PTE_W));
    expect(translate(memory, svadu, 0x1000n, 'load')).toMatchObject({ flags: PTE_V | PTE_R | PTE_W | PTE_A });
    expect(get(leaf) & 0xffn).toBe(BigInt(PTE_V | PTE_R | PTE_W | PTE_A));
    translate(memory, svadu, 0x1000n, 'store');
    expect(get(leaf) & 0xffn).toBe(BigInt(PTE_V | PTE_R | PTE_W | PTE_A | PTE_D));
  });

  it('changes nothing when a look-up ignores A and D', () => {
    const { memory, get, leaf } = onePage(PTE_V | PTE_R | PTE_W);
    expect(translate(memory, context({ adBits: 'ignore' }), 0x1000n, 'store').kind).toBe('page');
    expect(get(leaf) & 0xffn).toBe(BigInt(PTE_V | PTE_R | PTE_W));
  });

  it('reports a table outside RAM with the address of the entry it needed', () => {
    const { memory, put } = machine();
    put(RAM, entry(0x4000_0000n, PTE_V));
    expect(translate(memory, context(), 0x20_1000n, 'load')).toEqual({
      kind: 'table-outside-ram',
      gpa: 0x4000_0008n,
    });
  });

  it('gives the page inside a superpage and refuses a misaligned one', () => {
    const { memory, put } = machine();
    put(RAM, entry(0x4000_0000n, ALL));
    put(RAM + 8n, entry(0x4000_1000n, ALL));
    expect(translate(memory, context(), 0x3fff_f123n, 'load')).toMatchObject({
      span: 2 ** 18,
      frame: 0x7ffff,
      offset: -1,
    });
    expect(translate(memory, context(), 0x4000_0000n, 'load').kind).toBe('page-fault');
  });

  it('keeps all 44 bits of a page number', () => {
    const { memory, put } = onePage(0);
    put(RAM + 0x2008n, (((1n << 44n) - 1n) << 10n) | BigInt(ALL));
    expect(translate(memory, context(), 0x1000n, 'load')).toMatchObject({ frame: 2 ** 44 - 1, offset: -1 });
  });

  const NAPOT = 1n << 63n;
  const type = (pbmt: bigint): bigint => pbmt << 61n;

  it('gives the page inside a NAPOT leaf of 64 KiB with Svnapot, and knows no other size', () => {
    const { memory, put, leaf } = onePage(ALL);
    put(leaf, entry(RAM + 0x8000n, ALL) | NAPOT);
    const svnapot = context({ napot: true });
    expect(translate(memory, svnapot, 0x1abcn, 'load')).toMatchObject({ frame: 0x80001, span: 16 });
    expect(translate(memory, context(), 0x1abcn, 'load').kind).toBe('page-fault');
    for (const wrong of [0x0n, 0x4000n, 0x9000n, 0xc000n]) {
      put(leaf, entry(RAM + wrong, ALL) | NAPOT);
      expect(translate(memory, svnapot, 0x1abcn, 'load').kind).toBe('page-fault');
    }
  });

  it('refuses N in a superpage and in a pointer', () => {
    const { memory, put } = machine();
    put(RAM, entry(0x4000_8000n, ALL) | NAPOT);
    put(RAM + 8n, entry(RAM + 0x1000n, PTE_V) | NAPOT);
    expect(translate(memory, context({ napot: true }), 0n, 'load').kind).toBe('page-fault');
    expect(translate(memory, context({ napot: true }), 0x4000_0000n, 'load').kind).toBe('page-fault');
  });

  it('takes memory types of leaves where Svpbmt is allowed, but not the reserved one', () => {
    const { memory, put, leaf } = onePage(ALL);
    const kinds = (pbmt: boolean) =>
      [0n, 1n, 2n, 3n].map((value) => {
        put(leaf, entry(RAM + 0x8000n, ALL) | type(value));
        return translate(memory, context({ pbmt }), 0x1000n, 'store').kind;
      });
    expect(kinds(true)).toEqual(['page', 'page', 'page', 'page-fault']);
    expect(kinds(false)).toEqual(['page', 'page-fault', 'page-fault', 'page-fault']);
  });

  it('says that a page is global when any entry on the way says so', () => {
    const { memory, put } = onePage(ALL);
    put(RAM, entry(RAM + 0x1000n, PTE_V | PTE_G));
    expect(translate(memory, context(), 0x1000n, 'load')).toMatchObject({ flags: ALL | PTE_G });
  });
});

describe('pointer masking', () => {
  it.each<[0 | 7 | 16, 0 | 3, bigint, bigint]>([
    [0, 3, 0xabcd_0000_0000_1234n, 0xabcd_0000_0000_1234n],
    [7, 3, 0xab00_0000_0000_1234n, 0xff00_0000_0000_1234n],
    [7, 3, 0xaa00_0000_0000_1234n, 0x1234n],
    [16, 3, 0xabcd_7fff_ffff_fff8n, 0x0000_7fff_ffff_fff8n],
    [16, 3, 0x0000_8000_0000_0000n, 0xffff_8000_0000_0000n],
    [7, 0, 0xab00_0000_0000_1234n, 0x0100_0000_0000_1234n],
    [16, 0, 0xabcd_8000_0000_1234n, 0x0000_8000_0000_1234n],
  ])('of %i bits with %i levels makes of %x', (maskedBits, levels, va, expected) => {
    expect(maskedAddress(context({ maskedBits, levels }), va)).toBe(expected);
  });
});
