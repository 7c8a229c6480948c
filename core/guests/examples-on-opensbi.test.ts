import { expect, it } from 'vitest';
import { defaultConfig, withExample } from '../config/index.ts';
import { assemble } from '../isa/asm/index.ts';
import { createMachine, prepareGuest } from '../machine/index.ts';
import { onOpenSbi } from '../testing/conformance/opensbi.ts';
import { findFirmware, firmwareOrSkip } from '../testing/firmware.ts';
import { findTool, isNewEnough, toolOrSkip } from '../testing/tools.ts';
import { PROGRAMS } from './programs/index.ts';

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

/** QEMU 7.2 raises the interrupt of an overflow; 10.0 marks the counter and raises none. */
const older = findTool('qemu');
const raises = older !== null && isNewEnough(older, [7, 1]) && !isNewEnough(older, [8, 0]);

/**
 * The program with a period that QEMU seldom loses, as it does each below 100 µs of the host's time, and as much patience
 * as one needs that is not lost.
 */
function profilerForQemu(): Uint8Array {
  const source = (PROGRAMS.get('profiler') ?? '').replace(/PERIOD, \d+/, 'PERIOD, 5000000');
  return assemble(source.replace(/PATIENCE, \d+/, 'PATIENCE, 10000')).image?.bytes ?? new Uint8Array();
}

it.skipIf(!raises || firmwareOrSkip('opensbi-1.9').path === null)(
  'profiler has under OpenSBI 1.9 on QEMU 7.2 samples in the part with interrupts off as on Ecall, by the event alone',
  () => {
    const expected = onEcall('profiler');
    const [first = ''] = expected.split('\n');
    const machine = { qemu: older ?? '', firmware: findFirmware('opensbi-1.9') ?? '', cpu: 'rv64,sscofpmf=on' };
    let found = 'nobody is told';
    for (let attempt = 0; attempt < ATTEMPTS && found.includes('nobody is told'); attempt++) {
      const text = onOpenSbi(profilerForQemu(), machine).output.replaceAll('\r', '');
      found = text.slice(Math.max(0, text.indexOf(first)));
    }
    expect(found.replace(/\d+/g, 'N')).toBe(expected.replace(/\d+/g, 'N'));
    const inside = (profile: string) =>
      [...profile.matchAll(/(\d+) in the part/g)].map(([, samples]) => samples !== '0');
    expect([inside(found), inside(expected)]).toEqual([
      [false, true],
      [false, true],
    ]);
  },
);
