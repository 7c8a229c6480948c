/** What a recorded run does, in words: from the arguments of kvmprobe, as `runs.sh` gives them. */
import { callName } from '../sbi/codec.ts';

const COMMANDS: Readonly<Record<string, string>> = {
  caps: 'asks for every capability, and tries ioctls that KVM on RISC-V has or refuses',
  regs: 'lists and reads every register of a vcpu',
  regs2: 'lists and reads every register of the second vcpu',
  misuse: 'reads and writes every register with right and wrong values, before and after the vcpu ran',
};

type Parameters = readonly string[];

/** What the payload does, by its first parameter. [core/kvm/testdata/payload/guest.c] */
const MODES: Readonly<Record<string, (parameters: Parameters) => string>> = {
  0: () => 'calls every extension, with right and wrong arguments',
  1: ([n = '0', eid = '0', fid = '0']) => `calls ${named(eid, fid)} ${n} times`,
  2: () => 'reads and writes CSRs, and tries instructions',
  3: ([type = '0', reason = '0']) => `calls SRST system_reset with type ${type} and reason ${reason}`,
  4: () => 'starts, interrupts, fences, suspends and stops a second hart',
  5: ([eid = '0', fid = '0', ...args]) => `calls ${named(eid, fid)} with ${args.join(', ') || 'nothing'}`,
  6: () => 'stops its only hart',
  7: () => 'calls the legacy shutdown',
  8: () => 'loads and stores where there is no memory, and waits for an interrupt',
  9: () => 'jumps to where there is no memory',
  10: () => 'prints by the legacy console and by DBCN',
  11: () => 'executes ebreak',
  12: () => 'executes lr.w where there is no memory',
  13: () => 'executes amoadd.w where there is no memory',
  14: () => 'executes fld where there is no memory',
  15: ([type = '0', address]) =>
    `calls SUSP system_suspend with type ${type}${address === undefined ? '' : ` and address ${address}`}`,
};

interface Option {
  /** Values that follow it. */
  readonly values: number;
  /** Null for what does not change what the run does. */
  readonly says: ((...values: string[]) => string) | null;
}

const OPTIONS: Readonly<Record<string, Option>> = {
  '--vcpus': { values: 1, says: (count) => `${count} vcpus` },
  '--isa-off': { values: 1, says: (name) => `without the ISA extension ${name}` },
  '--isa-on': { values: 1, says: (name) => `with the ISA extension ${name}` },
  '--mvendorid': { values: 1, says: (id) => `mvendorid ${id}` },
  '--marchid': { values: 1, says: (id) => `marchid ${id}` },
  '--mimpid': { values: 1, says: (id) => `mimpid ${id}` },
  '--fwd-ret': { values: 2, says: (error, value) => `calls that exit are answered with ${error}, ${value}` },
  '--csr-ret': { values: 1, says: (value) => `CSRs that exit read as ${value}` },
  '--guest-debug': { values: 1, says: (control) => `KVM_SET_GUEST_DEBUG ${control}` },
  '--reenter': { values: 0, says: () => 'the vcpu is entered again after a system event' },
  '--regs-after': { values: 0, says: () => 'registers are read at the end' },
  '--timeout': { values: 1, says: null },
  '--max-log': { values: 1, says: null },
};

/** Extensions that are switched, which are told together. */
const SWITCHES: Readonly<Record<string, string>> = { '--disable': 'off', '--enable': 'on' };

/** `calls every extension, with right and wrong arguments; off: TIME`. What is not known stands as it is written. */
export function runWords([command = '', ...args]: readonly string[]): string {
  if (command !== 'run') return COMMANDS[command] ?? [command, ...args].join(' ');
  const parameters: string[] = [];
  const switched = new Map<string, string[]>();
  const said: string[] = [];
  const rest = [...args];
  while (rest.length > 0) {
    const option = rest.shift() ?? '';
    const switches = SWITCHES[option];
    const known = OPTIONS[option];
    if (option === '--arg') parameters.push(rest.shift() ?? '');
    else if (switches !== undefined) switched.set(switches, [...(switched.get(switches) ?? []), rest.shift() ?? '']);
    else if (known === undefined) said.push(option);
    else {
      const values = rest.splice(0, known.values);
      if (known.says !== null) said.push(known.says(...values));
    }
  }
  const [mode = '0', ...others] = parameters;
  const does = MODES[mode]?.(others) ?? `runs mode ${mode} of the payload`;
  const off = [...switched].map(([to, names]) => `${to}: ${names.join(' ')}`);
  return [does, ...off, ...said].join('; ');
}

function named(eid: string, fid: string): string {
  return /^(0x[0-9a-f]+|\d+)$/i.test(`${eid}`) && /^(0x[0-9a-f]+|\d+)$/i.test(fid)
    ? callName(BigInt(eid), BigInt(fid))
    : `${eid} ${fid}`;
}
