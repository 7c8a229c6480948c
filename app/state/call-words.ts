/** Calls of the trace in words: the SBI tables applied to an event. Pure. */
import {
  callArguments,
  callName,
  errorText,
  extensionOf,
  functionOf,
  resultText,
  valueText,
} from '../../core/sbi/codec.ts';
import { SBI_ERRORS, type SbiFunction, type SbiName } from '../../core/sbi/types.ts';
import type { CallEvent } from '../../core/trace/events.ts';
import { hex } from '../ui/format.ts';
import { type CallReader, failed } from './trace-filter.ts';

export interface ArgumentWords {
  readonly register: string;
  readonly name: string;
  readonly text: string;
  readonly value: bigint;
  readonly says: string | undefined;
}

/** `DBCN console_write`; for what Sstc replaces, the CSR write. */
export function nameOfCall(call: CallEvent): string {
  return call.by === 'guest' ? 'stimecmp' : callName(call.eid, call.fid);
}

export function argumentsOfCall(call: CallEvent): readonly ArgumentWords[] {
  if (call.by === 'guest') {
    const value = call.args[0] ?? 0n;
    return [{ register: 'rs1', name: 'value', text: value.toString(), value, says: 'Absolute time in ticks.' }];
  }
  const named = callArguments(call.eid, call.fid, call.args);
  if (named.length > 0 || isKnown(call)) {
    return named.map(({ argument, value, text }, index) => ({
      register: `a${index}`,
      name: argument.name,
      text,
      value,
      says: argument.says,
    }));
  }
  return call.args.map((value, index) => ({
    register: `a${index}`,
    name: `a${index}`,
    text: hex(value),
    value,
    says: undefined,
  }));
}

function isKnown(call: CallEvent): boolean {
  return definitionOf(call) !== undefined;
}

export function definitionOf(call: CallEvent): SbiFunction | undefined {
  const extension = extensionOf(call.eid);
  return extension === undefined ? undefined : functionOf(extension, call.eid, call.fid)?.definition;
}

/** `DBCN console_write(num_bytes=20, base_addr_lo=0x80200080, base_addr_hi=0x0)`. */
export function textOfCall(call: CallEvent): string {
  const args = argumentsOfCall(call).map(({ name, text }) => `${name}=${text}`);
  return `${nameOfCall(call)}(${args.join(', ')})`;
}

/** `SUCCESS`, `NOT_SUPPORTED`; a dash for what does not return or returned nothing to the guest. */
export function errorOfCall(call: CallEvent): string {
  if (call.by === 'guest') return '–';
  return call.error === null ? 'no return' : errorText(call.error);
}

/** The value register in words; empty when it means nothing. */
export function valueOfCall(call: CallEvent): string {
  if (call.by === 'guest' || call.error === null || call.value === null) return '';
  if (failed(call)) return '';
  const definition = definitionOf(call);
  if (definition !== undefined && definition.returns === undefined && call.value === 0n) return '';
  return valueText(call.eid, call.fid, call.value);
}

/** Error and value together, as beside the instruction. */
export function resultOfCall(call: CallEvent): string {
  if (call.by === 'guest') return '';
  return call.error === null ? 'does not return' : resultText(call.eid, call.fid, call.error, call.value ?? 0n);
}

/** The exit that took the call to user space; empty when none did. */
function exitOfCall(call: CallEvent): string {
  return call.exited ? (/KVM_EXIT_\w+/.exec(call.kernel)?.[0] ?? '') : '';
}

export const callReader: CallReader = {
  extensionOf: (call): SbiName | null => (call.by === 'guest' ? 'TIME' : (extensionOf(call.eid)?.name ?? null)),
  errorOf: errorOfCall,
  textOf: (call) => `${textOfCall(call)} ${errorOfCall(call)} ${valueOfCall(call)} ${exitOfCall(call)}`,
};

/** The card about the called function, or about its extension when that has no such function; null when both are unknown. */
export function cardOfCall(call: CallEvent): string | null {
  if (call.by === 'guest') return 'extension/TIME';
  const extension = extensionOf(call.eid);
  if (extension === undefined) return null;
  const found = functionOf(extension, call.eid, call.fid);
  return found === undefined ? `extension/${extension.name}` : `function/${extension.name}.${found.name}`;
}

/** The card about what the call gave; null when it gave nothing, or a code that SBI does not define. */
export function cardOfError(call: CallEvent): string | null {
  const error = errorOfCall(call);
  return error in SBI_ERRORS ? `error/${error}` : null;
}
