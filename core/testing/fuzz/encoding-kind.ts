/**
 * Words executed one by one at U level, on a page around which nothing is mapped, with every register pointing
 * to nothing: what each of them raises says whether it is legal, and no word can go far.
 */
import { EXTENSIONS, INSTRUCTIONS } from '../../isa/defs/index.ts';
import { createDecoder } from '../../isa/derive/decode.ts';
import { PROFILE } from '../qemu/extensions.ts';
import { type Program, RAM_BASE, type Slot } from '../qemu/layout.ts';
import { GENERAL, HALVES, type Processor } from '../qemu/processors.ts';
import type { Unit } from '../qemu/random-word.ts';
import { Rng } from '../qemu/rng.ts';
import { A, D, enablePaging, PAGE, pte, TESTED_VA, tablesFor, tableText, U, V, X } from '../qemu/tables.ts';
import type { FuzzCase, Kind } from './kind.ts';

const BATCH = 20;
const WORDS = 500;
const ROW_BYTES = 24;
/** Where the word is put, with room for jumps within the page on either side. */
const PLACE = 0x800;
const C_EBREAK = 0x9002;
/** Mapped nowhere, and aligned so that a load gets as far as the page walk. */
const NOWHERE = TESTED_VA + 0x10_0000;
/** In the second page of data: row pointer and rows left, which sscratch points to. */
const CONTEXT_OFFSET = PAGE;
/** Behind the code, which is shorter. */
const TABLE_OFFSET = 0x800;

const decode = createDecoder(new Set(EXTENSIONS.map(({ name }) => name)));
const COMPRESSED = Array.from({ length: 0x10000 }, (_, word) => word).filter((word) => (word & 3) !== 3);
const FULL = INSTRUCTIONS.filter(({ length }) => length === 4);

/**
 * Not to be compared: sc, which without a reservation fails in QEMU before the page walk, while hardware may
 * fault; jumps to themselves, which never end; and what QEMU gets wrong.
 */
function isLeftOut(word: number): boolean {
  const decoded = decode(word);
  if (decoded === null) return false;
  const { instruction, values } = decoded;
  const jumpsToItself = instruction.fields.some(({ kind, name }) => kind === 'target' && values[name] === 0);
  return jumpsToItself || instruction.name.startsWith('sc.') || PROFILE.wrong.has(instruction.name);
}

/** An encoding of the table, some of whose bits are turned: reserved ones lie next to those that exist. */
function nearWord(rng: Rng): number {
  const { mask, match } = rng.pick(FULL);
  let word = match | (rng.word() & ~mask);
  for (let turned = rng.below(3); turned > 0; turned--) word ^= 1 << (2 + rng.below(30));
  return (word | 3) >>> 0;
}

function programText(slot: Slot, units: readonly Unit[]): string {
  const leaves = { 0: pte(slot.data, V | X | U | A | D) };
  const others = Array.from({ length: 31 }, (_, i) => i + 1);
  return `
    ${enablePaging(slot, 'Sv39')}
    la t0, 70f
    csrw stvec, t0
    li t0, 0x100
    csrc sstatus, t0
    li tp, ${slot.data + CONTEXT_OFFSET}
    csrw sscratch, tp
    li t0, ${slot.base + TABLE_OFFSET}
    li t1, ${units.length}
  76: beqz t1, 75f
    lwu t2, 0(t0)
    li t3, ${slot.data + PLACE}
    sw t2, 0(t3)
    fence.i
    sd t0, 0(tp)
    sd t1, 8(tp)
    li t4, ${TESTED_VA + PLACE}
    csrw sepc, t4
    ${others.map((register) => `li x${register}, ${NOWHERE}`).join('\n')}
    sret
    .balign 4
  70: csrrw tp, sscratch, tp
    ld t0, 0(tp)
    ld t1, 8(tp)
    csrr t2, scause
    addi t3, t2, -3
    bnez t3, 77f
    csrw stval, zero
  77: csrr t3, sepc
    csrr t4, stval
    sd t2, 0(t0)
    sd t3, 8(t0)
    sd t4, 16(t0)
    csrw sscratch, tp
    addi t0, t0, ${ROW_BYTES}
    addi t1, t1, -1
    j 76b
  75: ecall
    .org ${slot.base + TABLE_OFFSET - RAM_BASE}
    ${units.join('\n')}
    .org ${slot.data - RAM_BASE}
    .fill ${PAGE / 2}, 2, ${C_EBREAK}
    ${tableText(slot, tablesFor(slot, 'Sv39', {}, leaves))}`;
}

function encodingCase(name: string, words: readonly number[]): FuzzCase {
  const compose = (units: readonly Unit[]): Program => ({ name, text: (slot) => programText(slot, units) });
  return { name, units: words.map((word) => `.dword 0x${word.toString(16)}, 0, 0`), seeds: [], compose };
}

/** Every seed takes the next run of 16-bit words. */
function compressedCase(seed: number): FuzzCase {
  const first = (seed * WORDS) % COMPRESSED.length;
  const words = COMPRESSED.slice(first, first + WORDS).filter((word) => !isLeftOut(word));
  return encodingCase(`16-bit words from 0x${words[0]?.toString(16)}`, words);
}

function fullCase(seed: number): FuzzCase {
  const rng = new Rng(seed);
  const drawn = Array.from({ length: WORDS }, () => (rng.chance(40) ? (rng.word() | 3) >>> 0 : nearWord(rng)));
  const words = drawn.filter((word) => !isLeftOut(word));
  return encodingCase(`32-bit words, seed ${seed}`, words);
}

/** Starts of QEMU that take every 16-bit word once. */
export const COMPRESSED_CASES = Math.ceil(COMPRESSED.length / WORDS);

function kindsFor(suffix: string, processor: Processor): Kind[] {
  const shared = { subject: 'encodings', batch: BATCH, processor };
  return [
    { ...shared, name: `encodings:16${suffix}`, draw: compressedCase },
    { ...shared, name: `encodings:32${suffix}`, draw: fullCase },
  ];
}

/** With everything on, and with each half of the extensions. */
export function encodingKinds(): Kind[] {
  const halves = HALVES.flatMap((processor, index) => kindsFor(`-half-${index + 1}`, processor));
  return [...kindsFor('', GENERAL), ...halves];
}
