/**
 * Bare-metal images: assembled by GNU as, run by QEMU's virt machine from reset to poweroff. Guest RAM is a file, so
 * that the image goes in and what the run left comes out without any device.
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
import { RAM_BASE } from './layout.ts';

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

/** The bytes to lie at `RAM_BASE`. Throws with the assembler's words. */
export function assembleImage(source: string, march: string): Uint8Array {
  return inFolder((folder) => {
    const text = join(folder, 'image.s');
    const object = join(folder, 'image.o');
    const linked = join(folder, 'image.elf');
    writeFileSync(text, source);
    execFileSync(tool('as'), [`-march=${march}`, '-mno-relax', '-o', object, text]);
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

export interface BareMachine {
  /** QEMU's name of the processor, with properties. */
  readonly cpu: string;
  readonly processors: number;
  readonly ramBytes: number;
  /** For the whole run, should the image go astray. */
  readonly timeoutMs: number;
  /** The program to run; QEMU as the machine has it when left out. */
  readonly qemu?: string;
}

/** Runs an image until it powers the machine off, and gives `length` bytes of RAM from its start. */
export function runImage(image: Uint8Array, machine: BareMachine, length: number): Uint8Array {
  return inFolder((folder) => {
    const ram = join(folder, 'ram');
    writeFileSync(ram, image);
    const file = openSync(ram, 'r+');
    try {
      ftruncateSync(file, machine.ramBytes);
      const backend = `memory-backend-file,id=ram,mem-path=${ram},size=${machine.ramBytes},share=on`;
      const board = ['-M', 'virt,memory-backend=ram', '-object', backend, '-cpu', machine.cpu, '-bios', 'none'];
      const size = ['-m', `${machine.ramBytes >> 20}M`, '-smp', `${machine.processors}`];
      const quiet = ['-display', 'none', '-serial', 'none', '-monitor', 'none', '-nodefaults'];
      execFileSync(machine.qemu ?? tool('qemu'), [...board, ...size, ...quiet], { timeout: machine.timeoutMs });
      const after = new Uint8Array(length);
      readSync(file, after, 0, length, 0);
      return after;
    } finally {
      closeSync(file);
    }
  });
}
