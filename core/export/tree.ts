/** The device tree that the exported program gives its guest: the one that the VMM model makes. */
import type { Config } from '../config/index.ts';
import { standardDevices } from '../devices/index.ts';
import type { HostProfile } from '../kvm/profiles/index.ts';
import { deviceTree } from '../vmm/device-tree.ts';
import { flatten } from '../vmm/fdt.ts';

const MIB = 1024 * 1024;
/** What every 64-bit hart with paging has: Sv39. */
const SATP_MODE_SV39 = 8n;
/** Nothing reads or writes the console while the tree is made. */
const NO_CONSOLE = { write: () => undefined, read: () => new Uint8Array(), pending: 0 };
/** Two frequencies that differ in each byte, so that where they stand shows. */
const PLACEHOLDERS = [0x0102_0304, 0x0506_0708] as const;

export interface ExportedTree {
  readonly blob: Uint8Array;
  /** Where the four bytes of timebase-frequency stand, which only the host knows. */
  readonly frequencyOffset: number;
}

export function treeOf(config: Config, profile: HostProfile): ExportedTree {
  const isa = ['I', ...config.isa].map((name) => name.toLowerCase());
  const blockSizes = Object.entries(profile.blockSizes).map(([name, size]) => [name.toLowerCase(), Number(size)]);
  const [blob, other] = PLACEHOLDERS.map((timebaseFrequency) =>
    flatten(
      deviceTree({
        harts: config.harts,
        memory: config.memory * MIB,
        isa,
        timebaseFrequency,
        satpMode: SATP_MODE_SV39,
        blockSizes: Object.fromEntries(blockSizes),
        bootargs: config.bootargs,
        initrd: null,
        messages: false,
        devices: standardDevices(NO_CONSOLE),
      }),
    ),
  ) as [Uint8Array, Uint8Array];
  return { blob, frequencyOffset: blob.findIndex((byte, at) => byte !== other[at]) };
}
