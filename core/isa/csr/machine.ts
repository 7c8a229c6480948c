/** Machine-level and debug CSRs: known by name to the assembler, absent for a guest. [Privileged ISA, Machine-level CSRs; Debug specification] */
import { CsrTable } from './define.ts';

const identity = new CsrTable('Privileged ISA, Machine information registers')
  .add(0xf11, 'mvendorid', 'Vendor of the core. A guest asks for it by SBI BASE.')
  .add(0xf12, 'marchid', 'Microarchitecture of the core. A guest asks for it by SBI BASE.')
  .add(0xf13, 'mimpid', 'Version of the implementation. A guest asks for it by SBI BASE.')
  .add(0xf14, 'mhartid', 'Number of this hart. A guest receives it in a0 at start.')
  .add(0xf15, 'mconfigptr', 'Address of a description of the platform.');

const traps = new CsrTable('Privileged ISA, Machine-level CSRs')
  .add(0x300, 'mstatus', 'Where the hart stands, at machine level.')
  .add(0x301, 'misa', 'Single-letter extensions and register width.')
  .add(0x302, 'medeleg', 'Exceptions that S-mode handles.')
  .add(0x303, 'mideleg', 'Interrupts that S-mode handles.')
  .add(0x304, 'mie', 'Interrupts that are enabled.')
  .add(0x305, 'mtvec', 'Address of the machine trap handler.')
  .add(0x306, 'mcounteren', 'Counters that S-mode may read.')
  .add(0x308, 'mvien', 'Interrupts that machine level can inject.')
  .add(0x309, 'mvip', 'Interrupts that machine level injects.')
  .add(0x30a, 'menvcfg', 'What machine level lets lower levels do.')
  .series(0x30c, 'mstateen{n}', 0, 3, 'State that machine level lets lower levels use, group {n}.')
  .add(0x340, 'mscratch', 'A word for the machine trap handler.')
  .add(0x341, 'mepc', 'Where a machine trap came from.')
  .add(0x342, 'mcause', 'Why a machine trap was taken.')
  .add(0x343, 'mtval', 'Address or instruction of a machine trap.', { otherNames: ['mbadaddr'] })
  .add(0x344, 'mip', 'Interrupts that are pending.')
  .add(0x34a, 'mtinst', 'The instruction that trapped, transformed.')
  .add(0x34b, 'mtval2', 'Guest-physical address of a guest-page fault, shifted right by 2.')
  .add(0x350, 'miselect', 'Chooses the register that mireg reaches.')
  .add(0x351, 'mireg', 'The register that miselect chose.')
  .add(0x35c, 'mtopei', 'The most urgent external interrupt.')
  .add(0xfb0, 'mtopi', 'The most urgent interrupt.')
  .add(0x747, 'mseccfg', 'Security configuration.');

const protection = new CsrTable('Privileged ISA, Physical memory protection')
  .series(0x3a0, 'pmpcfg{n}', 0, 15, 'Permissions of protected regions, part {n}.')
  .series(0x3b0, 'pmpaddr{n}', 0, 63, 'Address of protected region {n}.');

const counters = new CsrTable('Privileged ISA, Hardware performance monitor')
  .add(0x320, 'mcountinhibit', 'Counters that stand still.', { otherNames: ['mucounteren'] })
  .series(0x323, 'mhpmevent{n}', 3, 31, 'What performance counter {n} counts.')
  .add(0xb00, 'mcycle', 'Clock cycles.')
  .add(0xb02, 'minstret', 'Instructions retired.')
  .series(0xb03, 'mhpmcounter{n}', 3, 31, 'Performance counter {n}.');

const debug = new CsrTable('Debug specification')
  .add(0x7a0, 'tselect', 'Chooses a trigger.')
  .add(0x7a1, 'tdata1', 'Kind and settings of the trigger.', {
    otherNames: ['mcontrol', 'mcontrol6', 'icount', 'itrigger', 'etrigger', 'tmexttrigger'],
  })
  .add(0x7a2, 'tdata2', 'Value that the trigger compares with.')
  .add(0x7a3, 'tdata3', 'More conditions of the trigger.', { otherNames: ['textra32', 'textra64'] })
  .add(0x7a4, 'tinfo', 'Kinds of trigger supported.')
  .add(0x7a5, 'tcontrol', 'Enables triggers at machine level.')
  .add(0x7a8, 'mcontext', 'Context number, for debuggers.')
  .add(0x7aa, 'mscontext', 'Context number of the running program, for debuggers.')
  .add(0x7b0, 'dcsr', 'Control and status of debug mode.')
  .add(0x7b1, 'dpc', 'Where debug mode came from.')
  .add(0x7b2, 'dscratch0', 'A word for the debugger.', { otherNames: ['dscratch'] })
  .add(0x7b3, 'dscratch1', 'Another word for the debugger.');

const upperHalves = new CsrTable('Privileged ISA, RV32', { rv32Only: true })
  .add(0x310, 'mstatush', 'Upper 32 bits of mstatus.')
  .add(0x313, 'midelegh', 'Upper 32 bits of mideleg.')
  .add(0x314, 'mieh', 'Upper 32 bits of mie.')
  .add(0x318, 'mvienh', 'Upper 32 bits of mvien.')
  .add(0x319, 'mviph', 'Upper 32 bits of mvip.')
  .add(0x31a, 'menvcfgh', 'Upper 32 bits of menvcfg.')
  .series(0x31c, 'mstateen{n}h', 0, 3, 'Upper 32 bits of mstateen{n}.')
  .add(0x354, 'miph', 'Upper 32 bits of mip.')
  .series(0x723, 'mhpmevent{n}h', 3, 31, 'Upper 32 bits of mhpmevent{n}.')
  .add(0x757, 'mseccfgh', 'Upper 32 bits of mseccfg.')
  .add(0xb80, 'mcycleh', 'Upper 32 bits of mcycle.')
  .add(0xb82, 'minstreth', 'Upper 32 bits of minstret.')
  .series(0xb83, 'mhpmcounter{n}h', 3, 31, 'Upper 32 bits of mhpmcounter{n}.');

const withdrawn = new CsrTable('Privileged ISA 1.9.1', { withdrawn: true })
  .add(0x321, 'mscounteren', 'Counters that S-mode may read, in an older numbering.')
  .add(0x322, 'mhcounteren', 'Counters that hypervisors may read, in an older numbering.')
  .add(0x380, 'mbase', 'Base of a segment.')
  .add(0x381, 'mbound', 'Bound of a segment.')
  .add(0x382, 'mibase', 'Base of the instruction segment.')
  .add(0x383, 'mibound', 'Bound of the instruction segment.')
  .add(0x384, 'mdbase', 'Base of the data segment.')
  .add(0x385, 'mdbound', 'Bound of the data segment.');

export const machine = [identity, traps, protection, counters, debug, upperHalves, withdrawn].flatMap((t) => t.csrs);
