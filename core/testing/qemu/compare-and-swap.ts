/**
 * Programs about Zacas. The instructions are written field by field, as older assemblers do not know them. None has
 * x0 as rd: QEMU 10.0 then writes the constant that it takes x0 for.
 */
import { OUTSIDE_RAM, type Program, type Slot } from './layout.ts';
import { logged } from './traps.ts';

const AMO = 0x2f;
const CAS = 0x05 << 2;
const WIDTHS = { b: 0, h: 1, w: 2, d: 3, q: 4 } as const;

const amocas = (width: keyof typeof WIDTHS, rd: string, rs2: string, rs1: string): string =>
  `.insn r ${AMO}, ${WIDTHS[width]}, ${CAS}, ${rd}, ${rs1}, ${rs2}`;

const widths = Object.keys(WIDTHS) as (keyof typeof WIDTHS)[];

/** Two attempts: with what is there, beyond the width something else, then with what is there no more. */
const swap = (width: keyof typeof WIDTHS): string => `
    li a0, 0x8877665544332211
    li a1, 0xffeeddccbbaa9988
    sd a0, 0(t2)
    sd a1, 8(t2)
    li a2, 0x0123456789abcdef
    li a3, 0x1032547698badcfe
    mv a4, a0
    mv a5, a1
    ${amocas(width, 'a0', 'a2', 't2')}
    ${amocas(width, 'a4', 'a2', 't2')}
    xor s2, s2, a0
    xor s3, s3, a1
    xor s4, s4, a4
    xor s5, s5, a5
    addi t2, t2, 16`;

const area = (slot: Slot): string => `li t2, ${slot.data + 0x1000}\n`;

export function compareAndSwapPrograms(): Program[] {
  return [
    logged('compare-and-swap stores what was to be stored, once', (slot) => area(slot) + widths.map(swap).join('')),
    logged(
      'compare-and-swap compares no more than its width',
      (slot) => `
      ${area(slot)}
      li a2, 0x77
      .irp old, 0x80, 0x8000, 0x80000000, 0xffffffff80000000
      li a0, \\old
      sd a0, 0(t2)
      ${(['b', 'h', 'w', 'd'] as const)
        .map((width) => `li a1, 0x5a00000000000000\nor a1, a1, a0\n${amocas(width, 'a1', 'a2', 't2')}\nxor s2, s2, a1`)
        .join('\n')}
      addi t2, t2, 16
      .endr`,
    ),
    logged(
      'compare-and-swap of a pair takes both halves, and zeros for x0',
      (slot) => `
      ${area(slot)}
      li a0, 5
      li a1, 6
      li a2, 7
      li a3, 8
      sd a0, 0(t2)
      sd a3, 8(t2)
      ${amocas('q', 'a0', 'a2', 't2')}
      sd zero, 16(t2)
      sd zero, 24(t2)
      addi t3, t2, 16
      li a4, 0
      li a5, 0
      ${amocas('q', 'a4', 'a2', 't3')}
      ${amocas('q', 'a2', 'zero', 't3')}
      mv a4, a2
      mv a5, a3
      ${amocas('q', 'a2', 'a2', 't3')}
      mv t4, t3
      ${amocas('q', 't4', 'a0', 't4')}`,
    ),
    logged(
      'compare-and-swap of a pair that is no pair is illegal',
      (slot) => `${area(slot)}
      ${amocas('q', 'a1', 'a2', 't2')}
      ${amocas('q', 'a0', 'a3', 't2')}
      ${amocas('q', 'ra', 'ra', 't2')}`,
    ),
    logged(
      'misaligned compare-and-swap faults',
      (slot) => `${area(slot)}
      .irp at, 1, 2, 4, 8
      addi t3, t2, \\at
      ${widths.map((width) => amocas(width, 'a0', 'a2', 't3')).join('\n')}
      .endr`,
    ),
    {
      name: 'a compare-and-swap outside RAM',
      text: () => `li t2, ${OUTSIDE_RAM}\n${amocas('d', 'a0', 'a2', 't2')}\necall\n`,
    },
  ];
}
