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
