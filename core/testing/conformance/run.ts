/** Runs the cases of an extension on a target: all in one guest, but each that ends the machine in its own. */
import { findFirmware } from '../firmware.ts';
import { findTool } from '../tools.ts';
import { ECALL_GUEST, onEcall } from './ecall.ts';
import { guestOf } from './guest.ts';
import { OPENSBI_GUEST, onOpenSbi } from './opensbi.ts';
import { expectationsOf, type Outcome, outcomeFor, outcomesIn } from './outcome.ts';
import type { TargetName } from './target-names.ts';
import { casesOn, configFor, serves } from './targets.ts';
import type { Case, ExtensionCases, GuestSettings, Run } from './types.ts';

interface Runner {
  readonly settings: GuestSettings;
  run(image: Uint8Array): Run;
}

export interface CaseResult {
  readonly case: Case;
  readonly outcome: Outcome;
}

/** Whether a case has a guest of its own. */
export function isAlone(one: Case): boolean {
  return one.alone === true || one.mayHang === true || expectationsOf(one).some((expectation) => 'ends' in expectation);
}

/** How a guest is run on a target; throws when the target is not there. */
function runnerOf(extension: ExtensionCases, target: TargetName): Runner {
  if (target === 'opensbi-1.6' || target === 'opensbi-1.9') {
    const [qemu, firmware] = [findTool('qemuNew'), findFirmware(target)];
    if (qemu === null || firmware === null) throw new Error(`${target} is missing: run npm run tools`);
    const dtc = extension.name === 'SUSP' && serves(extension, target) ? findTool('dtc') : null;
    const suspends = dtc === null ? {} : { suspendsBy: dtc };
    return { settings: OPENSBI_GUEST, run: (image) => onOpenSbi(image, { qemu, firmware, ...suspends }) };
  }
  const config = configFor(extension, target);
  if (config === null) throw new Error(`${extension.name} cannot be configured for ${target}`);
  return { settings: ECALL_GUEST, run: (image) => onEcall(image, config) };
}

/** The result of every case of an extension on a target. */
export function runCases(extension: ExtensionCases, target: TargetName): readonly CaseResult[] {
  const cases = casesOn(extension, target);
  const runner = runnerOf(extension, target);
  const groups = [cases.filter((one) => !isAlone(one)), ...cases.filter(isAlone).map((one) => [one])];
  return groups.flatMap((group) => {
    if (group.length === 0) return [];
    const { output, ended } = runner.run(guestOf(group, extension.routines, runner.settings));
    const outcomes = outcomesIn(output, ended);
    return group.map((one) => ({ case: one, outcome: outcomeFor(outcomes, one) }));
  });
}
