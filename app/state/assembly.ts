/** What the assembler last said about the source in the editor. */
import type { Diagnostic, ImageSymbol, LineEntry } from '../../core/protocol/messages.ts';

export interface AssemblySlice {
  readonly diagnostics: readonly Diagnostic[];
  readonly symbols: readonly ImageSymbol[];
  readonly lines: readonly LineEntry[];
  readonly bytes: number;
  readonly code?: { readonly base: bigint; readonly bytes: Uint8Array } | undefined;
  /** The text these belong to; null before the first answer. */
  readonly of: string | null;
}

export const assemblySlice: AssemblySlice = { diagnostics: [], symbols: [], lines: [], bytes: 0, of: null };

/** `3 errors, 1 warning`, or null when there are none. */
export function problemWords(diagnostics: readonly Diagnostic[]): string | null {
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const parts = [
    errors === 0 ? '' : `${errors} ${errors === 1 ? 'error' : 'errors'}`,
    warnings === 0 ? '' : `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
  ].filter(Boolean);
  return parts.length === 0 ? null : parts.join(', ');
}
