/** Where we differ from GNU as 2.44 on purpose, with the reason. A test checks that each one does differ. */

export interface Difference {
  readonly source: string;
  /** What GNU does with it: refuses it, warns, or makes other bytes. */
  readonly gnu: 'refuses' | 'other bytes';
  /** Whether we accept it. */
  readonly ours: 'accepts' | 'refuses';
  readonly because: string;
}

export const DIFFERENCES: readonly Difference[] = [
  { source: '.rodata\n.byte 1', gnu: 'refuses', ours: 'accepts', because: 'people write it, and its meaning is clear' },
  { source: '.sdata\n.byte 1', gnu: 'refuses', ours: 'accepts', because: 'as .rodata' },
  { source: '.sbss\n.zero 1', gnu: 'refuses', ours: 'accepts', because: 'as .rodata' },
  {
    source: 'nop // comment',
    gnu: 'refuses',
    ours: 'accepts',
    because: 'comments of this kind are common in .S files, where the preprocessor removes them',
  },
  {
    source: 'addi a0, a0, later\nlater = 5',
    gnu: 'refuses',
    ours: 'accepts',
    because: 'the value is known in the end, and the instruction has room for it',
  },
  {
    source: '1: nop\nj 01b',
    gnu: 'refuses',
    ours: 'accepts',
    because: 'a label of digits is a number however it is written',
  },
  {
    source: '.uleb128 1, 2',
    gnu: 'refuses',
    ours: 'accepts',
    because: 'lists work with every other data directive',
  },
  {
    source: 'lw a0, a1',
    gnu: 'other bytes',
    ours: 'refuses',
    because: 'GNU as takes the register for a symbol called a1; meant is 0(a1)',
  },
  {
    source: '.float 1.80e10',
    gnu: 'other bytes',
    ours: 'accepts',
    because: 'it lies in the middle of two numbers, of which GNU as takes the greater and IEEE 754 the even one',
  },
  {
    source: 'fcvt.d.w fa0, a0, rtz',
    gnu: 'refuses',
    ours: 'accepts',
    because: 'the encoding has the field, though nothing is ever rounded; other assemblers write it',
  },
  {
    source: 'sfence.vm',
    gnu: 'other bytes',
    ours: 'accepts',
    because: 'the instruction of that name is gone from the ISA; the table keeps the spelling for sfence.vma',
  },
  {
    source: '.include "other.s"',
    gnu: 'refuses',
    ours: 'refuses',
    because: 'a program here is one text; GNU as refuses only when the file is missing',
  },
  { source: '.incbin "other.bin"', gnu: 'refuses', ours: 'refuses', because: 'as .include' },
  {
    source: '.option pic\nla a0, x\nx: nop',
    gnu: 'other bytes',
    ours: 'refuses',
    because: 'there is no dynamic linker and no global offset table',
  },
];
