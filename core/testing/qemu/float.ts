/** Programs about the state of floating point: off, dirty, rounding modes that are reserved, fcsr. */
import { HANDLER, type Program } from './layout.ts';

const word = (value: number): string => `.4byte 0x${(value >>> 0).toString(16)}\n`;

/** Keeps sstatus after each of `lines`, with the handler at work; U level cannot read it, so it ends there. */
function stepwise(name: string, fs: number, lines: readonly string[]): Program {
  const steps = lines.map((line, index) => `${line}\n csrr t1, sstatus\n sd t1, ${8 * index}(s0)`);
  return {
    name,
    text: (slot) => `li tp, ${slot.data}
      li s0, ${slot.data + 0x2000}
      li sp, ${slot.data + 0x2000}
      li t0, ${HANDLER}
      csrw stvec, t0
      li t0, ${fs << 13}
      csrs sstatus, t0
      ${steps.join('\n')}
      ecall`,
  };
}

const CLEAN_AGAIN = 'li t1, 0x2000\n csrc sstatus, t1';

/** With registers and fcsr zero nothing here accrues an exception but what writes an f register too. */
const INSTRUCTIONS = [
  'fadd.d fa0, fa1, fa2',
  'fadd.s fa0, fa1, fa2',
  'fmadd.d fa0, fa1, fa2, fa3',
  'fdiv.d fa0, fa1, fa2',
  'fsgnj.d fa0, fa1, fa2',
  'fmin.s fa0, fa1, fa2',
  'fcvt.d.w fa0, a0',
  'fcvt.s.d fa0, fa1',
  'fmv.w.x fa0, a0',
  'fmv.d.x fa0, a0',
  'fld fa0, 0(s0)',
  'flw fa0, 0(s0)',
  '.2byte 0x2008 # c.fld fa0, 0(s0)',
  '.2byte 0x2502 # c.fldsp fa0, 0(sp)',
  'feq.d a0, fa1, fa2',
  'fle.d a0, fs1, fs2',
  'fclass.d a0, fa1',
  'fcvt.w.d a0, fs1',
  'fmv.x.d a0, fa1',
  'fmv.x.w a0, fa1',
  'fsd fs1, 512(s0)',
  'fsw fs1, 512(s0)',
  '.2byte 0xa008 # c.fsd fa0, 0(s0)',
  'frcsr a0',
  'frrm a0',
  'frflags a0',
  'csrr a0, fcsr',
  'csrci fcsr, 0',
  'fscsr a0',
  'fsrm a0',
  'fsflagsi 3',
  'csrsi fcsr, 1',
];

const STATES = ['off', 'initial', 'clean', 'dirty'];
const STATE_PROGRAMS = STATES.map((state, fs) =>
  stepwise(
    `floating point that is ${state}`,
    fs,
    INSTRUCTIONS.flatMap((line) => (fs === 2 ? [line, CLEAN_AGAIN] : [line])),
  ),
);

const USER = STATES.flatMap((state, fs): Program[] => [
  {
    name: `floating point that is ${state}, at U level`,
    text: (slot) => `li tp, ${slot.data}
      li s0, ${slot.data + 0x2000}
      li sp, ${slot.data + 0x2000}
      li t0, ${HANDLER}
      csrw stvec, t0
      li t0, ${fs << 13}
      csrs sstatus, t0
      li t0, 1 << 8
      csrc sstatus, t0
      la t0, 70f
      csrw sepc, t0
      sret
70:   ${INSTRUCTIONS.join('\n')}
      ecall`,
  },
]);

const RM = 12;
/** fadd.s, fcvt.d.w (which never rounds), fcvt.w.d, fsqrt.d, fmadd.d, fcvt.s.d and fcvt.d.s, with rm zero. */
const WITH_RM = [0x00c58553, 0xd2050553, 0xc2058553, 0x5a058553, 0x6ac58543, 0x40158553, 0x42058553];
const MODES = [0, 1, 2, 3, 4, 5, 6, 7];
const roundings = MODES.map((frm) =>
  stepwise(`every rounding mode while frm is ${frm}`, 3, [
    `fsrmi ${frm}`,
    ...WITH_RM.flatMap((code) => MODES.map((rm) => word(code | (rm << RM)))),
  ]),
);

const fcsr = ['fflags', 'frm', 'fcsr'].map((csr) =>
  stepwise(
    `what can be written to ${csr}`,
    3,
    ['-1', '0', '0x55', '0xaa', '0x5555555555555555'].flatMap((value) => [
      `li a0, ${value}\n csrrw a1, ${csr}, a0\n csrr a2, fcsr\n sd a1, 1024(s0)\n sd a2, 1032(s0)`,
      `csrrc a3, ${csr}, a0\n csrrs a4, ${csr}, a0\n sd a3, 1040(s0)\n sd a4, 1048(s0)`,
    ]),
  ),
);

/** They leave FS off where they do not say otherwise. */
export function floatPrograms(): Program[] {
  return [...STATE_PROGRAMS, ...USER, ...roundings, ...fcsr];
}
