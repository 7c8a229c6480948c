/** The processors on which programs run: what QEMU is told, what the hart has, and what the firmware lets S level do. */
import { closure } from '../../isa/defs/index.ts';
import { PROFILE } from './extensions.ts';

export interface Processor {
  readonly name: string;
  /** Path of the QEMU to start. */
  readonly qemu: string;
  /** QEMU's name of it, with properties. */
  readonly cpu: string;
  readonly extensions: ReadonlySet<string>;
  /** menvcfg under QEMU: what henvcfg is for a guest. */
  readonly menvcfg: bigint;
}

const MENVCFG_STCE = 1n << 63n;
const MENVCFG_PBMTE = 1n << 62n;
const MENVCFG_ADUE = 1n << 61n;
const MENVCFG_CACHE_BLOCKS = 0xf1n;
const MENVCFG = MENVCFG_STCE | MENVCFG_ADUE | MENVCFG_CACHE_BLOCKS;

/** In QEMU 7.2 one of them makes the reserved bits of leaves legal, so they have a processor of their own. */
const ATTRIBUTES = ['Svnapot', 'Svpbmt'];

function processor(name: string, more: readonly string[], menvcfg: bigint): Processor {
  const { path, cpu, extensions } = PROFILE;
  const switched = more.map((extension) => `,${extension.toLowerCase()}=true`).join('');
  return { name, qemu: path, cpu: cpu + switched, extensions: closure([...extensions, ...more]), menvcfg };
}

export const GENERAL = processor('general', [], MENVCFG);

/** With NAPOT leaves and memory types. */
export const TYPED_PAGES = processor('with Svnapot and Svpbmt', ATTRIBUTES, MENVCFG | MENVCFG_PBMTE);

/** What only QEMU 10 can be told: the list is empty with an older one. */
const newer = (name: string, more: readonly string[], menvcfg: bigint): readonly Processor[] =>
  PROFILE.isNew ? [processor(name, more, menvcfg)] : [];

/** With page faults for clear accessed and dirty bits. */
export const FAULTING = newer('with Svade', ['Svade'], MENVCFG & ~MENVCFG_ADUE);

/** With pointer masking of U level. */
export const MASKING = newer('with Ssnpm', ['Ssnpm'], MENVCFG);

/** Without C instructions are aligned at four bytes, and jumps elsewhere trap. */
export const WITHOUT_C: Processor = {
  ...GENERAL,
  name: 'without C',
  cpu: GENERAL.cpu.replace(/,(c|zc[a-z]*)=true/g, '').replace(/^rv64,/, 'rv64,c=false,'),
  extensions: new Set([...GENERAL.extensions].filter((name) => !/^(C|Zc[a-z]+|Zcb and .*)$/.test(name))),
};

/** The firmware needs these, and programs are assembled for them. */
const NEEDED = /^(M|A|F|D|C|Zaamo|Zalrsc|Zca|Zcd|Zicsr|Zifencei|S[a-z]+)$/;
/** Of what can be left out: for each shared encoding and each combination, one of its extensions is here and one is not. */
const ONE_HALF: ReadonlySet<string> = new Set([
  ...['Zba', 'Zbs', 'Zbkb', 'Zbc', 'Zcb', 'Zabha', 'Zfhmin', 'Zicbom', 'Zicbop', 'Zimop', 'Zkne', 'Zknh', 'Zawrs'],
]);

function withSome(name: string, isOn: (extension: string) => boolean): Processor {
  const off = PROFILE.extensions.filter((extension) => !NEEDED.test(extension) && !isOn(extension));
  const properties = new Set(off.map((extension) => `${extension.toLowerCase()}=true`));
  return {
    ...GENERAL,
    name,
    cpu: GENERAL.cpu
      .split(',')
      .filter((part) => !properties.has(part))
      .join(),
    extensions: closure(PROFILE.extensions.filter((extension) => !off.includes(extension))),
  };
}

/**
 * Each with what the other lacks, so that every extension is absent once beside others that are there. None where QEMU
 * has extensions on without being told.
 */
export const HALVES: readonly Processor[] = GENERAL.cpu.startsWith('rv64i,')
  ? [
      withSome('with one half of the extensions', (extension) => ONE_HALF.has(extension)),
      withSome('with the other half', (extension) => !ONE_HALF.has(extension)),
    ]
  : [];
