import { describe, expect, it } from 'vitest';
import { assemble } from '../../isa/asm/index.ts';
import { onEcall } from '../conformance/ecall.ts';
import { onOpenSbi } from '../conformance/opensbi.ts';
import { configFor } from '../conformance/targets.ts';
import { firmwareOrSkip } from '../firmware.ts';
import { toolOrSkip } from '../tools.ts';
import { PROBES, triggerGuest } from './triggers.ts';

const qemu = toolOrSkip('qemuNew');
const firmware = firmwareOrSkip('opensbi-1.9');

function linesOf(output: string): readonly string[] {
  const lines = output.replaceAll('\r', '').split('\n');
  return lines.filter((line) => line.includes(': cause '));
}

function image(): Uint8Array {
  const { diagnostics, image } = assemble(triggerGuest());
  expect(diagnostics).toEqual([]);
  return image?.bytes ?? new Uint8Array(0);
}

describe.skipIf(qemu.path === null || firmware.path === null)('debug triggers', () => {
  it('fire in QEMU on OpenSBI and on Ecall at the same instructions, with the same values', () => {
    const theirs = linesOf(onOpenSbi(image(), { qemu: qemu.path!, firmware: firmware.path! }).output);
    const config = configFor({ name: 'DBTR', isa: [] }, 'vmm');
    if (config === null) throw new Error('DBTR in the VMM cannot be configured');
    expect(theirs).toHaveLength(PROBES.length);
    expect(theirs.filter((line) => line.includes('cause 3')).length).toBeGreaterThan(PROBES.length / 2);
    expect(linesOf(onEcall(image(), config).output)).toEqual(theirs);
  });
});
