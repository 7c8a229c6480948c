import { describe, expect, it } from 'vitest';
import { utf8 } from '../base/bytes.ts';
import * as uapi from '../kvm/uapi.ts';
import { IMAGE, MIB, machine, type Overrides } from '../testing/fake-machine.ts';
import { CONFIG } from './registers.ts';

describe('setting up', () => {
  it('places RAM and image, sets the boot registers and writes no register that is right already', () => {
    const { kvm, memory, started } = machine();
    expect(kvm.log).toEqual([
      'memory 0x80000000 0x1000000',
      'set 0 SBI_EXT.PMU 0x0',
      'set 0 SBI_EXT.DBCN 0x1',
      'set 0 SBI_EXT.SUSP 0x1',
      'set 0 SBI_EXT.FWFT 0x0',
      'set 0 CORE.pc 0x80200000',
      'set 0 CORE.a0 0x0',
      'set 0 CORE.a1 0x80e00000',
    ]);
    expect(memory(0x8020_0000n, 4)).toEqual(IMAGE);
    if ('failure' in started) throw new Error(started.failure.message);
    const tree = started.deviceTree!;
    expect(memory(0x80e0_0000n, tree.length)).toEqual(tree);
  });

  it('writes identities and extensions on every vcpu, the boot registers on the first', () => {
    const { kvm } = machine({ harts: 2, identity: { mvendorid: 7n, marchid: 0n, mimpid: 0n }, modes: { STA: 'off' } });
    for (const id of [0, 1]) {
      expect(kvm.log).toContain(`set ${id} CONFIG.mvendorid 0x7`);
      expect(kvm.log).toContain(`set ${id} SBI_EXT.STA 0x0`);
    }
    expect(kvm.log.filter((line) => line.includes('CORE.pc'))).toEqual(['set 0 CORE.pc 0x80200000']);
  });

  it('turns what is forwarded off under the interface of 2025, and to 2 under the accelerator', () => {
    const userspace = machine({ interface: 'userspace', modes: { TIME: 'vmm', HSM: 'off', BASE: 'vmm' } }).kvm.log;
    expect(userspace).toContain(`enable 0x${uapi.KVM_CAP_RISCV_USERSPACE_SBI.toString(16)}`);
    expect(userspace.filter((l) => /TIME|HSM|BASE|DBCN/.test(l))).toEqual([
      'set 0 SBI_EXT.BASE 0x0',
      'set 0 SBI_EXT.TIME 0x0',
      'set 0 SBI_EXT.HSM 0x0',
      'set 0 SBI_EXT.DBCN 0x1',
    ]);
    const accelerator = machine({ interface: 'accelerator', modes: { TIME: 'vmm', HSM: 'off', DBCN: 'kvm' } }).kvm.log;
    expect(accelerator).toContain(`enable 0x${uapi.KVM_CAP_RISCV_SBI_ACCELERATOR.toString(16)}`);
    expect(accelerator.filter((l) => /TIME|HSM|DBCN|IDENTITY/.test(l))).toEqual([
      'set 0 SBI_EXT.TIME 0x2',
      'set 0 SBI_EXT.HSM 0x0',
      'set 0 SBI_EXT.DBCN 0x1',
      'set 0 SBI_IDENTITY.spec_version 0x3000000',
      'set 0 SBI_IDENTITY.impl_id 0x3',
      'set 0 SBI_IDENTITY.impl_version 0x70200',
    ]);
  });

  it('asks to hear of harts that KVM stops and starts where it keeps something of them, and else says what stays', () => {
    const asked = `enable 0x${uapi.KVM_CAP_RISCV_HART_STATE_EXITS.toString(16)}`;
    const hears = (overrides: Overrides) => {
      const { kvm, state } = machine({ harts: 2, ...overrides });
      return [kvm.log.includes(asked), state.said];
    };
    const modes = { SSE: 'vmm', MPXY: 'vmm', HSM: 'kvm' } as const;
    const nothing = [false, []];
    expect(hears({ interface: 'accelerator', modes })).toEqual([true, []]);
    expect(hears({ interface: 'accelerator', modes, harts: 1 })).toEqual(nothing);
    expect(hears({ interface: 'accelerator', modes: { ...modes, HSM: 'vmm' } })).toEqual(nothing);
    expect(hears({ interface: 'accelerator' })).toEqual(nothing);
    expect(hears({ interface: 'userspace', modes })).toEqual([
      false,
      [
        'KVM stops and starts harts and has no exit that tells of it: what the VMM keeps of a hart for SSE, MPXY stays as it was',
      ],
    ]);
  });

  it('says why Linux cannot do what is asked', () => {
    const failure = (overrides: Overrides) => {
      const { started } = machine(overrides);
      return 'failure' in started ? started.failure.message : null;
    };
    expect(failure({ modes: { TIME: 'vmm' } })).toBe('Linux KVM cannot hand TIME to user space');
    expect(failure({ modes: { DBCN: 'kvm' } })).toBe('Linux KVM has no DBCN of its own');
    expect(failure({ modes: { CPPC: 'kvm' } })).toBe('KVM has no SBI_EXT register for CPPC');
  });

  it('names the ioctl, the register and the errno when the kernel refuses', () => {
    const { started } = machine({ identity: { mvendorid: 1n, marchid: 0n, mimpid: 0n } }, (kvm) =>
      kvm.refused.set('CONFIG.mvendorid', uapi.EBUSY),
    );
    expect(started).toEqual({
      failure: { code: 'ioctl', message: 'KVM_SET_ONE_REG CONFIG.mvendorid = 0x1 on vcpu 0 failed: EBUSY' },
    });
    const few = machine({ harts: 4 }, (kvm) => kvm.capabilities.set(uapi.KVM_CAP_MAX_VCPUS, 2)).started;
    expect('failure' in few && few.failure.message).toBe('this KVM allows 2 vcpus, 4 are wanted');
  });

  it('sets no register that the list of an older kernel lacks', () => {
    const { started, kvm } = machine({ identity: { mvendorid: 1n, marchid: 2n, mimpid: 3n } }, (fake) => {
      for (const { id } of [CONFIG.marchid, CONFIG.satp_mode]) fake.defaults.delete(id);
    });
    expect('failure' in started).toBe(false);
    expect(kvm.log.filter((line) => line.startsWith('set 0 CONFIG'))).toEqual([
      'set 0 CONFIG.mvendorid 0x1',
      'set 0 CONFIG.mimpid 0x3',
    ]);
  });

  it('refuses a bad image and too little memory before the first ioctl', () => {
    const bad = machine({ image: Uint8Array.of(0x1f, 0x8b, 8, 0) });
    expect(bad.started).toEqual({
      failure: { code: 'image', message: 'the image is compressed with gzip', hint: 'unpack it first: gunzip' },
    });
    const large = machine({ memory: 4 * MIB, image: new Uint8Array(2 * MIB) });
    expect('failure' in large.started && large.started.failure).toMatchObject({ code: 'memory' });
    expect([bad.kvm.log, large.kvm.log]).toEqual([[], []]);
  });

  it('puts the initrd below the device tree and names it there', () => {
    const { memory, started } = machine({ initrd: utf8('initrd') });
    expect('failure' in started).toBe(false);
    expect(memory(0x80df_f000n, 6)).toEqual(utf8('initrd'));
  });
});
