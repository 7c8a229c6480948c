/** From cases as they are written to cases as they are run: names become ids and registers. */
import { SBI } from '../../sbi/spec/index.ts';
import type { SbiExtension, SbiFunction, SbiName } from '../../sbi/types.ts';
import type { Case, CasesOf, ExtensionCases, Operand } from './types.ts';

interface Written {
  readonly function: string;
  readonly with?: Readonly<Record<string, Operand | undefined>>;
}

/** The ids of a function: legacy calls have no function id, and what is in a6 then does not matter. */
export function idsOf(
  extension: SbiExtension,
  definition: SbiFunction,
): { readonly eid: bigint; readonly fid: bigint } {
  return { eid: BigInt(definition.eid ?? extension.eid[0]), fid: BigInt(definition.fid ?? 0) };
}

/** The cases of an extension, written with the names of its table. */
export function casesOf<Name extends SbiName>(name: Name, written: CasesOf<Name>): ExtensionCases {
  const extension: SbiExtension = SBI[name];
  const { routines = '', isa = [], alongside = [], unreachable = {}, nothingReserved = {}, differences = [] } = written;
  const cases = written.cases.map((one): Case => {
    const { with: values = {}, ...body } = one as unknown as Written & Case;
    const definition = extension.functions[one.function as string];
    if (definition === undefined) throw new Error(`${name} has no function ${String(one.function)}`);
    const args = definition.args.map((argument) => values[argument.name] ?? 0n);
    const { eid, fid } = idsOf(extension, definition);
    return { ...body, eid, fid: one.a6 ?? fid, args };
  });
  return { name, routines, isa, alongside, cases, unreachable, nothingReserved, differences };
}
