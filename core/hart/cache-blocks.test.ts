import { describe, expect, it } from 'vitest';
import { SlottedMemory } from '../memory/guest-memory.ts';
import { HartClock, Timebase } from './clock.ts';
import { CSR_SATP, CSR_SCAUSE, CSR_SENVCFG, CSR_STVAL } from './constants.ts';
import { HartCore } from './core.ts';
import { PrivilegedInstructions } from './instructions.ts';
import { IntegerRegisters } from './integer.ts';

const RAM = 0x8000_0000n;
const SIZE = 0x1_0000n;
const STORE_PAGE_FAULT = 15n;
/** cbo.zero (a0); what it is matters to nothing but the exit. */
const WORD = 0x0045200f;
const OPERATIONS = ['cbo.clean', 'cbo.flush', 'cbo.inval', 'cbo.zero'] as const;
const CBIE = 0x30n;
const CBCFE = 0x40n;
const CBZE = 0x80n;

function make(extensions: readonly string[] = ['Zicbom', 'Zicboz']) {
  const memory = new SlottedMemory(new Uint8Array(Number(SIZE)).fill(0xff));
  memory.mapSlot(0, RAM, SIZE, 0n);
  const options = {
    id: 0,
    extensions: new Set(extensions),
    hcounteren: 0,
    delegatesIllegal: true,
    satpMode: 10,
  } as const;
  const core = new HartCore(options, memory, new HartClock(new Timebase(1)), new IntegerRegisters());
  return { core, instructions: new PrivilegedInstructions(core) };
}

describe('a cache-block instruction', () => {
  it.each([
    ['cbo.clean', CBIE | CBZE],
    ['cbo.flush', CBIE | CBZE],
    ['cbo.inval', CBCFE | CBZE],
    ['cbo.zero', CBIE | CBCFE],
  ] as const)(
    '%s is answered by KVM as illegal where the hypervisor left its field of henvcfg clear',
    (name, henvcfg) => {
      const { core, instructions } = make();
      core.writeHenvcfg(henvcfg);
      expect(instructions.system(name, [RAM], WORD, 4)).toEqual({ kind: 'illegal', word: WORD });
      core.writeHenvcfg(CBIE | CBCFE | CBZE);
      expect(instructions.system(name, [RAM], WORD, 4)).toBeNull();
      expect(core.pc).toBe(4n);
    },
  );

  it.each([
    ['cbo.clean', CBCFE],
    ['cbo.flush', CBCFE],
    ['cbo.inval', 0x10n],
    ['cbo.zero', CBZE],
  ] as const)('%s at U level needs its field of senvcfg too', (name, field) => {
    const { core, instructions } = make();
    core.privilege = 'U';
    expect(instructions.system(name, [RAM], WORD, 4)).toEqual({ kind: 'illegal', word: WORD });
    core.writeCsr(CSR_SENVCFG, field);
    expect(instructions.system(name, [RAM], WORD, 4)).toBeNull();
  });

  it.each(OPERATIONS)('%s outside RAM is a store that KVM cannot emulate', (name) => {
    expect(make().instructions.system(name, [0x1000_0044n], WORD, 4)).toMatchObject({
      kind: 'mmio',
      store: true,
      atomic: true,
      gpa: 0x1000_0044n,
      va: 0x1000_0044n,
    });
  });

  it.each(OPERATIONS)('%s faults as a store with the address in rs1, not that of the block', (name) => {
    const { core, instructions } = make();
    core.memory.write(0, new Uint8Array(4096));
    core.writeCsr(CSR_SATP, (8n << 60n) | (RAM >> 12n));
    expect(instructions.system(name, [0x4000_0033n], WORD, 4)).toBeNull();
    expect([core.readCsr(CSR_SCAUSE), core.readCsr(CSR_STVAL)]).toEqual([STORE_PAGE_FAULT, 0x4000_0033n]);
  });

  it('cbo.zero clears its block and nothing beside it', () => {
    const { core, instructions } = make();
    instructions.system('cbo.zero', [RAM + 0x7fn], WORD, 4);
    const around = [...core.memory.read(0x3f, 66)];
    expect(around).toEqual([0xff, ...new Array(64).fill(0), 0xff]);
  });
});
