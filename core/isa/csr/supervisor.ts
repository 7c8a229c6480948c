/** Supervisor CSRs: what a guest kernel sees. Under KVM they are the VS registers. [Privileged ISA, Supervisor CSRs] */
import { bits, CsrTable } from './define.ts';

const SOFT = bits('1', 'SSI', 'Software interrupt.');
const TIMER = bits('5', 'STI', 'Timer interrupt.');
const EXTERNAL = bits('9', 'SEI', 'External interrupt.');
const OVERFLOW = bits('13', 'LCOFI', 'Counter overflow interrupt.');
const INTERRUPTS = [SOFT, TIMER, EXTERNAL, OVERFLOW];

const traps = new CsrTable('Privileged ISA, Supervisor CSRs', { guest: true })
  .add(0x100, 'sstatus', 'Where the hart stands: interrupts enabled, previous level, state of the register files.', {
    fields: [
      bits('1', 'SIE', 'Interrupts are taken in S-mode.'),
      bits('5', 'SPIE', 'SIE before the last trap.'),
      bits('6', 'UBE', 'U-mode data is big-endian.'),
      bits('8', 'SPP', 'Level before the last trap: 1 for S, 0 for U.'),
      bits('10:9', 'VS', 'State of the vector registers: off, initial, clean or dirty.'),
      bits('14:13', 'FS', 'State of the floating-point registers: off, initial, clean or dirty.'),
      bits('16:15', 'XS', 'State of other extensions.'),
      bits('18', 'SUM', 'S-mode may access pages of user programs.'),
      bits('19', 'MXR', 'Loads may read pages that are only executable.'),
      bits('33:32', 'UXL', 'Register width of U-mode.'),
      bits('63', 'SD', 'FS, VS or XS is dirty.'),
    ],
  })
  .add(0x104, 'sie', 'Interrupts that are enabled.', { fields: INTERRUPTS })
  .add(0x105, 'stvec', 'Address of the trap handler.', {
    fields: [
      bits('1:0', 'MODE', '0: every trap goes to BASE; 1: interrupts go to BASE + 4 x cause.'),
      bits('63:2', 'BASE', 'Address without its low two bits.'),
    ],
  })
  .add(0x106, 'scounteren', 'Counters that U-mode may read.', {
    fields: [
      bits('0', 'CY', 'cycle.'),
      bits('1', 'TM', 'time.'),
      bits('2', 'IR', 'instret.'),
      bits('31:3', 'HPM', 'hpmcounter3 to hpmcounter31.'),
    ],
  })
  .add(0x10a, 'senvcfg', 'What S-mode lets U-mode do: cache-block instructions, fences, pointer masking.', {
    fields: [
      bits('0', 'FIOM', 'U-mode fences of memory also order device accesses.'),
      bits('5:4', 'CBIE', 'Cache-block invalidation in U-mode.'),
      bits('6', 'CBCFE', 'Cache-block clean and flush in U-mode.'),
      bits('7', 'CBZE', 'Cache-block zero in U-mode.'),
      bits('33:32', 'PMM', 'Pointer masking in U-mode.'),
    ],
  })
  .add(0x140, 'sscratch', 'A word for the trap handler, by habit the kernel stack.')
  .add(0x141, 'sepc', 'Address of the instruction that trapped, and where sret goes.')
  .add(0x142, 'scause', 'Why the last trap was taken.', {
    fields: [bits('62:0', 'CODE', 'Cause.'), bits('63', 'INTERRUPT', '1 for an interrupt, 0 for an exception.')],
  })
  .add(0x143, 'stval', 'Address or instruction that the last trap is about.', { otherNames: ['sbadaddr'] })
  .add(0x144, 'sip', 'Interrupts that are pending.', { fields: INTERRUPTS })
  .add(0x180, 'satp', 'Root of the page table and how addresses are translated.', {
    otherNames: ['sptbr'],
    fields: [
      bits('43:0', 'PPN', 'Physical page number of the root table.'),
      bits('59:44', 'ASID', 'Address space identifier.'),
      bits('63:60', 'MODE', '0 none, 8 Sv39, 9 Sv48, 10 Sv57.'),
    ],
  });

const timer = new CsrTable('Sstc extension', { guest: true, requires: 'Sstc' }).add(
  0x14d,
  'stimecmp',
  'The timer interrupt is pending while time is at or past this value: no SBI call is needed.',
);

const stateEnable = new CsrTable('Privileged ISA, Ssstateen', { guest: true, requires: 'Ssstateen' }).series(
  0x10c,
  'sstateen{n}',
  0,
  3,
  'State that S-mode lets U-mode use, group {n}.',
);

const interrupts = new CsrTable('Advanced Interrupt Architecture, Supervisor-level CSRs', {
  guest: true,
  requires: 'Ssaia',
})
  .add(0x150, 'siselect', 'Chooses the register that sireg reaches.')
  .add(0x151, 'sireg', 'The register that siselect chose.')
  .add(0x15c, 'stopei', 'The most urgent external interrupt, of an IMSIC.')
  .add(0xdb0, 'stopi', 'The most urgent interrupt.');

const overflow = new CsrTable('Privileged ISA, Sscofpmf', { guest: true, requires: 'Sscofpmf' }).add(
  0xda0,
  'scountovf',
  'Which performance counters have overflowed.',
);

const upperHalves = new CsrTable('Privileged ISA, RV32', { rv32Only: true })
  .add(0x114, 'sieh', 'Upper 32 bits of sie.')
  .add(0x154, 'siph', 'Upper 32 bits of sip.')
  .add(0x15d, 'stimecmph', 'Upper 32 bits of stimecmp.');

const debug = new CsrTable('Debug specification').add(
  0x5a8,
  'scontext',
  'Context number of the running program, for debuggers.',
);

const withdrawn = new CsrTable('Privileged ISA 1.10, user-level interrupts', { withdrawn: true })
  .add(0x102, 'sedeleg', 'Exceptions delegated to U-mode.')
  .add(0x103, 'sideleg', 'Interrupts delegated to U-mode.');

export const supervisor = [traps, timer, stateEnable, interrupts, overflow, upperHalves, debug, withdrawn].flatMap(
  (t) => t.csrs,
);
