import { expect, it } from 'vitest';
import { defaultConfig, withExample } from '../config/index.ts';
import { createMachine, prepareGuest } from '../machine/index.ts';
import { onOpenSbi } from '../testing/conformance/opensbi.ts';
import { findFirmware, firmwareOrSkip } from '../testing/firmware.ts';
import { findTool, toolOrSkip } from '../testing/tools.ts';

/** Examples of extensions that OpenSBI serves too, in the form that the specification has it. */
const SERVED = ['sse'] as const;
/** OpenSBI boots on whichever hart wins; hart 0 has to be the first, as in KVM. */
const ATTEMPTS = 10;
const INSTRUCTIONS = 2_000_000;

const missing = toolOrSkip('qemuNew').reason ?? firmwareOrSkip('opensbi-1.9').reason;

function guestOf(id: string) {
  const config = withExample(defaultConfig(), id)?.config ?? defaultConfig();
  const guest = prepareGuest(config, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  return { config, image: guest.image };
}

function onEcall(id: string): string {
  const { config, image } = guestOf(id);
  const pieces: Uint8Array[] = [];
  const made = createMachine({ config, image, hooks: { console: (bytes) => pieces.push(bytes.slice()) } });
  if (!made.ok) throw new Error(made.failure.message);
  made.machine.run({ until: 'forever', instructions: INSTRUCTIONS });
  return Buffer.concat(pieces).toString('latin1');
}

it.skipIf(missing !== null).each(SERVED)('%s prints under OpenSBI 1.9 what it prints on Ecall', (id) => {
  const [qemu, firmware] = [findTool('qemuNew') ?? '', findFirmware('opensbi-1.9') ?? ''];
  const expected = onEcall(id);
  const [first = ''] = expected.split('\n');
  let found = '';
  for (let attempt = 0; attempt < ATTEMPTS && !found.includes('hart 0'); attempt++) {
    const { output } = onOpenSbi(guestOf(id).image, { qemu, firmware });
    const text = output.replaceAll('\r', '');
    found = text.slice(Math.max(0, text.indexOf(first)));
  }
  expect(found).toBe(expected);
});
