/**
 * The device tree that the VMM gives its guest: cpus, RAM, chosen and the devices of the bus. No
 * interrupt controller but the harts' own, so devices are polled. [Linux bindings riscv/cpus.yaml, chosen.yaml]
 */
import { utf8 } from '../base/bytes.ts';
import type { Placed } from '../bus/bus.ts';
import { cells, FLAG, strings, type TreeNode, treeNode, wide } from '../bus/tree.ts';
import { isaNames } from './isa-string.ts';
import { RAM_BASE } from './layout.ts';
import { randomBytes } from './random.ts';

/** satp.MODE by number. [privileged ISA §satp] */
const MMU_TYPES: Readonly<Record<string, string>> = { 8: 'riscv,sv39', 9: 'riscv,sv48', 10: 'riscv,sv57' };
/** Linux feeds it to its random number generator at boot; 32 bytes make that ready at once. */
const SEED_BYTES = 32;

export interface TreeFacts {
  readonly harts: number;
  readonly memory: number;
  readonly isa: readonly string[];
  readonly timebaseFrequency: number;
  /** CONFIG.satp_mode of a vcpu. */
  readonly satpMode: bigint;
  /** Cache-block sizes by extension, as KVM gives them. */
  readonly blockSizes: Readonly<Record<string, number>>;
  readonly bootargs: string;
  readonly initrd: { readonly start: bigint; readonly end: bigint } | null;
  /** Whether the guest has channels of MPXY. */
  readonly messages: boolean;
  readonly devices: readonly Placed[];
}

export function deviceTree(facts: TreeFacts): TreeNode {
  const serial = facts.devices.map((placed) => placed.device.tree(placed.base));
  const names = (node: TreeNode) => node.name.startsWith('serial@');
  return treeNode(
    '',
    {
      '#address-cells': cells(2),
      '#size-cells': cells(2),
      compatible: strings('ecall,virt'),
      model: strings('Ecall'),
    },
    [
      chosen(facts, serial.find(names)),
      treeNode(`memory@${RAM_BASE.toString(16)}`, {
        device_type: strings('memory'),
        reg: wide(RAM_BASE, BigInt(facts.memory)),
      }),
      cpus(facts),
      ...(facts.messages ? [MAILBOX] : []),
      treeNode(
        'soc',
        { compatible: strings('simple-bus'), '#address-cells': cells(2), '#size-cells': cells(2), ranges: FLAG },
        serial,
      ),
    ],
  );
}

/**
 * MPXY as a mailbox: a client would name a channel by its id and its protocol. It stands outside of soc, for it has no
 * registers. The channels of this VMM have protocols of its own, for whose clients there is no binding.
 * [Linux bindings mailbox/riscv,sbi-mpxy-mbox.yaml]
 */
const MAILBOX = treeNode('mailbox', { compatible: strings('riscv,sbi-mpxy-mbox'), '#mbox-cells': cells(2) });

function chosen(facts: TreeFacts, serial: TreeNode | undefined): TreeNode {
  return treeNode('chosen', {
    bootargs: strings(facts.bootargs),
    ...(serial && { 'stdout-path': strings(`/soc/${serial.name}`) }),
    ...(facts.initrd && {
      'linux,initrd-start': wide(facts.initrd.start),
      'linux,initrd-end': wide(facts.initrd.end),
    }),
    'rng-seed': randomBytes(seedOf(facts), SEED_BYTES),
  });
}

/** What makes one run differ from another, so that equal runs have equal seeds. */
function seedOf(facts: TreeFacts): Uint8Array {
  return utf8([facts.harts, facts.memory, facts.isa.join('_'), facts.bootargs, facts.initrd?.end].join('\n'));
}

function cpus(facts: TreeFacts): TreeNode {
  const isa = isaNames(facts.isa);
  const mmu = MMU_TYPES[facts.satpMode.toString()];
  const blocks = Object.entries(facts.blockSizes).filter(([name]) => isa.extensions.includes(name));
  const cpu = (id: number) =>
    treeNode(
      `cpu@${id.toString(16)}`,
      {
        device_type: strings('cpu'),
        reg: cells(id),
        status: strings('okay'),
        compatible: strings('riscv'),
        'riscv,isa': strings(isa.isa),
        'riscv,isa-base': strings(isa.base),
        'riscv,isa-extensions': strings(...isa.extensions),
        ...Object.fromEntries(blocks.map(([name, size]) => [blockSizeProperty(name), cells(size)])),
        ...(mmu && { 'mmu-type': strings(mmu) }),
      },
      [
        treeNode('interrupt-controller', {
          '#address-cells': cells(0),
          '#interrupt-cells': cells(1),
          'interrupt-controller': FLAG,
          compatible: strings('riscv,cpu-intc'),
        }),
      ],
    );
  return treeNode(
    'cpus',
    { '#address-cells': cells(1), '#size-cells': cells(0), 'timebase-frequency': cells(facts.timebaseFrequency) },
    Array.from({ length: facts.harts }, (_, id) => cpu(id)),
  );
}

/** `riscv,cbom-block-size` for zicbom. */
function blockSizeProperty(extension: string): string {
  return `riscv,${extension.replace('zic', 'c')}-block-size`;
}
