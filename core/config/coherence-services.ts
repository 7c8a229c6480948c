/**
 * Services that this machine needs and nobody gives, or that whoever gives them cannot give well. What Linux does is that
 * of a kernel without the legacy calls (CONFIG_RISCV_SBI_V01=n) on a machine without IMSIC, which is what the VMM builds.
 * [Linux 6.12 arch/riscv/kernel/sbi.c, smp.c, cpu_ops_sbi.c, drivers/clocksource/timer-riscv.c]
 */
import { hasNoConsole, type Rule } from './coherence-facts.ts';
import type { Config } from './types.ts';

/** KVM stops and starts harts, and only the accelerator has an exit by which a VMM hears of it. */
const hidesHarts = ({ sbi, interface: kvmInterface }: Config): boolean =>
  sbi.HSM === 'kvm' && kvmInterface !== 'accelerator';

export const SERVICE_RULES: readonly Rule[] = [
  {
    id: 'hsm-missing',
    fields: ['sbi.HSM', 'harts'],
    when: ({ smp, lacks }) => smp && lacks('HSM'),
    says: 'There are several harts, but no HSM to start them.',
    linux: 'Linux prints an error for each further CPU and runs on the first alone.',
    wayOut: 'Let KVM answer HSM, or take one hart.',
  },
  {
    id: 'ipi-missing',
    fields: ['sbi.IPI', 'harts'],
    when: ({ smp, lacks }) => smp && lacks('IPI'),
    says: 'There are several harts, but no IPI by which they could wake each other.',
    linux: 'Linux warns, starts its CPUs and loses every message between them: it hangs.',
    wayOut: 'Let KVM answer IPI, or take one hart.',
  },
  {
    id: 'rfence-missing',
    fields: ['sbi.RFENCE', 'harts'],
    when: ({ smp, lacks }) => smp && lacks('RFENCE'),
    says: 'There are several harts, but no RFENCE: what one unmaps, the others go on using.',
    linux: 'Linux warns and its fences reach nobody: memory is no longer safe.',
    wayOut: 'Let KVM answer RFENCE, or take one hart.',
  },
  {
    id: 'vmm-without-ioctl',
    fields: ['interface'],
    when: ({ config, smp }) =>
      config.interface !== 'accelerator' && smp
        ? (['IPI', 'RFENCE'] as const).filter((name) => config.sbi[name] === 'vmm')
        : [],
    says: (_, names) => `The VMM is to answer ${names}, but KVM has no ioctl by which it could reach another hart.`,
    linux: 'Each call fails: Linux prints an error and goes on as if the other CPUs had been told.',
    wayOut: 'Let KVM answer them, or take the accelerator interface.',
  },
  {
    id: 'timer-missing',
    fields: ['sbi.TIME', 'isa'],
    when: ({ isa, lacks }) => lacks('TIME') && !isa.has('Sstc'),
    says: 'There is neither TIME nor Sstc: the guest has no timer.',
    linux: 'Linux warns and its timer never fires: it stops for good at the first sleep that nothing else ends.',
    wayOut: 'Let KVM answer TIME, or switch Sstc on.',
  },
  {
    id: 'timer-exits',
    fields: ['sbi.TIME', 'isa'],
    when: ({ config, isa, lacks }) => config.sbi.TIME === 'vmm' && !lacks('TIME') && !isa.has('Sstc'),
    says: 'The VMM answers TIME and there is no Sstc: each timer costs an exit.',
    linux: 'Linux arms its timer hundreds of times a second and exits to the VMM each time.',
    wayOut: 'Let KVM answer TIME, or switch Sstc on, with which Linux makes no such call.',
  },
  {
    id: 'console-missing',
    fields: ['sbi.DBCN', 'bootargs'],
    when: hasNoConsole,
    says: 'The console is asked of SBI, but there is no DBCN for it: only the UART is left.',
    linux: 'Linux has neither earlycon=sbi nor hvc0: it boots in silence.',
    wayOut: 'Switch DBCN on, or give the boot argument console=ttyS0.',
  },
  {
    id: 'power-off-missing',
    fields: ['sbi.SRST'],
    when: ({ lacks }) => lacks('SRST'),
    says: 'There is no SRST: the guest cannot end or reset the machine.',
    linux: 'Linux has no handler for power-off and restart: poweroff only halts.',
    wayOut: 'Let KVM answer SRST, and report at least SBI 0.3.',
  },
  {
    id: 'suspend-without-hsm',
    fields: ['sbi.SUSP', 'sbi.HSM'],
    when: ({ smp, lacks }) => smp && !lacks('SUSP') && lacks('HSM'),
    says: 'SUSP wants every other hart STOPPED, which is a state of HSM, and HSM is absent.',
    linux: 'Linux offers to suspend, but can take no CPU down for it and bring none back.',
    wayOut: 'Let KVM answer HSM, or switch SUSP off.',
  },
  {
    id: 'events-without-hsm',
    fields: ['sbi.SSE', 'sbi.HSM'],
    when: ({ config, smp, lacks }) => smp && !lacks('SSE') && hidesHarts(config),
    says: 'The VMM answers SSE, but KVM stops and starts harts and does not tell it.',
    linux:
      'A hart that stops without masking its events and is started again finds them as they were, not masked as new.',
    wayOut: 'Let the VMM answer HSM too, or take the accelerator interface, which has an exit for it.',
  },
  {
    id: 'counters-without-overflow',
    fields: ['sbi.PMU', 'isa'],
    when: ({ isa, lacks }) => !lacks('PMU') && !isa.has('Sscofpmf'),
    says: 'PMU is on, but without Sscofpmf no counter tells when it overflows.',
    linux: 'perf stat counts; perf record cannot sample. Linux itself offers PMU to a guest only with Sscofpmf.',
    wayOut: 'Switch Sscofpmf on, or PMU off.',
  },
  {
    id: 'overflow-without-aia',
    fields: ['isa', 'hardware.aia'],
    when: ({ config, isa }) => isa.has('Sscofpmf') && config.hardware.aia === 'off',
    says: 'Sscofpmf is on, but the host has no AIA, without which KVM cannot give a guest the overflow interrupt.',
    linux: 'Linux as it is keeps Sscofpmf from guests on such a host: perf stat counts and perf record cannot sample.',
    wayOut: 'Switch AIA on.',
  },
  {
    id: 'counters-without-ioctl',
    fields: ['sbi.PMU', 'interface'],
    when: ({ config, lacks }) => config.interface === 'userspace' && config.sbi.PMU === 'vmm' && !lacks('PMU'),
    says: 'The VMM is to answer PMU, but KVM has no ioctl that programs a counter: it counts what it does itself.',
    linux:
      'perf finds no cycles and no instructions; of the firmware events it has those of calls that the VMM answers.',
    wayOut: 'Let KVM answer PMU, or take the accelerator interface.',
  },
  {
    id: 'features-without-register',
    fields: ['sbi.FWFT', 'interface'],
    when: ({ config, lacks }) => config.interface === 'userspace' && config.sbi.FWFT === 'vmm' && !lacks('FWFT'),
    says: 'The VMM is to answer FWFT, but KVM has no register by which it could switch a feature.',
    linux:
      'Every feature is NOT_SUPPORTED: there is no pointer masking, and misaligned accesses stay with the firmware.',
    wayOut: 'Let KVM answer FWFT, or take the accelerator interface.',
  },
  {
    id: 'resets-unseen',
    fields: ['sbi.HSM', 'harts'],
    when: ({ config, smp }) =>
      smp && hidesHarts(config)
        ? (['PMU', 'CPPC', 'STA', 'FWFT', 'DBTR', 'MPXY'] as const).filter((name) => config.sbi[name] === 'vmm')
        : [],
    says: (_, names) => `The VMM answers ${names}, but KVM stops and starts harts and does not tell it.`,
    linux:
      'A CPU that is taken down and brought back finds its locks of features, and until it sets them anew its counters, shared memory and requests of performance, as they were.',
    wayOut: 'Let the VMM answer HSM too, or take the accelerator interface, which has an exit for it.',
  },
  {
    id: 'steal-unseen',
    fields: ['sbi.STA', 'neighbours'],
    when: ({ config, lacks }) => config.neighbours > 0 && lacks('STA'),
    says: 'Neighbours steal time, but nobody answers STA and tells the guest.',
    linux: 'The steal time in /proc/stat stays 0, and slow programs look as if they had computed.',
    wayOut: 'Let KVM answer STA, and report at least SBI 2.0.',
  },
  {
    id: 'steal-late',
    fields: ['sbi.STA', 'neighbours'],
    when: ({ config, lacks }) => config.neighbours > 0 && config.sbi.STA === 'vmm' && !lacks('STA'),
    says: 'Neighbours steal time, and the VMM tells of it only after an exit: KVM gives it no other moment.',
    linux:
      'The steal time in /proc/stat comes late, and a program that computes without an exit looks the faster for it.',
    wayOut: 'Let KVM answer STA, which brings the area up to date whenever the vcpu gets its CPU.',
  },
];
