/**
 * Runs programs at S level in QEMU's virt machine, many of them per start. Guest RAM is a file, so that the
 * image goes in and the results come out without any device.
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool, type ToolName } from '../tools.ts';
import { SWITCHED_ON } from './extensions.ts';
import {
  HANDLER,
  MAX_PROGRAMS,
  type Outcome,
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

/** What a KVM guest takes itself, or gets by redirect: causes 0, 2, 3, 4, 6, 8, 12, 13 and 15. */
const MEDELEG = 0xb15d;
const TICKS_PER_SECOND = 10_000_000;
/** After this a program has gone astray. It is wall time, so it allows for a machine that does much else. */
const PROGRAM_TIMEOUT_SECONDS = 20;
/** For the whole batch, should the firmware itself go astray. */
const BATCH_TIMEOUT_MS = 120_000;
/**
 * The extensions that Ecall has too; F and D are off since their state would show in
 * sstatus. Sstc and the cache-block extensions are on by default in QEMU 7.2.
 */
const CPU = ['rv64,h=false,f=false,d=false,v=false', ...SWITCHED_ON.map((name) => `${name.toLowerCase()}=true`)].join();

function tool(name: ToolName): string {
  const path = findTool(name);
  if (path === null) throw new Error(`${name} is missing`);
  return path;
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'ecall-qemu-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const fileText = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The memory image of the firmware and all programs, from `RAM_BASE`. Throws with the assembler's words. */
export function buildImage(programs: readonly Program[], timeoutSeconds = PROGRAM_TIMEOUT_SECONDS): Uint8Array {
  if (programs.length > MAX_PROGRAMS) throw new RangeError(`at most ${MAX_PROGRAMS} programs fit in one batch`);
  const symbols = {
    RESULTS,
    SLOTS,
    SLOT_SIZE,
    COUNT: programs.length,
    TIMEOUT: timeoutSeconds * TICKS_PER_SECOND,
    MEDELEG,
  };
  const slots = programs.map((program, index) => {
    const slot = slotOf(index);
    return `.org ${slot.base - RAM_BASE}\n${program.text(slot)}`;
  });
  const source = [
    ...Object.entries(symbols).map(([name, value]) => `.equ ${name}, ${value}`),
    fileText('shim.s'),
    `.org ${HANDLER - RAM_BASE}`,
    fileText('handler.s'),
    ...slots,
    `.org ${SLOTS - RAM_BASE + programs.length * SLOT_SIZE}`,
    '',
  ].join('\n');
  return inFolder((folder) => {
    const text = join(folder, 'image.s');
    const object = join(folder, 'image.o');
    const linked = join(folder, 'image.elf');
    writeFileSync(text, source);
    execFileSync(tool('as'), ['-march=rv64imac_zicsr_zifencei_zba_zbb_zbs', '-mno-relax', '-o', object, text]);
    execFileSync(tool('ld'), [`-Ttext=0x${RAM_BASE.toString(16)}`, '--no-relax', '-o', linked, object]);
    return loadedBytes(readFileSync(linked));
  });
}

/** The segment of an ELF file that is loaded at `RAM_BASE`. [System V ABI, ELF-64 program header] */
function loadedBytes(elf: Buffer): Uint8Array {
  const table = Number(elf.readBigUInt64LE(32));
  const [size, count] = [elf.readUInt16LE(54), elf.readUInt16LE(56)];
  for (let index = 0; index < count; index++) {
    const at = table + index * size;
    if (elf.readUInt32LE(at) !== 1) continue;
    const shift = RAM_BASE - Number(elf.readBigUInt64LE(at + 16));
    const offset = Number(elf.readBigUInt64LE(at + 8)) + shift;
    const length = Number(elf.readBigUInt64LE(at + 32)) - shift;
    if (shift >= 0 && length > 0) return new Uint8Array(elf.subarray(offset, offset + length));
  }
  throw new Error('the linked image has nothing to load');
}

/** Runs an image of `count` programs and gives what each one left. */
export function runInQemu(image: Uint8Array, count: number): Outcome[] {
  return inFolder((folder) => {
    const ram = join(folder, 'ram');
    writeFileSync(ram, image);
    const file = openSync(ram, 'r+');
    try {
      ftruncateSync(file, RAM_SIZE);
      const backend = `memory-backend-file,id=ram,mem-path=${ram},size=${RAM_SIZE},share=on`;
      const machine = ['-M', 'virt,memory-backend=ram', '-object', backend, '-cpu', CPU, '-bios', 'none'];
      // Only with a second processor does QEMU make real atomics, whose faults are store faults as they should be.
      const size = ['-m', `${RAM_SIZE >> 20}M`, '-smp', '2'];
      const quiet = ['-display', 'none', '-serial', 'none', '-monitor', 'none', '-nodefaults'];
      execFileSync(tool('qemu'), [...machine, ...size, ...quiet], { timeout: BATCH_TIMEOUT_MS });
      const after = new Uint8Array(SLOTS - RAM_BASE + count * SLOT_SIZE);
      readSync(file, after, 0, after.length, 0);
      return Array.from({ length: count }, (_, index) => outcomeIn(after, index));
    } finally {
      closeSync(file);
    }
  });
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
