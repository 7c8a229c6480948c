/** How the CSR tables are written: number, name, sentence; what the number says is derived from it. */
import { bitsOf } from '../../base/bits.ts';
import type { Csr, CsrField, CsrPrivilege } from './types.ts';

const PRIVILEGES: readonly CsrPrivilege[] = ['U', 'S', 'H', 'M'];
const READ_ONLY = 3;

export interface CsrOptions {
  readonly otherNames?: readonly string[];
  readonly requires?: string;
  readonly guest?: true;
  readonly rv32Only?: true;
  readonly withdrawn?: true;
  readonly fields?: readonly CsrField[];
}

/** A group of CSRs from one section of a specification. */
export class CsrTable {
  readonly csrs: Csr[] = [];

  constructor(
    readonly spec: string,
    readonly shared: CsrOptions = {},
  ) {}

  add(number: number, name: string, says: string, options: CsrOptions = {}): this {
    const all = { ...this.shared, ...options };
    this.csrs.push({
      number,
      name,
      otherNames: all.otherNames ?? [],
      privilege: PRIVILEGES[bitsOf(number, 8, 2)] ?? 'M',
      readOnly: bitsOf(number, 10, 2) === READ_ONLY,
      spec: this.spec,
      says,
      ...(all.requires === undefined ? {} : { requires: all.requires }),
      guest: all.guest ?? false,
      rv32Only: all.rv32Only ?? false,
      withdrawn: all.withdrawn ?? false,
      fields: all.fields ?? [],
    });
    return this;
  }

  /** Numbered CSRs `first..last`, one after the other from `number`; `{n}` stands for the index. */
  series(number: number, name: string, first: number, last: number, says: string, options: CsrOptions = {}): this {
    for (let n = first; n <= last; n += 1) {
      const index = String(n);
      this.add(number + n - first, name.replace('{n}', index), says.replace('{n}', index), options);
    }
    return this;
  }
}

/** A field at `bits`, written as in the specification: `8` or `14:13`. */
export function bits(where: string, name: string, says: string): CsrField {
  const [hi = 0, lo = hi] = where.split(':').map(Number);
  return { name, hi, lo, says };
}
