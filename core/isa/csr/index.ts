/** Every CSR that has a name, and look-ups. [Privileged ISA, CSR listing] */
import { hypervisor } from './hypervisor.ts';
import { machine } from './machine.ts';
import { supervisor } from './supervisor.ts';
import type { Csr } from './types.ts';
import { unprivileged } from './unprivileged.ts';

export type { Csr, CsrField, CsrPrivilege } from './types.ts';

/** In the order of their numbers. */
export const CSRS: readonly Csr[] = [...unprivileged, ...supervisor, ...hypervisor, ...machine].sort(
  (one, other) => one.number - other.number,
);

const byNumber = new Map(CSRS.map((csr) => [csr.number, csr]));
const byName = new Map(CSRS.flatMap((csr) => [csr.name, ...csr.otherNames].map((name) => [name, csr] as const)));

/** By its name or one of its other names. */
export function csrByName(name: string): Csr | undefined {
  return byName.get(name);
}

export function csrByNumber(number: number): Csr | undefined {
  return byNumber.get(number);
}
