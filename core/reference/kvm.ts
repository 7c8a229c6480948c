/** Cards of exits, ioctls and errno values of KVM. Pure. */
import { ERRNOS, type ErrnoName, type Refusal } from '../kvm/reference/errnos.ts';
import { EXITS, type ExitName, type ExitWords } from '../kvm/reference/exits.ts';
import { IOCTLS, type IoctlName, type IoctlWords } from '../kvm/reference/ioctls.ts';
import { REGISTERS } from '../kvm/reference/registers.ts';
import { RULES } from '../kvm/reference/rules.ts';
import { SBI_NAMES } from '../sbi/types.ts';
import { type Card, cardId, type Item, line, type Row, rows } from './card.ts';
import { firstRelease, NEWEST, sinceLinux } from './since.ts';

const names = <Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] =>
  Object.keys(table) as Name[];

/** The ioctl that every exit comes back from. */
const RUN = cardId('ioctl', 'KVM_RUN' satisfies IoctlName);

export function exitCards(): readonly Card[] {
  return names(EXITS).map((name) => {
    const words: ExitWords = EXITS[name];
    return {
      id: cardId('exit', name),
      kind: 'exit',
      name,
      title: 'Exit of KVM_RUN',
      code: String(words.reason),
      says: words.says,
      whatIf: words.whatIf === true,
      rows: rows(
        fields(words),
        line('What the VMM does', words.vmm),
        line('How the guest goes on', words.completion),
        forwarded(name),
        words.whatIf === true ? null : line('Linux', `Since ${exitSince(words)}.`),
        { label: 'ioctl', items: [{ term: 'KVM_RUN', card: RUN }] },
      ),
      seen: isOfCall(name) ? { on: 'calls', text: name } : { on: 'ioctls', text: name },
      aliases: [name.replace('KVM_EXIT_', '')],
      hasNumber: (value) => value === BigInt(words.reason),
    };
  });
}

/** Exits that a call of the trace went through: they stand in its story. */
function isOfCall(name: ExitName): boolean {
  return name === 'KVM_EXIT_RISCV_SBI' || name === 'KVM_EXIT_SYSTEM_EVENT';
}

function fields({ run }: ExitWords): Row | null {
  if (run === null) return null;
  return {
    label: `kvm_run.${run.part}`,
    items: Object.entries(run.fields).map(([term, text]) => ({ term, text })),
  };
}

/** What Linux hands to user space comes out by one exit. */
function forwarded(name: ExitName): Row | null {
  if (name !== 'KVM_EXIT_RISCV_SBI') return null;
  const handed = SBI_NAMES.filter((extension) => NEWEST.extensions[extension]?.where === 'user');
  return {
    label: `Handed over by Linux ${NEWEST.name}`,
    items: handed.map((extension) => ({ term: extension, card: cardId('extension', extension) })),
  };
}

function exitSince({ since, capability }: ExitWords): string {
  if (since !== undefined) return `Linux ${since}`;
  const has = (release: typeof NEWEST): boolean =>
    capability === undefined || release.capabilities[capability] !== undefined;
  return sinceLinux(has, 'registers') ?? `no Linux up to ${NEWEST.name}`;
}

export function ioctlCards(): readonly Card[] {
  return names(IOCTLS).map((name) => {
    const words: IoctlWords = IOCTLS[name];
    return {
      id: cardId('ioctl', name),
      kind: 'ioctl',
      name,
      title: `ioctl on ${words.on.join(' and ')}`,
      code: '',
      says: words.says,
      whatIf: words.whatIf === true,
      rows: rows(
        { label: 'Errors', items: words.refusals.map(refusalItem) },
        words.whatIf === true ? null : line('Linux', ioctlSince(words)),
        name === 'KVM_RUN' ? exitsRow() : null,
      ),
      seen: { on: 'ioctls', text: name },
      aliases: [],
      hasNumber: () => false,
    };
  });
}

function exitsRow(): Row {
  return { label: 'Exits', items: names(EXITS).map((exit) => ({ term: exit, card: cardId('exit', exit) })) };
}

function ioctlSince({ isIn }: IoctlWords): string {
  return `Since ${sinceLinux((release) => isIn?.(release) ?? true, 'registers')}.`;
}

export function errnoCards(): readonly Card[] {
  return names(ERRNOS).map((name) => {
    const { code, says } = ERRNOS[name];
    return {
      id: cardId('errno', name),
      kind: 'errno',
      name,
      title: 'errno of an ioctl',
      code: String(code),
      says,
      whatIf: false,
      rows: rows(
        { label: 'Given by', items: ioctlsGiving(name) },
        { label: 'Given by KVM_SET_ONE_REG', items: registersGiving(name) },
        formerly(name),
      ),
      seen: { on: 'ioctls', text: `-${name}` },
      aliases: [],
      hasNumber: (value) => value === BigInt(code) || value === BigInt(-code),
    };
  });
}

export function refusalItem({ errno, when }: Refusal): Item {
  return { term: errno, card: cardId('errno', errno), text: when };
}

function ioctlsGiving(errno: ErrnoName): readonly Item[] {
  return names(IOCTLS).flatMap((name) => {
    const { refusals }: IoctlWords = IOCTLS[name];
    return refusals
      .filter((refusal) => refusal.errno === errno)
      .map(({ when }) => ({ term: name, card: cardId('ioctl', name), text: when }));
  });
}

/** The parts whose registers can answer so, each reason once. */
function registersGiving(errno: ErrnoName): readonly Item[] {
  const found = new Map<string, Item>();
  for (const { part, rule } of REGISTERS) {
    for (const { errno: given, when } of RULES[rule].refusals) {
      if (given === errno) found.set(`${part} ${when}`, { term: part, card: cardId('register', part), text: when });
    }
  }
  return [...found.values()];
}

/** What older releases gave where they give something else today. */
function formerly(errno: ErrnoName): Row | null {
  const changed = firstRelease(({ quirks }) => quirks.registerErrors === 'today');
  if (changed === undefined) return null;
  const before = `Before Linux ${changed.name}`;
  switch (errno) {
    case 'ENOENT':
      return { label: before, items: [{ term: 'EINVAL', card: cardId('errno', 'EINVAL'), text: 'For ONE_REG.' }] };
    case 'EBUSY':
      return {
        label: before,
        items: [{ term: 'EOPNOTSUPP', card: cardId('errno', 'EOPNOTSUPP'), text: 'For ONE_REG.' }],
      };
    case 'EINVAL':
      return line(before, 'It also stands for ENOENT of ONE_REG.');
    case 'EOPNOTSUPP':
      return line(before, 'It also stands for EBUSY of ONE_REG.');
    default:
      return null;
  }
}
