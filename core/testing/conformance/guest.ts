/** Makes one guest of the cases of an extension. */
import { assemble } from '../../isa/asm/index.ts';
import { CASE_BEGINS, MOST_SEEN } from './routines/area.ts';
import { program } from './routines/index.ts';
import { load } from './steps.ts';
import type { Case, GuestSettings } from './types.ts';

const ARGUMENTS = 6;

/** Assembly of a case: begin, what comes before, the measured call, what is looked at, and the line. */
function codeOf(one: Case, at: number): string {
  const { before = [], after = [], sees = [], by } = one;
  if (sees.length > MOST_SEEN) throw new Error(`${one.id} looks at more than ${MOST_SEEN} values`);
  const registers = Array.from({ length: ARGUMENTS }, (_, index) => load(`a${index}`, one.args[index] ?? 0n));
  const ids = [load('a6', one.fid), load('a7', one.eid)];
  const loaded = [...registers, ...ids].join('\n');
  const made =
    by === 'other'
      ? `la a0, case_${at}_call\ncall other_run\ncall result_of_other\nj case_${at}_made
case_${at}_call:\n${loaded}\nj measured_call\ncase_${at}_made:`
      : `${loaded}\ncall measured_call`;
  return [
    `la a0, case_${at}_name\nla a1, case_${at}_recovers\ncall case_begin`,
    ...before,
    made,
    `case_${at}_recovers:\nla a0, case_${at}_over\ncall recover_at`,
    ...sees.map(({ read }) => `${read}\ncall see`),
    `case_${at}_over:\nla a0, case_${at}_next\ncall recover_at\ncall case_end`,
    ...after,
    `case_${at}_next:`,
  ].join('\n');
}

/** The flat image of a guest with these cases. Throws with what the assembler says and the line it says it of. */
export function guestOf(cases: readonly Case[], routines: string, settings: GuestSettings): Uint8Array {
  const names = cases.map(({ id }, at) => `case_${at}_name: .asciz "${CASE_BEGINS}${id}\\n"`);
  const more = `${routines}\n.section .rodata\n${names.join('\n')}\n.text`;
  const { patience, settle, watch } = settings;
  const watched = watch > 0 && cases.some(({ mayHang }) => mayHang);
  const body = [...(watched ? ['call start_watchdog'] : []), ...cases.map(codeOf)].join('\n');
  const source = program(body, more, { PATIENCE: patience, SETTLE: settle, WATCH: watch });
  const { image, diagnostics } = assemble(source);
  const wrong = diagnostics.find(({ severity }) => severity === 'error');
  if (image === null || wrong) {
    const text = source.split('\n')[(wrong?.line ?? 1) - 1];
    throw new Error(`line ${wrong?.line} of the guest: ${wrong?.message}: ${text}`);
  }
  return image.bytes;
}
