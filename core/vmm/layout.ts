/** Where things stand in guest-physical memory: RAM, and in it the image, the initrd and the device tree. */
import { hex } from '../base/bits.ts';
import { alignDown, alignUp } from '../base/bytes.ts';
import type { PlacedImage } from '../guests/load.ts';
import type { VmmFailure } from './api.ts';

export const RAM_BASE = 0x8000_0000n;
/** Room for the device tree; ours take 2 to 4 KiB. */
export const TREE_SPACE = 0x1_0000n;
/** A device tree may not cross a 2 MiB boundary where Linux maps it early. */
const TREE_ALIGN = 0x20_0000n;
const PAGE = 0x1000n;

export interface Layout {
  readonly tree: bigint;
  readonly initrd: { readonly start: bigint; readonly end: bigint } | null;
}

/** Where the device tree goes in so many bytes of RAM. */
export function treeAddress(memory: number): bigint {
  return alignDown(RAM_BASE + BigInt(memory) - TREE_SPACE, TREE_ALIGN);
}

/** The device tree goes to the end of RAM and the initrd below it, both clear of the image. */
export function layOut(image: PlacedImage, memory: number, initrd: Uint8Array | undefined): Layout | VmmFailure {
  const tree = treeAddress(memory);
  const length = BigInt(initrd?.length ?? 0);
  const start = alignDown(tree - length, PAGE);
  if (start < alignUp(image.end, PAGE)) {
    const needed = alignUp(image.end - RAM_BASE + length + PAGE + TREE_SPACE, TREE_ALIGN) + TREE_ALIGN;
    const what = initrd ? 'the initrd and the device tree' : 'the device tree';
    return {
      failure: {
        code: 'memory',
        message: `no room for ${what} behind the image, which ends at ${hex(image.end)}`,
        hint: `give the guest at least ${needed >> 20n} MiB`,
      },
    };
  }
  return { tree, initrd: initrd ? { start, end: start + length } : null };
}
