import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8, viewOf } from '../base/bytes.ts';
import { linkedByGnu } from '../testing/gnu.ts';
import { toolOrSkip } from '../testing/tools.ts';
import { isLinuxImage } from './image.ts';
import { type PlacedImage, place, recognise } from './load.ts';

const RAM = 0x8000_0000n;
const MIB = 0x10_0000n;

const message = (result: ReturnType<typeof place>) => ('problem' in result ? result.problem.message : null);
const placed = (result: ReturnType<typeof place>): PlacedImage => {
  if ('problem' in result) throw new Error(result.problem.message);
  return result;
};

/** A Linux Image header over `length` bytes. */
function linuxImage(length: number, fields: { textOffset?: bigint; imageSize?: bigint; flags?: bigint } = {}) {
  const bytes = new Uint8Array(length);
  const view = viewOf(bytes);
  view.setBigUint64(8, fields.textOffset ?? 0x20_0000n, true);
  view.setBigUint64(16, fields.imageSize ?? BigInt(length), true);
  view.setBigUint64(24, fields.flags ?? 0n, true);
  bytes.set(utf8('RISCV'), 48);
  bytes.set(utf8('RSC\x05'), 56);
  return bytes;
}

interface Program {
  readonly address: bigint;
  readonly virtual?: bigint;
  readonly bytes: Uint8Array;
  readonly size?: bigint;
  readonly type?: number;
}

function elf(programs: readonly Program[], change: (view: DataView) => void = () => {}, entry = programs[0]?.address) {
  const table = 64 + 56 * programs.length;
  const bytes = new Uint8Array(table + programs.reduce((sum, p) => sum + p.bytes.length, 0));
  const view = viewOf(bytes);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 243, true);
  view.setBigUint64(24, entry ?? 0n, true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, programs.length, true);
  let offset = table;
  programs.forEach((program, i) => {
    const at = 64 + 56 * i;
    view.setUint32(at, program.type ?? 1, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    view.setBigUint64(at + 16, program.virtual ?? program.address, true);
    view.setBigUint64(at + 24, program.address, true);
    view.setBigUint64(at + 32, BigInt(program.bytes.length), true);
    view.setBigUint64(at + 40, program.size ?? BigInt(program.bytes.length), true);
    bytes.set(program.bytes, offset);
    offset += program.bytes.length;
  });
  change(view);
  return bytes;
}

const CODE = Uint8Array.of(0x13, 0, 0, 0, 0x73, 0, 0, 0);
const GOOD = [{ address: RAM + 2n * MIB, bytes: CODE }];

describe('recognising an image', () => {
  it.each([
    ['elf', elf(GOOD)],
    ['linux', linuxImage(64)],
    ['flat', CODE],
    ['flat', Uint8Array.of(0)],
  ])('takes it for %s', (kind, bytes) => {
    expect(recognise(bytes)).toBe(kind);
  });

  it.each([
    [[0x1f, 0x8b, 8], 'gzip', 'gunzip'],
    [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], 'xz', 'unxz'],
    [[0x28, 0xb5, 0x2f, 0xfd], 'zstd', 'unzstd'],
  ])('says that it is compressed and how to unpack it (%#)', (start, name, tool) => {
    expect(recognise(Uint8Array.from(start))).toEqual({
      problem: { code: 'image', message: `the image is compressed with ${name}`, hint: `unpack it first: ${tool}` },
    });
  });

  it('refuses an empty file, an arm64 kernel and a self-unpacking EFI kernel', () => {
    const arm = linuxImage(64);
    arm.fill(0, 48);
    arm.set(utf8('ARM\x64'), 56);
    const zboot = utf8('MZ\0\0zimg more');
    expect(message(place(new Uint8Array(0), RAM, 64n * MIB))).toBe('the image is empty');
    expect(message(place(arm, RAM, 64n * MIB))).toContain('arm64');
    expect(message(place(zboot, RAM, 64n * MIB))).toContain('EFI');
  });
});

describe('placing an image', () => {
  it('puts a flat binary 2 MiB above the start of RAM', () => {
    expect(placed(place(CODE, RAM, 16n * MIB))).toEqual({
      kind: 'flat',
      segments: [{ address: 0x8020_0000n, bytes: CODE, size: 8n }],
      entry: 0x8020_0000n,
      symbols: [],
      end: 0x8020_0008n,
    });
  });

  it('puts a Linux Image at its text offset and counts the memory it claims', () => {
    const image = placed(place(linuxImage(128, { textOffset: 0x40_0000n, imageSize: MIB }), RAM, 16n * MIB));
    expect([image.kind, image.entry, image.end]).toEqual(['linux', 0x8040_0000n, 0x8050_0000n]);
    expect(isLinuxImage(CODE)).toBe(false);
    expect(message(place(linuxImage(64, { flags: 1n }), RAM, 16n * MIB))).toContain('big-endian');
  });

  it('enters a kernel that is linked at virtual addresses at the physical one', () => {
    const virtual = 0xffff_ffff_8000_0000n;
    const image = place(
      elf([{ address: RAM + 2n * MIB, virtual, bytes: CODE }], undefined, virtual + 4n),
      RAM,
      16n * MIB,
    );
    expect(placed(image).entry).toBe(0x8020_0004n);
  });

  it.each<[string, Uint8Array]>([
    ['cut off: 63 bytes', elf(GOOD).slice(0, 63)],
    ['not a 64-bit ELF file (class 1 at offset 0x4)', elf(GOOD, (v) => v.setUint8(4, 1))],
    ['not a little-endian ELF file (data encoding 2 at offset 0x5)', elf(GOOD, (v) => v.setUint8(5, 2))],
    ['not for RISC-V: machine 62 at offset 0x12', elf(GOOD, (v) => v.setUint16(18, 62, true))],
    ['is an object file (type 1 at offset 0x10)', elf(GOOD, (v) => v.setUint16(16, 1, true))],
    ['is position-independent (type 3 at offset 0x10)', elf(GOOD, (v) => v.setUint16(16, 3, true))],
    [
      'cut off at offset 0x80: the program headers should reach 0x380008',
      elf(GOOD, (v) => v.setUint16(56, 0xffff, true)),
    ],
    ['cut off at offset 0x7f: segment 0 (program header at offset 0x40) should reach 0x80', elf(GOOD).slice(0, -1)],
    ['has more bytes in the file, 0x8, than in memory, 0x4', elf([{ ...GOOD[0]!, size: 4n }])],
    ['asks for a dynamic linker', elf([...GOOD, { address: 0n, bytes: CODE, type: 3 }])],
    ['nothing to load', elf([{ ...GOOD[0]!, type: 4 }])],
    ['entry 0x1234 (offset 0x18) is in no loaded segment', elf(GOOD, undefined, 0x1234n)],
    ['overlaps the one from 0x80200000 to 0x80200008', elf([...GOOD, { address: 0x8020_0004n, bytes: CODE }])],
    ['lies below RAM', elf([{ address: 0x1_0000n, bytes: CODE }])],
    ['far outside RAM', elf([{ address: 1n << 60n, bytes: CODE }])],
    ['does not fit in RAM', elf([{ ...GOOD[0]!, size: 64n * MIB }])],
    ['larger than any guest', elf([{ ...GOOD[0]!, size: 1n << 63n }])],
    ['the entry 0x80200001 is odd', elf(GOOD, undefined, 0x8020_0001n)],
  ])('says of a bad ELF file: %s', (words, bytes) => {
    expect(message(place(bytes, RAM, 16n * MIB))).toContain(words);
  });

  it('tells text from a flat binary', () => {
    const text = new TextEncoder().encode('_start: li a0, 1 # größer\n\tecall\r\n');
    expect(message(place(text, RAM, 16n * MIB))).toContain('is text');
    expect(place(Uint8Array.of(0x73, 0, 0, 0), RAM, 16n * MIB)).toMatchObject({ kind: 'flat' });
  });

  it('tells a guest that needs more memory how much', () => {
    const result = place(elf([{ ...GOOD[0]!, size: 20n * MIB }]), RAM, 16n * MIB);
    expect(result).toMatchObject({ problem: { code: 'memory', hint: 'give the guest more than 22 MiB' } });
  });

  it('never throws, whatever the bytes', () => {
    const base = elf([...GOOD, { address: 0x8040_0000n, bytes: CODE }]);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(base.length),
        (changes, cut) => {
          const bytes = base.slice(0, cut);
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          const result = place(bytes, RAM, 16n * MIB);
          if ('problem' in result) expect(result.problem.message).not.toBe('');
          else for (const segment of result.segments) expect(segment.address).toBeGreaterThanOrEqual(RAM);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const as = toolOrSkip('as');
const ld = toolOrSkip('ld');

describe('an ELF file that GNU ld made', () => {
  it.skipIf(as.path === null || ld.path === null)('gives segments, entry and symbols', () => {
    const source = '.globl _start\nnop\n_start: ebreak\nfoo: nop\n.data\nvalue: .dword 7\n.bss\nroom: .skip 4096\n';
    const image = placed(place(linkedByGnu({ as: as.path!, ld: ld.path! }, source), RAM, 16n * MIB));
    expect(image.entry).toBe(0x8020_0002n);
    expect(image.symbols).toEqual(
      expect.arrayContaining([
        { name: '_start', address: 0x8020_0002n },
        { name: 'foo', address: 0x8020_0004n },
      ]),
    );
    expect(image.symbols.map((symbol) => symbol.name)).not.toContain('$xrv64i2p1');
    const value = image.symbols.find((symbol) => symbol.name === 'value')!;
    const home = image.segments.find((s) => value.address >= s.address && value.address < s.address + s.size)!;
    expect(home.bytes[Number(value.address - home.address)]).toBe(7);
    expect(image.end).toBeGreaterThanOrEqual(image.symbols.find((symbol) => symbol.name === 'room')!.address + 4096n);
  });
});
