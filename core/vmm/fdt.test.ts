import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../base/bytes.ts';
import { cells, FLAG, strings, type TreeNode, treeNode, wide } from '../bus/tree.ts';
import { standardDevices } from '../devices/index.ts';
import { toolOrSkip } from '../testing/tools.ts';
import { deviceTree, type TreeFacts } from './device-tree.ts';
import { flatten, parseFdt } from './fdt.ts';

const NO_CONSOLE = { write: () => {}, read: () => new Uint8Array(0), pending: 0 };
const FACTS: TreeFacts = {
  harts: 3,
  memory: 64 * 1024 * 1024,
  isa: ['I', 'M', 'A', 'C', 'Zicbom', 'Zicntr', 'Zicsr', 'Zifencei', 'Sstc'],
  timebaseFrequency: 10_000_000,
  satpMode: 9n,
  blockSizes: { zicbom: 64 },
  bootargs: 'console=hvc0 quiet',
  initrd: { start: 0x83d0_0000n, end: 0x83e0_0000n },
  messages: true,
  devices: standardDevices(NO_CONSOLE),
};

const tool = toolOrSkip('dtc');

function dtc(input: Uint8Array | string, from: 'dts' | 'dtb', to: 'dts' | 'dtb') {
  const ran = spawnSync(tool.path!, ['-I', from, '-O', to], { input });
  if (ran.error) throw ran.error;
  return { status: ran.status, warnings: ran.stderr.toString(), output: new Uint8Array(ran.stdout) };
}

/** Order of properties and children does not matter to a device tree. */
function sorted(node: TreeNode): TreeNode {
  const entries = Object.entries(node.properties).map(([name, value]): [string, Uint8Array] => [
    name,
    Uint8Array.from(value),
  ]);
  return treeNode(
    node.name,
    Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))),
    node.children.map(sorted).sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
}

describe('flattened device tree', () => {
  it.skipIf(tool.path === null)('is read by dtc without a warning', () => {
    const small = { ...FACTS, harts: 1, initrd: null, messages: false, devices: [], blockSizes: {} };
    const isa = ['I', 'M', 'A', 'F', 'D', 'C', 'Zicntr', 'Zicsr', 'Zifencei', 'Zba', 'Zbb', 'Zbs', 'Svinval', 'Sstc'];
    for (const facts of [FACTS, small, { ...FACTS, harts: 8, isa, satpMode: 10n }]) {
      const { status, warnings } = dtc(flatten(deviceTree(facts)), 'dtb', 'dts');
      expect([warnings, status]).toEqual(['', 0]);
    }
  });

  it.skipIf(tool.path === null)('says the same after a trip through the source form of dtc', () => {
    const tree = deviceTree(FACTS);
    const source = dtc(flatten(tree), 'dtb', 'dts').output;
    const { output, warnings } = dtc(Buffer.from(source).toString(), 'dts', 'dtb');
    expect(warnings).toBe('');
    expect(sorted(parseFdt(output).root)).toEqual(sorted(tree));
  });

  it.skipIf(tool.path === null)('lets a client of the mailbox name a channel and its protocol, as dtc checks', () => {
    const source = Buffer.from(dtc(flatten(deviceTree(FACTS)), 'dtb', 'dts').output).toString();
    const withClient = (channel: string) =>
      dtc(`${source}\n/ { client { mboxes = <&{/mailbox} ${channel}>; }; };`, 'dts', 'dtb').warnings;
    expect(withClient('1 0x80000001')).toBe('');
    expect(withClient('1')).toContain('mboxes');
  });

  it('gives a tree back as it was flattened, whatever is in it', () => {
    const name = fc.stringMatching(/^[a-z,#-]{1,12}$/);
    const value = fc.uint8Array({ maxLength: 9 });
    const tree = fc.memo(
      (depth): fc.Arbitrary<TreeNode> =>
        fc.record({
          name,
          properties: fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }),
          children: depth <= 1 ? fc.constant([]) : fc.array(tree(), { maxLength: 3 }),
        }),
    );
    fc.assert(
      fc.property(tree(3), fc.nat(7), (root, bootCpu) => {
        expect(parseFdt(flatten(root, bootCpu))).toEqual({ root, bootCpu });
      }),
    );
  });

  it('names what is wrong with a damaged blob and never reads outside it', () => {
    const blob = flatten(deviceTree(FACTS));
    expect(() => parseFdt(new Uint8Array(10))).toThrow('header of 40 bytes');
    expect(() => parseFdt(new Uint8Array(64))).toThrow('wrong magic number');
    expect(() => parseFdt(blob.subarray(0, 100))).toThrow('ends outside the device tree');
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.nat(255), (at, byte) => {
        const damaged = blob.slice();
        damaged[at] = byte;
        try {
          parseFdt(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('device tree of a machine', () => {
  const root = deviceTree(FACTS);
  const at = (...path: string[]) =>
    path.reduce<TreeNode>((node, name) => node.children.find((child) => child.name === name) as TreeNode, root);

  it('describes each hart in both forms of the ISA', () => {
    const { properties } = at('cpus', 'cpu@2');
    expect(properties.reg).toEqual(cells(2));
    expect(properties['riscv,isa']).toEqual(strings('rv64imac_zicbom_zicntr_zicsr_zifencei_sstc'));
    expect(properties['riscv,isa-base']).toEqual(strings('rv64i'));
    expect(properties['riscv,isa-extensions']).toEqual(
      strings('i', 'm', 'a', 'c', 'zicbom', 'zicntr', 'zicsr', 'zifencei', 'sstc'),
    );
    expect(properties['riscv,cbom-block-size']).toEqual(cells(64));
    expect(properties['mmu-type']).toEqual(strings('riscv,sv48'));
    expect(at('cpus', 'cpu@2', 'interrupt-controller').properties['interrupt-controller']).toEqual(FLAG);
    expect(at('cpus').properties['timebase-frequency']).toEqual(cells(10_000_000));
  });

  it('names RAM, boot arguments, the initrd and the serial port as console', () => {
    expect(at('memory@80000000').properties.reg).toEqual(wide(0x8000_0000n, 64n << 20n));
    expect(at('chosen').properties).toMatchObject({
      bootargs: strings('console=hvc0 quiet'),
      'stdout-path': strings('/soc/serial@10000000'),
      'linux,initrd-start': wide(0x83d0_0000n),
      'linux,initrd-end': wide(0x83e0_0000n),
    });
    expect(at('soc', 'serial@10000000').properties).not.toHaveProperty('interrupts');
  });

  it('has a mailbox where the guest has channels of MPXY, and no reference to a channel', () => {
    const compatible = (node: TreeNode): readonly Uint8Array[] => [
      ...(node.properties.compatible ? [node.properties.compatible] : []),
      ...node.children.flatMap(compatible),
    ];
    expect(at('mailbox').properties).toEqual({
      compatible: strings('riscv,sbi-mpxy-mbox'),
      '#mbox-cells': cells(2),
    });
    expect(compatible(deviceTree({ ...FACTS, messages: false }))).not.toContainEqual(strings('riscv,sbi-mpxy-mbox'));
  });

  it('has a seed that is the same for equal machines and another for others', () => {
    const seed = (facts: TreeFacts) => deviceTree(facts).children[0]?.properties['rng-seed'];
    expect(seed(FACTS)).toEqual(seed({ ...FACTS }));
    expect(seed(FACTS)).not.toEqual(seed({ ...FACTS, bootargs: 'quiet' }));
    expect(seed(FACTS)?.length).toBe(32);
  });

  it('survives boot arguments that are not ASCII', () => {
    const bootargs = 'title=Café';
    const parsed = parseFdt(flatten(deviceTree({ ...FACTS, bootargs })));
    expect(parsed.root.children[0]?.properties.bootargs).toEqual(Uint8Array.of(...utf8(bootargs), 0));
  });
});
