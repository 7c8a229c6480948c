/**
 * Guests whose images are too large for a link or for the repository: they are built apart (see
 * `core/cli/guests`) into a folder beside the page. Data only: cheap to import.
 */

import type { TryThis } from './examples/types.ts';

export interface SystemGuest {
  /** In links and on the command line; never changed once released. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences. */
  readonly says: string;
  readonly tryThis: readonly TryThis[];
  /** Folder of its manifest and images, from where the page is served. */
  readonly folder: string;
  /** Boot arguments that it is started with unless others are chosen. */
  readonly bootargs: string;
  /** MiB of RAM that it boots in without want. */
  readonly memory: number;
  /** What its programs are compiled for, beyond what every machine has. */
  readonly isa: readonly string[];
  /** Makes its images; for the words when they are absent. */
  readonly command: string;
}

const RV64GC = ['M', 'A', 'F', 'D', 'C', 'Zicntr', 'Zicsr', 'Zifencei'];

const linux: SystemGuest = {
  id: 'linux',
  title: 'Linux 6.12',
  says: 'A small Linux kernel and a BusyBox shell. Its console is hvc0: the shell writes and reads through DBCN.',
  tryThis: [
    {
      text: 'Boot four harts. Linux starts them by HSM hart_start, and they wake each other by IPI.',
      patch: { harts: 4 },
    },
    {
      text: 'Let KVM answer DBCN. The console is the same, and a write costs a trap instead of an exit to the VMM.',
      patch: { sbi: { DBCN: 'kvm' } },
    },
    {
      text: 'Take Sstc away. Each timer is then an SBI call to TIME, and their number is that of the interrupts.',
      patch: { without: ['Sstc'] },
    },
    {
      text: 'Switch SRST off. Linux does not find it, and poweroff has nobody to call.',
      patch: { sbi: { SRST: 'off' } },
    },
    {
      text: 'Switch DBCN off and put the console on the UART of the VMM: an exit for each access, and Linux polls it by a timer.',
      patch: { sbi: { DBCN: 'off' }, bootargs: 'console=ttyS0' },
    },
  ],
  folder: 'guests/linux',
  bootargs: 'console=hvc0 earlycon=sbi',
  memory: 32,
  isa: RV64GC,
  command: 'npm run guests',
};

const debian: SystemGuest = {
  id: 'debian',
  title: 'Debian 13 kernel',
  says: "Debian's own kernel, unchanged, over the same root file system. It has no console over SBI: DBCN carries its first messages, the shell is on the UART of the VMM. Type once the shell is there: until a program opens the line, the driver drops what comes, as on a board.",
  tryThis: [
    {
      text: 'Watch it test its cryptography and print all it does: six times the instructions of the short way.',
      patch: { bootargs: 'earlycon=sbi console=ttyS0' },
    },
    {
      text: 'Take IPI away from four harts. They are started, and then nobody can wake them.',
      patch: { harts: 4, sbi: { IPI: 'off' } },
    },
    {
      text: 'Let the VMM answer timers, IPIs and fences. It boots all the same, with an exit for each.',
      patch: { sbi: { TIME: 'vmm', IPI: 'vmm', RFENCE: 'vmm' }, without: ['Sstc'] },
    },
  ],
  folder: 'guests/debian',
  // Self-tests of the cryptography take two thirds of a boot, the rest of the list most of what is left.
  bootargs:
    'earlycon=sbi console=ttyS0 quiet cryptomgr.notests=1 initcall_blacklist=jent_mod_init,load_system_certificate_list,trace_eval_init',
  memory: 256,
  isa: RV64GC,
  command: 'npm run guests -- --stock',
};

export const SYSTEMS: readonly SystemGuest[] = [linux, debian];

export function systemById(id: string): SystemGuest | undefined {
  return SYSTEMS.find((system) => system.id === id);
}
