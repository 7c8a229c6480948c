/** The VMM model: a client of the KVM interface that loads a guest, boots it and serves its exits. Entry point of this folder. */
import { Bus } from '../bus/bus.ts';
import { type PlacedImage, place } from '../guests/load.ts';
import { isProblem } from '../guests/problem.ts';
import type { Vmm, VmmFailure, VmmOptions } from './api.ts';
import { type BootedVm, readConfig, setEntry, setUp } from './boot.ts';
import { VmContext } from './context.ts';
import { deviceTree } from './device-tree.ts';
import { flatten } from './fdt.ts';
import { type Layout, layOut, RAM_BASE, TREE_SPACE } from './layout.ts';
import { GuestRam } from './ram.ts';
import { CONFIG, SBI_EXT } from './registers.ts';
import { type EndOfVm, VcpuThread } from './thread.ts';

/** Sets everything up to the point where the first `turn` runs the guest. */
export function startVmm(options: VmmOptions): Vmm | VmmFailure {
  const image = place(options.image, RAM_BASE, BigInt(options.memory));
  if (isProblem(image)) return { failure: image.problem };
  const layout = layOut(image, options.memory, options.initrd);
  if ('failure' in layout) return layout;

  const booted = setUp(options);
  if ('failure' in booted) return booted;
  const mapping = options.kvm.mmap();
  if (mapping.size < options.memory) {
    return failure('memory', `the host lends ${mapping.size} bytes, the guest wants ${options.memory}`);
  }
  const tree = treeBlob(options, booted, layout);
  if ('failure' in tree) return tree;
  const ram = new GuestRam(mapping, options.memory);
  load(ram, image);
  ram.write(layout.tree, tree.blob);
  if (options.initrd && layout.initrd) ram.write(layout.initrd.start, options.initrd);

  const [boot] = booted.vcpus;
  const failed = boot && setEntry(boot, image.entry, layout.tree);
  if (failed) return failed;
  return assemble(options, booted, ram, image.entry, tree.blob);
}

/** Zero-filled parts need no writing: new memory is zero. */
function load(ram: GuestRam, image: PlacedImage): void {
  for (const segment of image.segments) ram.write(segment.address, segment.bytes);
}

/** What every 64-bit hart with paging has; before Linux 6.6 KVM does not tell of more. */
const SATP_MODE_SV39 = 8n;

/** Cache-block sizes that KVM tells, by the ISA extension they belong to. */
const BLOCK_SIZES = {
  zicbom: CONFIG.zicbom_block_size,
  zicboz: CONFIG.zicboz_block_size,
  zicbop: CONFIG.zicbop_block_size,
};

function treeBlob(options: VmmOptions, booted: BootedVm, layout: Layout): { readonly blob: Uint8Array } | VmmFailure {
  const [vcpu] = booted.vcpus;
  if (!vcpu) return failure('ioctl', 'a machine needs at least one hart');
  const satpMode = booted.registers.has(CONFIG.satp_mode.id) ? readConfig(vcpu, CONFIG.satp_mode) : SATP_MODE_SV39;
  if (typeof satpMode !== 'bigint') return satpMode;
  const isa = options.isa.map((name) => name.toLowerCase());
  const blockSizes: Record<string, number> = {};
  for (const [extension, register] of Object.entries(BLOCK_SIZES)) {
    if (!isa.includes(extension)) continue;
    const size = readConfig(vcpu, register);
    if (typeof size !== 'bigint') return size;
    blockSizes[extension] = Number(size);
  }
  const { harts, memory, timebaseFrequency, bootargs, devices = [] } = options;
  const { initrd } = layout;
  const blob = flatten(
    deviceTree({ harts, memory, isa, timebaseFrequency, satpMode, blockSizes, bootargs, initrd, devices }),
  );
  if (BigInt(blob.length) > TREE_SPACE) {
    return failure(
      'memory',
      `the device tree has ${blob.length} bytes, ${TREE_SPACE} are reserved`,
      'shorten the boot arguments',
    );
  }
  return { blob };
}

function assemble(
  options: VmmOptions,
  { vm, vcpus, registers }: BootedVm,
  ram: GuestRam,
  entry: bigint,
  deviceTree: Uint8Array,
): Vmm {
  const bus = new Bus();
  for (const { base, device } of options.devices ?? []) bus.insert(base, device);
  const context = new VmContext(options, vm, vcpus, ram, registers.has(SBI_EXT.SUSP.id));
  const end: EndOfVm = { ended: null };
  return {
    threads: vcpus.map((vcpu) => new VcpuThread(context, bus, vcpu, end)),
    get ended() {
      return end.ended;
    },
    entry,
    deviceTree,
  };
}

function failure(code: VmmFailure['failure']['code'], message: string, hint?: string): VmmFailure {
  return { failure: hint === undefined ? { code, message } : { code, message, hint } };
}
