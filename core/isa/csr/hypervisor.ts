/** Hypervisor CSRs and the VS copies that a guest sees under supervisor names; a guest itself cannot reach them. [Privileged ISA, H] */
import { bits, CsrTable } from './define.ts';

const control = new CsrTable('Privileged ISA, H', { requires: 'H' })
  .add(0x600, 'hstatus', 'State of virtualization: previous mode, guest interrupts, what traps from VS-mode.', {
    fields: [
      bits('6', 'GVA', 'stval holds a guest-virtual address.'),
      bits('7', 'SPV', 'The last trap came from a guest.'),
      bits('8', 'SPVP', 'Guest level before the last trap.'),
      bits('9', 'HU', 'U-mode may use hypervisor loads and stores.'),
      bits('17:12', 'VGEIN', 'Guest external interrupt file in use.'),
      bits('20', 'VTVM', 'Address-translation instructions of the guest trap.'),
      bits('21', 'VTW', 'wfi of the guest traps.'),
      bits('22', 'VTSR', 'sret of the guest traps.'),
      bits('33:32', 'VSXL', 'Register width of VS-mode.'),
    ],
  })
  .add(0x602, 'hedeleg', 'Exceptions that a guest handles itself.')
  .add(0x603, 'hideleg', 'Interrupts that a guest handles itself.')
  .add(0x604, 'hie', 'Enabled interrupts of the hypervisor and its guests.')
  .add(0x605, 'htimedelta', 'Added to time when a guest reads it.')
  .add(0x606, 'hcounteren', 'Counters that a guest may read.')
  .add(0x607, 'hgeie', 'Guest external interrupts that are enabled.')
  .add(0x60a, 'henvcfg', 'What a guest may do: Sstc, cache-block instructions, page-based memory types.')
  .series(0x60c, 'hstateen{n}', 0, 3, 'State that a guest may use, group {n}.')
  .add(0x643, 'htval', 'Guest-physical address of a guest-page fault, shifted right by 2.')
  .add(0x644, 'hip', 'Pending interrupts of the hypervisor and its guests.')
  .add(0x645, 'hvip', 'Interrupts that the hypervisor injects into the guest.')
  .add(0x64a, 'htinst', 'The instruction that trapped, transformed.')
  .add(0x680, 'hgatp', 'Root of the second-stage page table.')
  .add(0x6a8, 'hcontext', 'Context number of the running guest, for debuggers.')
  .add(0xe12, 'hgeip', 'Guest external interrupts that are pending.');

const interrupts = new CsrTable('Advanced Interrupt Architecture, H', { requires: 'H' })
  .add(0x608, 'hvien', 'Interrupts that can be injected beyond the standard ones.')
  .add(0x609, 'hvictl', 'Control of injected interrupts.')
  .add(0x646, 'hviprio1', 'Priorities of injected interrupts, part 1.')
  .add(0x647, 'hviprio2', 'Priorities of injected interrupts, part 2.');

const guest = new CsrTable('Privileged ISA, H: virtual supervisor CSRs', { requires: 'H' })
  .add(0x200, 'vsstatus', 'sstatus of the guest.')
  .add(0x204, 'vsie', 'sie of the guest.')
  .add(0x205, 'vstvec', 'stvec of the guest.')
  .add(0x240, 'vsscratch', 'sscratch of the guest.')
  .add(0x241, 'vsepc', 'sepc of the guest.')
  .add(0x242, 'vscause', 'scause of the guest.')
  .add(0x243, 'vstval', 'stval of the guest.')
  .add(0x244, 'vsip', 'sip of the guest.')
  .add(0x24d, 'vstimecmp', 'stimecmp of the guest.')
  .add(0x250, 'vsiselect', 'siselect of the guest.')
  .add(0x251, 'vsireg', 'sireg of the guest.')
  .add(0x25c, 'vstopei', 'stopei of the guest.')
  .add(0x280, 'vsatp', 'satp of the guest.')
  .add(0xeb0, 'vstopi', 'stopi of the guest.');

const upperHalves = new CsrTable('Privileged ISA, H, RV32', { rv32Only: true })
  .add(0x214, 'vsieh', 'Upper 32 bits of vsie.')
  .add(0x254, 'vsiph', 'Upper 32 bits of vsip.')
  .add(0x25d, 'vstimecmph', 'Upper 32 bits of vstimecmp.')
  .add(0x613, 'hidelegh', 'Upper 32 bits of hideleg.')
  .add(0x615, 'htimedeltah', 'Upper 32 bits of htimedelta.')
  .add(0x618, 'hvienh', 'Upper 32 bits of hvien.')
  .add(0x61a, 'henvcfgh', 'Upper 32 bits of henvcfg.')
  .series(0x61c, 'hstateen{n}h', 0, 3, 'Upper 32 bits of hstateen{n}.')
  .add(0x655, 'hviph', 'Upper 32 bits of hvip.')
  .add(0x656, 'hviprio1h', 'Upper 32 bits of hviprio1.')
  .add(0x657, 'hviprio2h', 'Upper 32 bits of hviprio2.');

export const hypervisor = [control, interrupts, guest, upperHalves].flatMap((t) => t.csrs);
