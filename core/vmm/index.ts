/** The VMM model: a client of the KVM interface that loads a guest, boots it and serves its exits. Entry point of this folder. */
import { hex } from '../base/bits.ts';
import { Bus } from '../bus/bus.ts';
import type { Segment } from '../guests/elf.ts';
import { type PlacedImage, place } from '../guests/load.ts';
import { isProblem } from '../guests/problem.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SSE_PLATFORM_EVENTS } from '../sbi/spec/sse.ts';
import { hasVersion } from '../sbi/version.ts';
import { at, PlainError } from '../schema/plain.ts';
import type { Vmm, VmmFailure, VmmOptions, VmmSettings } from './api.ts';
import { type BootedVm, readConfig, setEntry, setUp } from './boot.ts';
import { VmContext } from './context.ts';
import { deviceTree } from './device-tree.ts';
import { flatten } from './fdt.ts';
import { type Layout, layOut, RAM_BASE, TREE_SPACE, treeAddress } from './layout.ts';
import { serves } from './profiles/index.ts';
import { GuestRam } from './ram.ts';
import { bootAgain } from './reboot.ts';
import { CONFIG, SBI_EXT } from './registers.ts';
import { loadDevices, loadEnd, saveDevices, saveEnd } from './saved.ts';
import { offerOverflow } from './sbi/sse/overflow.ts';
import { isAwaited, raise } from './sbi/sse/route.ts';
import { loadState, saveState } from './sbi/state.ts';
import type { VmmSnapshot } from './snapshot.ts';
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
  const tooSmall = lackOfMemory(mapping.size, options.memory);
  if (tooSmall) return tooSmall;
  const tree = treeBlob(options, booted, layout);
  if ('failure' in tree) return tree;
  const ram = new GuestRam(mapping, options.memory);
  load(ram, image);
  ram.write(layout.tree, tree.blob);
  if (options.initrd && layout.initrd) ram.write(layout.initrd.start, options.initrd);

  const [boot] = booted.vcpus;
  const failed = boot && setEntry(boot, image.entry, layout.tree);
  if (failed) return failed;
  const segments = [...image.segments, segmentOf(layout.tree, tree.blob)];
  if (options.initrd && layout.initrd) segments.push(segmentOf(layout.initrd.start, options.initrd));
  return new RunningVmm(options, booted, ram, image.entry, tree.blob, segments);
}

function segmentOf(address: bigint, bytes: Uint8Array): Segment {
  return { address, bytes, size: BigInt(bytes.length) };
}

/**
 * Sets the same VM up with nothing loaded, and takes over what a VMM saved; KVM and memory are then to be loaded.
 * `loaded` is what `Vmm.loaded` was. Throws PlainError when `saved` is not of such a VM.
 */
export function resumeVmm(
  settings: VmmSettings,
  saved: VmmSnapshot,
  loaded: readonly Segment[] | null = null,
): Vmm | VmmFailure {
  const booted = setUp(settings);
  if ('failure' in booted) return booted;
  const mapping = settings.kvm.mmap();
  const tooSmall = lackOfMemory(mapping.size, settings.memory);
  if (tooSmall) return tooSmall;
  const ram = new GuestRam(mapping, settings.memory);
  for (const [index, { address, bytes, size }] of (loaded ?? []).entries()) {
    if (ram.contains(address, size) && BigInt(bytes.length) <= size) continue;
    throw new PlainError(`loaded.${index}`, 'is not in RAM');
  }
  const vmm = new RunningVmm(settings, booted, ram, BigInt(saved.entry), null, loaded);
  vmm.load(saved);
  return vmm;
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
  const messages = servesMessages(options);
  const blob = flatten(
    deviceTree({ harts, memory, isa, timebaseFrequency, satpMode, blockSizes, bootargs, initrd, messages, devices }),
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

/** Other VMMs have no channels, and before SBI 3.0 there is no MPXY. */
function servesMessages({ modes, profile, sbiVersion }: VmmOptions): boolean {
  return modes.MPXY === 'vmm' && serves(profile, 'MPXY') && hasVersion(SBI.MPXY, sbiVersion);
}

const { CONSOLE_INPUT } = SSE_PLATFORM_EVENTS;

class RunningVmm implements Vmm {
  readonly threads: readonly VcpuThread[];
  readonly #bus = new Bus();
  readonly #context: VmContext;
  readonly #end: EndOfVm;
  /** Devices as a reset leaves them. */
  readonly #newDevices: VmmSnapshot['devices'];
  readonly loaded: readonly Segment[] | null;

  constructor(
    settings: VmmSettings,
    { vm, vcpus, registers }: BootedVm,
    ram: GuestRam,
    readonly entry: bigint,
    readonly deviceTree: Uint8Array | null,
    segments: readonly Segment[] | null,
  ) {
    const bootsAgain = settings.profile.reset.bootsAgain === true;
    this.loaded = bootsAgain ? segments : null;
    this.#end = { ended: null, bootAgain: bootsAgain ? () => this.#bootAgain(registers) : null };
    for (const { base, device } of settings.devices ?? []) this.#bus.insert(base, device);
    this.#context = new VmContext(settings, vm, vcpus, ram, registers.has(SBI_EXT.SUSP.id));
    offerOverflow(this.#context);
    this.threads = vcpus.map((vcpu) => new VcpuThread(this.#context, this.#bus, vcpu, this.#end));
    this.#newDevices = saveDevices(this.#bus);
  }

  #bootAgain(present: ReadonlySet<bigint>): string | null {
    const { loaded: segments, entry } = this;
    if (segments === null)
      return 'the guest asked for a reset, and the saved machine does not hold what it was loaded with';
    for (const thread of this.threads) thread.restart();
    loadDevices(this.#bus, this.#newDevices);
    const tree = treeAddress(this.#context.options.memory);
    return bootAgain(this.#context, present, { segments, entry, tree });
  }

  get ended(): Vmm['ended'] {
    return this.#end.ended;
  }

  get wakesForInput(): boolean {
    // A thread that sleeps for ever sleeps until there is some.
    return (
      this.threads.some(({ sleepingUntil, isOver }) => sleepingUntil === Number.POSITIVE_INFINITY && !isOver) ||
      isAwaited(this.#context, CONSOLE_INPUT)
    );
  }

  inputCame(): void {
    raise(this.#context, CONSOLE_INPUT, 0);
  }

  save(): VmmSnapshot {
    return {
      ended: saveEnd(this.ended),
      entry: hex(this.entry),
      threads: this.threads.map((thread) => thread.save()),
      suspended: [...this.#context.suspended],
      said: [...this.#context.said],
      devices: saveDevices(this.#bus),
      sbi: saveState(this.#context.sbi),
    };
  }

  load(saved: VmmSnapshot): void {
    if (saved.threads.length !== this.threads.length) {
      throw new PlainError('threads', `there are ${saved.threads.length} where the VM has ${this.threads.length}`);
    }
    for (const [index, thread] of this.threads.entries()) {
      const own = saved.threads[index];
      if (own !== undefined) at(`threads.${index}`, () => thread.load(own));
    }
    this.#end.ended = loadEnd(saved.ended);
    for (const hart of saved.suspended) this.#context.suspended.add(hart);
    for (const words of saved.said) this.#context.said.add(words);
    at('devices', () => loadDevices(this.#bus, saved.devices));
    at('sbi', () => loadState(this.#context.sbi, saved.sbi));
  }
}

function lackOfMemory(lent: number, wanted: number): VmmFailure | null {
  return lent < wanted ? failure('memory', `the host lends ${lent} bytes, the guest wants ${wanted}`) : null;
}

function failure(code: VmmFailure['failure']['code'], message: string, hint?: string): VmmFailure {
  return { failure: hint === undefined ? { code, message } : { code, message, hint } };
}
