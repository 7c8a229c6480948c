/** What to try on each example, by its id. Apart from the catalogue, since a page lists all examples before it tells of one. */
import type { TryThis } from './examples/types.ts';

const LESSONS: Readonly<Record<string, readonly TryThis[]>> = {
  hello: [
    { text: 'Let KVM answer DBCN: the same text, without an exit to the VMM.', patch: { sbi: { DBCN: 'kvm' } } },
    { text: 'Switch DBCN off: the call is refused and the guest falls back.', patch: { sbi: { DBCN: 'off' } } },
    { text: 'Go back to SBI 1.0, which has no debug console.', patch: { sbiVersion: '1.0' } },
  ],
  putchar: [
    {
      text: 'Switch V01 off, as kernels without CONFIG_RISCV_SBI_V01 do: the guest fails without a word.',
      patch: { sbi: { V01: 'off' } },
    },
    { text: 'Report SBI 0.1: the legacy calls are all there is, and SRST is gone.', patch: { sbiVersion: '0.1' } },
  ],
  probe: [
    { text: 'Set mvendorid, marchid and mimpid and see them arrive.' },
    { text: 'Report SBI 1.0: what came later disappears.', patch: { sbiVersion: '1.0' } },
    {
      text: 'Let the VMM answer BASE and switch STA off: two parties now have to agree.',
      patch: { sbi: { BASE: 'vmm', STA: 'off' } },
    },
  ],
  echo: [
    { text: 'Type into the terminal and watch console_read answer 0 until then.' },
    { text: 'Switch TIME off: without a timer the guest polls as fast as it can.', patch: { sbi: { TIME: 'off' } } },
    { text: 'Let the VMM answer TIME: each sleep now costs an exit.', patch: { sbi: { TIME: 'vmm' } } },
  ],
  timer: [
    { text: 'Let the VMM answer TIME and compare the cost of arming.', patch: { sbi: { TIME: 'vmm' } } },
    { text: 'Take Sstc away: the calls are all that is left.', patch: { without: ['Sstc'] } },
    { text: 'Switch TIME off with Sstc present: stimecmp does not care.', patch: { sbi: { TIME: 'off' } } },
  ],
  smp: [
    { text: 'Give the machine one hart: hart_start answers INVALID_PARAM.', patch: { harts: 1 } },
    {
      text: 'Let the VMM answer HSM: starting a hart is then a matter of mp state and registers.',
      patch: { sbi: { HSM: 'vmm' } },
    },
    {
      text: 'Take the interface proposed in 2025 and give IPI to the VMM: it has no ioctl to send one.',
      patch: { interface: 'userspace', sbi: { IPI: 'vmm' } },
    },
  ],
  fence: [
    {
      text: 'Let the VMM answer RFENCE: with the accelerator interface it can ask KVM for the fence.',
      patch: { sbi: { RFENCE: 'vmm' } },
    },
    {
      text: 'The same with the interface proposed in 2025: the call arrives, but no ioctl carries it out.',
      patch: { interface: 'userspace', sbi: { RFENCE: 'vmm' } },
    },
  ],
  suspend: [
    { text: 'Press a key while it sleeps: the VMM wakes the guest at once.' },
    { text: 'Let KVM answer SUSP: it sleeps in the kernel until the timer fires.', patch: { sbi: { SUSP: 'kvm' } } },
    { text: 'Switch SUSP off: the hart suspends alone and its timer wakes it.', patch: { sbi: { SUSP: 'off' } } },
    { text: 'Report SBI 1.0, which has hart_suspend but no system_suspend.', patch: { sbiVersion: '1.0' } },
  ],
  governor: [
    { text: 'Switch CPPC off: the probe says so, and the guest does without.', patch: { sbi: { CPPC: 'off' } } },
    { text: 'Report SBI 1.0, which has no CPPC.', patch: { sbiVersion: '1.0' } },
    {
      text: 'Take Linux as it is: no KVM gives a guest CPPC, or hands it over.',
      patch: { interface: 'upstream', sbi: { CPPC: 'off' } },
    },
  ],
  mailbox: [
    { text: 'Type while it waits: the channel tells of it.' },
    {
      text: 'Take Linux as it is: KVM hands MPXY to the VMM since Linux 6.19, once the VMM has switched it on.',
      patch: { interface: 'upstream', sbi: { MPXY: 'vmm' } },
    },
    { text: 'Switch MPXY off: the probe says so.', patch: { sbi: { MPXY: 'off' } } },
    { text: 'Report SBI 2.0, which has no MPXY.', patch: { sbiVersion: '2.0' } },
  ],
  misaligned: [
    {
      text: 'Leave the traps to the firmware: nothing comes here, each load costs a trap all the same, and KVM has nothing to delegate.',
      patch: { hardware: { misaligned: 'firmware' } },
    },
    {
      text: 'Take harts that carry the loads out: there is nothing to see but the time.',
      patch: { hardware: { misaligned: 'hart' } },
    },
    { text: 'Take Linux as it is: it offers this since 6.18.', patch: { interface: 'upstream' } },
    {
      text: 'Let the VMM answer FWFT: it sets hedeleg by a register that only Ecall has.',
      patch: { sbi: { FWFT: 'vmm' } },
    },
  ],
  sse: [
    {
      text: 'Look at the ioctls between inject and the next call: the VMM reads six registers of the vcpu and sets six to enter a handler.',
    },
    {
      text: 'Take the interface proposed in 2025: a call that KVM does not know exits there, so the VMM can serve it.',
      patch: { interface: 'userspace', sbi: { SSE: 'vmm', BASE: 'vmm' } },
    },
    {
      text: 'Take Linux as it is: KVM refuses what it does not know, and no VMM can serve it.',
      patch: { interface: 'upstream', sbi: { SSE: 'off', HSM: 'kvm' } },
    },
    {
      text: 'Let KVM answer HSM: the VMM hears that hart 1 starts and stops by KVM_EXIT_RISCV_HART_STATE, which is a what-if.',
      patch: { sbi: { HSM: 'kvm' } },
    },
  ],
  triggers: [
    {
      text: 'Look at the ioctls of install_triggers: the guest asks for mode S, the VMM sets VS, which is what it is to the hart.',
    },
    {
      text: 'Take the interface proposed in 2025: the call reaches the VMM, but no ioctl of Linux sets a trigger.',
      patch: { interface: 'userspace', sbi: { DBTR: 'vmm', BASE: 'vmm' } },
    },
    {
      text: 'Take Linux as it is: KVM refuses what it does not know.',
      patch: { interface: 'upstream', sbi: { DBTR: 'off' } },
    },
    { text: 'Report SBI 2.0, which has no DBTR: the VMM refuses it.', patch: { sbiVersion: '2.0' } },
  ],
  counters: [
    {
      text: 'Let the VMM answer PMU and TIME: the accelerator has an ioctl that programs the counters of a vcpu.',
      patch: { sbi: { PMU: 'vmm', TIME: 'vmm' } },
    },
    {
      text: 'Take the interface proposed in 2025: the VMM counts the calls that it answers, and has no ioctl for the rest.',
      patch: { interface: 'userspace', sbi: { PMU: 'vmm', TIME: 'vmm' } },
    },
    { text: 'Take Sscofpmf away: the counter overflows and nobody is told.', patch: { without: ['Sscofpmf'] } },
  ],
  profiler: [
    {
      text: 'Look at the exits: each sample by event is a KVM_EXIT_RISCV_PMU_OVERFLOW, which is a what-if.',
    },
    {
      text: 'Let the VMM answer PMU too: the calls exit, the counters stay in KVM, and the samples are the same.',
      patch: { sbi: { PMU: 'vmm' } },
    },
    {
      text: 'Take the interface proposed in 2025: KVM tells the guest alone of an overflow, so the VMM has no such event.',
      patch: { interface: 'userspace', sbi: { SSE: 'vmm', BASE: 'vmm' } },
    },
  ],
  'too-new': [
    { text: 'Report SBI 2.0: all three ways agree that DBCN is there.', patch: { sbiVersion: '2.0' } },
    {
      text: 'Report 2.0 but switch DBCN off: the version alone is no proof.',
      patch: { sbiVersion: '2.0', sbi: { DBCN: 'off' } },
    },
    { text: 'Let the VMM answer BASE: who decides what the version hides?', patch: { sbi: { BASE: 'vmm' } } },
  ],
  uart: [
    { text: 'Let KVM answer DBCN: then not even one exit is left.', patch: { sbi: { DBCN: 'kvm' } } },
    { text: 'Make an exit dearer in the costs and run again: the UART suffers twice for every byte.' },
  ],
};

/** Ids of the examples that have lessons. */
export const LESSON_IDS: readonly string[] = Object.keys(LESSONS);

/** Nothing for an id that no example has. */
export function tryThisOf(id: string): readonly TryThis[] {
  return Object.hasOwn(LESSONS, id) ? (LESSONS[id] ?? []) : [];
}
