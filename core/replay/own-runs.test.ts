import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { composeHost, MAX, PLAIN, RELEASES } from '../kvm/profiles/index.ts';
import { kvmprobe } from '../vmm/kvmprobe/index.ts';
import { replayHost } from './machine.ts';

const payload = new Uint8Array(readFileSync(new URL('../kvm/testdata/payload/guest.bin', import.meta.url)));
const NO_SSTC = { ...PLAIN, isa: PLAIN.isa.filter((name) => name !== 'SSTC') };
const HOSTS = { max: MAX, nosstc: NO_SSTC } as const;

/** Runs that `runs.sh` does not have, recorded like the others: on Debian's kernels under QEMU 11.1.3. */
const RECORDED: readonly (readonly [release: string, host: keyof typeof HOSTS, args: string, line: string])[] = [
  ['7.2', 'max', '--disable 63 --arg 99', 'vmm: set SBI.63=0 (0) -> ENOENT, get -> 0'],
  ['7.2', 'max', '--enable TIMER --arg 99', 'vmm: set SBI.TIMER=1 (0x1) -> OK, get -> 0x1'],
  ['7.2', 'max', '--isa-off NOSUCH --arg 99', 'vmm: set ISA.NOSUCH=0 (0) -> ENOENT, get -> 0'],
  ['7.2', 'max', '--mvendorid 010 --arg 99', 'vmm: set mvendorid (0x8) -> OK, get -> 0x8'],
  ['7.2', 'max', '--guest-debug 0x100000001 --arg 11', 'vmm: KVM_SET_GUEST_DEBUG 0x1 -> OK'],
  [
    '6.12',
    'max',
    '--arg 5 --arg 0x504d55 --arg 2 --arg 0 --arg 0xffffffff --arg 6 --arg 0x10021 --arg 0',
    'call 0x504d55 0x2 0x0 0xffffffff 0x6 0x10021 0x0 0x0 -> 0 3',
  ],
  // A vcpu that the watchdog finds asleep in hart_suspend has the answer of the call.
  [
    '7.2',
    'max',
    '--arg 5 --arg 0x48534d --arg 3 --arg 0 --arg 0x80000000 --arg 5 --timeout 4',
    'vcpu0 final mp_state=0 pc=0x800001aa ra=0x800011e8 a0=0 a1=0 a7=0x48534d a6=0x3 mode=1 satp=0',
  ],
  // The timer of the guest is in sip of ONE_REG where KVM keeps it in hvip.
  ...(['max', 'nosstc'] as const).map(
    (host) =>
      [
        '7.2',
        host,
        '--regs-after --arg 5 --arg 0x54494d45 --arg 0 --arg 5',
        `reg 0x8030000003000007 size=U64 type=3 sub=0 idx=7 CSR.GENERAL.sip                  = ${host === 'max' ? '0' : '0x20'}`,
      ] as const,
  ),
];

it.each(RECORDED)('Linux %s on %s, started with %s, prints as recorded: %s', (name, host, args, line) => {
  const release = RELEASES.find((candidate) => candidate.name === name)!;
  const profile = composeHost(release, HOSTS[host], { sbiV01: false }, { name: host, label: host });
  const { output } = kvmprobe(replayHost(profile, payload), ['run', ...args.split(' ')]);
  expect(output.split('\n')).toContain(line);
});
