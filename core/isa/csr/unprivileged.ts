/** CSRs of U-mode: floating point, vector, entropy and the counters. [Privileged ISA, CSR listing; Unprivileged ISA, F, V, Zicntr, Zihpm] */
import { bits, CsrTable } from './define.ts';

const NX = bits('0', 'NX', 'Inexact.');
const UF = bits('1', 'UF', 'Underflow.');
const OF = bits('2', 'OF', 'Overflow.');
const DZ = bits('3', 'DZ', 'Division by zero.');
const NV = bits('4', 'NV', 'Invalid operation.');
const FLAGS = [NX, UF, OF, DZ, NV];

const float = new CsrTable('Unprivileged ISA, F', { guest: true, requires: 'F' })
  .add(0x001, 'fflags', 'Accrued exceptions of floating point.', { fields: FLAGS })
  .add(0x002, 'frm', 'Dynamic rounding mode.', { fields: [bits('2:0', 'FRM', 'Rounding mode.')] })
  .add(0x003, 'fcsr', 'Rounding mode and accrued exceptions together.', {
    fields: [...FLAGS, bits('7:5', 'FRM', 'Rounding mode.')],
  });

const vector = new CsrTable('Unprivileged ISA, V', { guest: true, requires: 'V' })
  .add(0x008, 'vstart', 'Index of the first element that a vector instruction works on.')
  .add(0x009, 'vxsat', 'Whether a fixed-point result was saturated.')
  .add(0x00a, 'vxrm', 'Rounding mode of fixed-point results.')
  .add(0x00f, 'vcsr', 'vxrm and vxsat together.')
  .add(0xc20, 'vl', 'Number of elements that vector instructions work on.')
  .add(0xc21, 'vtype', 'Element width, grouping and tail policy.')
  .add(0xc22, 'vlenb', 'Bytes of a vector register.');

const entropy = new CsrTable('Unprivileged ISA, Zkr', { guest: true, requires: 'Zkr' }).add(
  0x015,
  'seed',
  'Gives 16 bits of entropy; it must be read with a write.',
  {
    fields: [
      bits('15:0', 'ENTROPY', 'Random bits, when OPST is ES16.'),
      bits('31:30', 'OPST', 'BIST, WAIT, ES16 or DEAD.'),
    ],
  },
);

const counters = new CsrTable('Unprivileged ISA, Zicntr', { guest: true, requires: 'Zicntr' })
  .add(0xc00, 'cycle', 'Clock cycles since some time in the past.')
  .add(0xc01, 'time', 'Ticks of the timebase since some time in the past.')
  .add(0xc02, 'instret', 'Instructions retired by this hart.');

const hpm = new CsrTable('Unprivileged ISA, Zihpm', { guest: true, requires: 'Zihpm' }).series(
  0xc03,
  'hpmcounter{n}',
  3,
  31,
  'Performance counter {n}, counting what machine level chose.',
);

const upperHalves = new CsrTable('Unprivileged ISA, Zicntr and Zihpm', { rv32Only: true })
  .add(0xc80, 'cycleh', 'Upper 32 bits of cycle.')
  .add(0xc81, 'timeh', 'Upper 32 bits of time.')
  .add(0xc82, 'instreth', 'Upper 32 bits of instret.')
  .series(0xc83, 'hpmcounter{n}h', 3, 31, 'Upper 32 bits of hpmcounter{n}.');

const userTraps = new CsrTable('Privileged ISA 1.10, user-level interrupts', { withdrawn: true })
  .add(0x000, 'ustatus', 'Status of user-level traps.')
  .add(0x004, 'uie', 'Enabled user-level interrupts.')
  .add(0x005, 'utvec', 'Address of the user-level trap handler.')
  .add(0x040, 'uscratch', 'Scratch register of the user-level trap handler.')
  .add(0x041, 'uepc', 'Where a user-level trap came from.')
  .add(0x042, 'ucause', 'Why a user-level trap was taken.')
  .add(0x043, 'utval', 'Address or instruction of a user-level trap.', { otherNames: ['ubadaddr'] })
  .add(0x044, 'uip', 'Pending user-level interrupts.');

export const unprivileged = [float, vector, entropy, counters, hpm, upperHalves, userTraps].flatMap((t) => t.csrs);
