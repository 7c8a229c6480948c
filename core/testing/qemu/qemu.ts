/** Runs programs at S level in QEMU's virt machine, many of them per start. */
import { readFileSync } from 'node:fs';
import { assembleImage, runImage } from './bare.ts';
import {
  EXTERNAL_PENDING,
  HANDLER,
  MAX_PROGRAMS,
  type Outcome,
  PENDING_OFFSET,
  type Program,
  RAM_BASE,
  RAM_SIZE,
  RECORD_FIELDS,
  RECORD_SIZE,
  RESULTS,
  SLOT_SIZE,
  SLOTS,
  slotOf,
} from './layout.ts';
import type { Processor } from './processors.ts';

/** What a KVM guest takes itself, or gets by redirect: causes 0, 2, 3, 4, 6, 8, 12, 13 and 15. */
const MEDELEG = 0xb15d;
const TICKS_PER_SECOND = 10_000_000;
/** After this a program has gone astray. It is wall time, so it allows for a machine that does much else. */
const PROGRAM_TIMEOUT_SECONDS = 20;
/** For the whole batch, should the firmware itself go astray. */
const BATCH_TIMEOUT_MS = 120_000;

const fileText = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const FIRMWARE = fileText('shim.s');
const TRAP_HANDLER = fileText('handler.s');

/** The memory image of the firmware and all programs, from `RAM_BASE`. Throws with the assembler's words. */
export function buildImage(
  programs: readonly Program[],
  processor: Processor,
  timeoutSeconds = PROGRAM_TIMEOUT_SECONDS,
): Uint8Array {
  if (programs.length > MAX_PROGRAMS) throw new RangeError(`at most ${MAX_PROGRAMS} programs fit in one batch`);
  const symbols = {
    RESULTS,
    SLOTS,
    SLOT_SIZE,
    PENDING_OFFSET,
    COUNT: programs.length,
    TIMEOUT: timeoutSeconds * TICKS_PER_SECOND,
    MEDELEG,
    MENVCFG: `0x${processor.menvcfg.toString(16)}`,
  };
  const slots = programs.map((program, index) => {
    const slot = slotOf(index);
    const pending = `.org ${slot.base - RAM_BASE + PENDING_OFFSET}\n.dword ${EXTERNAL_PENDING}`;
    return `.org ${slot.base - RAM_BASE}\n${program.text(slot)}\n${program.external ? pending : ''}`;
  });
  const source = [
    ...Object.entries(symbols).map(([name, value]) => `.equ ${name}, ${value}`),
    FIRMWARE,
    `.org ${HANDLER - RAM_BASE}`,
    TRAP_HANDLER,
    ...slots,
    `.org ${SLOTS - RAM_BASE + programs.length * SLOT_SIZE}`,
    '',
  ].join('\n');
  const base = processor.extensions.has('Zca') ? 'rv64imafdc' : 'rv64imafd';
  return assembleImage(source, `${base}_zicsr_zifencei_zba_zbb_zbs`);
}

/** Runs an image of `count` programs and gives what each one left. */
export function runInQemu(image: Uint8Array, count: number, { qemu, cpu }: Processor): Outcome[] {
  // Only with a second processor does QEMU make real atomics, whose faults are store faults as they should be.
  const machine = { qemu, cpu, processors: 2, ramBytes: RAM_SIZE, timeoutMs: BATCH_TIMEOUT_MS };
  const after = runImage(image, machine, SLOTS - RAM_BASE + count * SLOT_SIZE);
  return Array.from({ length: count }, (_, index) => outcomeIn(after, index));
}

function outcomeIn(memory: Uint8Array, index: number): Outcome {
  const record = new DataView(memory.buffer, RESULTS - RAM_BASE + index * RECORD_SIZE, RECORD_SIZE);
  const fields: Record<string, bigint> = {};
  RECORD_FIELDS.forEach((name, at) => {
    fields[name] = record.getBigUint64(8 * (at + 1), true);
  });
  const { mstatus = 0n, ...rest } = fields;
  const start = slotOf(index).base - RAM_BASE;
  return { fields: { ...rest, level: (mstatus >> 11n) & 3n }, memory: memory.slice(start, start + SLOT_SIZE) };
}
