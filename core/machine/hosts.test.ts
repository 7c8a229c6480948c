import { expect, it } from 'vitest';
import { defaultConfig, moveTo } from '../config/index.ts';
import { RELEASES } from '../kvm/profiles/index.ts';
import { createMachine, prepareGuest } from './index.ts';

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
  const source = { ...config, guest: { kind: 'source', text: SAY_VERSION } } as const;
  const guest = prepareGuest(source, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  let said = '';
  const created = createMachine({
    config: source,
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
  expect(said).toBe(sbiVersion.replace('.', ''));
});
