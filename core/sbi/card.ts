/** What a card about an extension shows, from its table: nothing here that the table does not say. */
import { SBI } from './spec/index.ts';
import { type Category, SBI_ERRORS, type SbiError, type SbiExtension, type SbiName } from './types.ts';

/** The five categories as words. */
export const CATEGORY_TEXT: Readonly<Record<Category, string>> = {
  'isa-gap': 'fills a gap of the instruction set',
  privilege: 'needs a higher privilege',
  virtualization: 'exists because of virtualization',
  platform: 'abstracts the platform',
  confidential: 'serves confidential computing',
};

export interface ExtensionCard {
  readonly name: SbiName;
  readonly title: string;
  readonly says: string;
  /** `0x48534d`, or `0x8000000–0x8ffffff` for a range. */
  readonly ids: string;
  /** `SBI 0.2, §9`. */
  readonly source: string;
  readonly category: string;
  readonly hot: string | null;
  readonly functions: readonly FunctionCard[];
}

export interface FunctionCard {
  /** `hart_start(hartid, start_addr, opaque)`. */
  readonly signature: string;
  /** `fid 0`, or `eid 0x1` for a legacy call. */
  readonly id: string;
  readonly since: string;
  readonly says: string;
  readonly returns: string | null;
  readonly errors: readonly { readonly name: SbiError; readonly code: number }[];
  readonly arguments: readonly { readonly name: string; readonly says: string }[];
}

/** The card of an extension. */
export function extensionCard(name: SbiName): ExtensionCard {
  const extension: SbiExtension = SBI[name];
  const [first, last] = extension.eid.map((id) => `0x${id.toString(16)}`);
  return {
    name,
    title: extension.title,
    says: extension.says,
    ids: first === last ? `${first}` : `${first}–${last}`,
    source: `SBI ${extension.since}, §${extension.chapter}`,
    category: CATEGORY_TEXT[extension.category],
    hot: extension.hot,
    functions: Object.entries(extension.functions).map(([key, definition]) => ({
      signature: `${key}(${definition.args.map((argument) => argument.name).join(', ')})`,
      id: definition.fid === undefined ? `eid 0x${(definition.eid ?? 0).toString(16)}` : `fid ${definition.fid}`,
      since: definition.since,
      says: definition.says,
      returns: definition.noReturn === true ? 'does not return' : (definition.returns ?? null),
      errors: definition.errors.map((error) => ({ name: error, code: SBI_ERRORS[error] })),
      arguments: definition.args.map((argument) => ({ name: argument.name, says: argumentSays(argument) })),
    })),
  };
}

function argumentSays(argument: SbiExtension['functions'][string]['args'][number]): string {
  const values = Object.entries(argument.values ?? {}).map(([name, value]) => `${value} ${name}`);
  return [argument.says, values.join(', ')].filter((part) => part !== undefined && part !== '').join(' ');
}
