import { expect, it } from 'vitest';
import { type Config, defaultConfig, guestExtensions, moveTo } from '../config/index.ts';
import { RELEASES } from '../kvm/profiles/index.ts';
import { createMachine, prepareGuest } from './index.ts';

/** Prints what BASE says of mvendorid as one character, then powers off. */
const SAY_VENDOR = `_start:
 li a7, 0x10
 li a6, 4
 ecall
 mv a0, a1
 li a7, 1
 ecall
 li a7, 8
 ecall
`;

/** What a guest prints on that machine before it powers off. */
function saidBy(config: Config, source: string): string {
  const chosen = { ...config, guest: { kind: 'source', text: source } } as const;
  const guest = prepareGuest(chosen, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  let said = '';
  const created = createMachine({
    config: chosen,
    image: guest.image,
    hooks: {
      console: (bytes) => {
        said += String.fromCharCode(...bytes);
      },
    },
  });
  if (!created.ok) throw new Error(created.failure.message);
  const status = created.machine.run({ until: 'forever', instructions: 10_000 });
  expect(status).toMatchObject({ stop: { code: 'powered-off' } });
  return said;
}

/** Prints the version that BASE reports as two characters of the legacy console, then powers off. */
const SAY_VERSION = `_start:
 li a7, 0x10
 li a6, 0
 ecall
 srli s0, a1, 24
 andi s1, a1, 0xff
 addi a0, s0, 48
 li a7, 1
 ecall
 addi a0, s1, 48
 li a7, 1
 ecall
 li a7, 8
 ecall
`;

it.each(RELEASES)('a machine on Linux $name as it is starts, and says SBI $sbiVersion', ({ name, sbiVersion }) => {
  const { config } = moveTo(defaultConfig(), { interface: 'upstream', host: `linux-${name}` });
  expect(saidBy(config, SAY_VERSION)).toBe(sbiVersion.replace('.', ''));
});

it.each(['linux-6.1', 'linux-7.2'])('a guest on %s sees the ids of the machine that the host runs on', (host) => {
  const hardware = { ...defaultConfig().hardware, mvendorid: 0x41n, aia: 'on', satpMode: 'sv39' } as const;
  expect(saidBy(moveTo(defaultConfig(), { interface: 'upstream', host, hardware }).config, SAY_VENDOR)).toBe('A');
});

it('a guest cannot have larger page tables than the host', () => {
  const trySv48 = `_start:
 li t0, 9
 slli t0, t0, 60
 csrw satp, t0
 csrr a0, satp
 srli a0, a0, 60
 addi a0, a0, 48
 csrw satp, x0
 li a7, 1
 ecall
 li a7, 8
 ecall
`;
  const hardware = { ...defaultConfig().hardware, satpMode: 'sv39' } as const;
  expect(saidBy({ ...defaultConfig(), hardware }, trySv48)).toBe('0');
});

/** Prints T when its first read of stopi traps, and else the code of the interrupt that stopi shows. */
const SAY_STOPI = `_start:
 la t0, handler
 csrw stvec, t0
 csrwi sie, 2
 csrwi sip, 2
 csrr a0, stopi
 srli a0, a0, 16
 addi a0, a0, 48
end:
 li a7, 1
 ecall
 li a7, 8
 ecall
 .balign 4
handler:
 li a0, 84
 j end
`;

it('a guest has stopi, and is told of Ssaia, on a machine with AIA whose Linux has it for guests', () => {
  const on = (host: string, aia: 'on' | 'off') =>
    moveTo(defaultConfig(), { interface: 'upstream', host, hardware: { ...defaultConfig().hardware, aia } }).config;
  const cases = [on('linux-7.2', 'on'), on('linux-7.2', 'off'), on('linux-6.3', 'on')];
  expect(cases.map((config) => saidBy(config, SAY_STOPI))).toEqual(['1', 'T', 'T']);
  expect(cases.map((config) => guestExtensions(config).includes('Ssaia'))).toEqual([true, false, false]);
});

/** Prints T when an access to the seed traps, and else its upper bits, which say whether there is entropy. */
const SAY_SEED = `_start:
 la t0, handler
 csrw stvec, t0
 csrrw a0, seed, x0
 srli a0, a0, 30
 addi a0, a0, 48
end:
 li a7, 1
 ecall
 li a7, 8
 ecall
 .balign 4
handler:
 li a0, 84
 j end
`;

it('a guest gets its seed from the VMM on harts with Zkr, on a Linux that has a number for it', () => {
  const on = (host: string, ...more: string[]) => {
    const { config } = moveTo(defaultConfig(), { interface: 'upstream', host });
    return saidBy({ ...config, isa: [...config.isa, ...more] }, SAY_SEED);
  };
  expect([on('linux-7.2', 'Zkr'), on('linux-6.8', 'Zkr')]).toEqual(['2', '2']);
  expect([on('linux-7.2'), on('linux-6.7', 'Zkr')]).toEqual(['T', 'T']);
});
