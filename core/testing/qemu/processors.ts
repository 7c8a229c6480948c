/** The processors on which programs run: what QEMU is told, what the hart has, and what the firmware lets S level do. */
import { OPTIONAL, SWITCHED_ON } from './extensions.ts';

export interface Processor {
  readonly name: string;
  /** QEMU's name of it, with properties. */
  readonly cpu: string;
  readonly extensions: ReadonlySet<string>;
  /** menvcfg under QEMU: what henvcfg is for a guest. */
  readonly menvcfg: bigint;
}

const MENVCFG_STCE = 1n << 63n;
const MENVCFG_PBMTE = 1n << 62n;
const MENVCFG_CACHE_BLOCKS = 0xf1n;

/**
 * What Ecall has too; F and D are off since their state would show in sstatus. Sstc and the cache-block extensions
 * are on by default in QEMU 7.2, which also sets accessed and dirty bits.
 */
const CPU = 'rv64,h=false,f=false,d=false,v=false';
const EXTENSIONS = ['I', 'M', 'A', 'C', 'Zicsr', 'Zifencei', 'Zicbom', 'Zicboz', 'Zihintpause', 'Sstc', 'Svadu'];
const switched = (names: readonly string[]): string => names.map((name) => `,${name.toLowerCase()}=true`).join('');

/** In QEMU 7.2 one of them makes the reserved bits of leaves legal, so they have a processor of their own. */
const ATTRIBUTES = ['Svnapot', 'Svpbmt'];

export const GENERAL: Processor = {
  name: 'general',
  cpu: CPU + switched(SWITCHED_ON),
  extensions: new Set([...EXTENSIONS, ...OPTIONAL]),
  menvcfg: MENVCFG_STCE | MENVCFG_CACHE_BLOCKS,
};

/** With NAPOT leaves and memory types. */
export const TYPED_PAGES: Processor = {
  name: 'with Svnapot and Svpbmt',
  cpu: CPU + switched([...SWITCHED_ON, ...ATTRIBUTES]),
  extensions: new Set([...EXTENSIONS, ...OPTIONAL, ...ATTRIBUTES]),
  menvcfg: MENVCFG_STCE | MENVCFG_PBMTE | MENVCFG_CACHE_BLOCKS,
};
