/** Register and CSR names as the assembler reads them. */
import { CSRS, csrByName } from '../csr/index.ts';
import { F_NAMES, fByName, X_NAMES, xByName } from '../derive/registers.ts';

export function registerNumber(kind: 'x' | 'f', name: string): number | undefined {
  return kind === 'x' ? xByName(name) : fByName(name);
}

export function registerNames(kind: 'x' | 'f'): readonly string[] {
  return kind === 'x' ? [...X_NAMES, 'fp'] : F_NAMES;
}

export function isRegister(name: string): boolean {
  return xByName(name) !== undefined;
}

export function csrNumber(name: string): number | undefined {
  return csrByName(name)?.number;
}

export function csrNames(): readonly string[] {
  return CSRS.map((csr) => csr.name);
}
