/** Cards of the ONE_REG registers and of the parts that they fall into. Pure. */
import { csrByNumber } from '../isa/csr/index.ts';
import { extensionByName } from '../isa/defs/index.ts';
import { MAX } from '../kvm/profiles/index.ts';
import { ISA_EXT_TITLES } from '../kvm/reference/isa-ext.ts';
import {
  type Meaning,
  REGISTER_PARTS,
  REGISTERS,
  type RegisterPart,
  type RegisterRow,
  registerIdOf,
  registerOf,
} from '../kvm/reference/registers.ts';
import { RULES } from '../kvm/reference/rules.ts';
import { SBI } from '../sbi/spec/index.ts';
import { type Card, cardId, type Item, line, rows } from './card.ts';
import { refusalItem } from './kvm.ts';
import { NEWEST, sinceLinux } from './since.ts';

/** Vector registers are shown with the size that they have on the machine with every extension. */
const VECTOR_BYTES = MAX.vlenb;

export function registerCards(): readonly Card[] {
  return [...(Object.keys(REGISTER_PARTS) as RegisterPart[]).map(partCard), ...REGISTERS.map(registerCard)];
}

function partCard(part: RegisterPart): Card {
  const members = REGISTERS.filter((row) => row.part === part);
  const whatIf = members.every((row) => row.whatIf);
  return {
    id: cardId('register', part),
    kind: 'register',
    name: part,
    title: 'Group of ONE_REG registers',
    code: `${members.length} registers`,
    says: REGISTER_PARTS[part],
    whatIf,
    rows: rows(whatIf ? null : line('Linux', sinceText(members)), {
      label: 'Registers',
      items: members.map((row) => ({
        term: row.name,
        card: cardId('register', row.name),
        text: meaningOf(row.meaning),
      })),
    }),
    seen: { on: 'ioctls', text: `${part.replace('.MULTI', '')}.` },
    aliases: [`KVM_REG_RISCV_${part}`],
    hasNumber: () => false,
  };
}

function registerCard(row: RegisterRow): Card {
  const id = registerIdOf(row, VECTOR_BYTES);
  const rule = RULES[row.rule];
  return {
    id: cardId('register', row.name),
    kind: 'register',
    name: row.name,
    title: `ONE_REG register of ${(row.bytes ?? VECTOR_BYTES) * 8} bits`,
    code: `0x${id.toString(16).padStart(16, '0')}`,
    says: meaningOf(row.meaning),
    whatIf: row.whatIf,
    rows: rows(
      row.bytes === null
        ? line('Size', `That of a vector register of the host; shown for ${VECTOR_BYTES * 8} bits.`)
        : null,
      line('Can be written', rule.says),
      { label: 'Errors', items: rule.refusals.map(refusalItem) },
      row.whatIf ? null : line('Linux', sinceText([row])),
      { label: 'About', items: about(row.meaning) },
      {
        label: 'Group',
        items: [{ term: row.part, card: cardId('register', row.part), text: REGISTER_PARTS[row.part] }],
      },
    ),
    seen: { on: 'ioctls', text: row.name },
    aliases: [],
    hasNumber: (value) => registerOf(BigInt.asUintN(64, value)) === row && isRegister(value),
  };
}

/** Ids have the architecture in their upper bits: smaller numbers are something else. */
function isRegister(value: bigint): boolean {
  return BigInt.asUintN(64, value) >> 63n === 1n;
}

function sinceText(members: readonly RegisterRow[]): string {
  const since = sinceLinux((release) => members.some((row) => row.isIn(release)), 'registers');
  return since === null ? `Not in Linux up to ${NEWEST.name}.` : `Since ${since}.`;
}

function meaningOf(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'words':
      return meaning.says;
    case 'csr': {
      const csr = csrByNumber(meaning.csr);
      return csr === undefined ? '' : `The CSR ${csr.name}. ${csr.says}`;
    }
    case 'isa': {
      const title = isaTitle(meaning.name);
      return title === '' ? '' : `Whether the vcpu has ${spelled(meaning.name)}: ${lowered(title)}.`;
    }
    case 'sbi':
      return `Whether the vcpu has the SBI extension ${meaning.name} (${lowered(SBI[meaning.name].title)}).`;
    default:
      return meaning satisfies never;
  }
}

function about(meaning: Meaning): readonly Item[] {
  return meaning.kind === 'sbi' ? [{ term: meaning.name, card: cardId('extension', meaning.name) }] : [];
}

function isaTitle(name: string): string {
  const titles: Readonly<Record<string, string | undefined>> = ISA_EXT_TITLES;
  return extensionByName(spelled(name))?.title ?? titles[name] ?? '';
}

/** `Zbb` for `ZBB`. */
function spelled(name: string): string {
  return `${name[0]}${name.slice(1).toLowerCase()}`;
}

/** Without the capital of its first word, unless that is an acronym. */
function lowered(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? `${title[0]?.toLowerCase()}${title.slice(1)}` : title;
}
