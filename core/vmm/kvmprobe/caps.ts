/** The command `caps`: every capability, and the ioctls that KVM on RISC-V answers or refuses. */
import * as uapi from '../../kvm/uapi.ts';
import { errnoName, hex } from './names.ts';
import { type Lines, type ProbeHost, ProbeVm } from './vm.ts';

const CAPS = 300;
const IRQS = [0xffffffff, 0xfffffffe, 0, 1, 9, 10];
const MP_STATES = 12;
const DEBUG_CONTROLS = [0, 1, 3, 0x10001, 0x20001];
const REFUSED = ['KVM_GET_REGS', 'KVM_GET_SREGS', 'KVM_GET_FPU', 'KVM_NMI'] as const;
const VM_TYPES = 4;

export function caps(host: ProbeHost, lines: Lines): void {
  const probe = new ProbeVm(host.open(), lines, 1);
  const { kvm, vm, first: vcpu } = probe;
  for (const [who, fd] of [
    ['system', kvm],
    ['vm', vm],
  ] as const) {
    for (let cap = 0; cap < CAPS; cap++) {
      const value = fd.checkExtension(cap);
      const name = (uapi.KVM_CAP_NAMES[cap] ?? '(unnamed)').padEnd(40);
      if (value !== 0) lines.out(`cap ${who.padEnd(6)} ${String(cap).padStart(3)} ${name} = ${value}`);
    }
  }
  for (let cap = 0; cap < CAPS; cap++) enable(lines, vm, vcpu, cap);
  lines.out(`ioctl vm KVM_CREATE_IRQCHIP -> ${errnoName(vm.ioctl('KVM_CREATE_IRQCHIP'))}`);
  const aia = vm.createDevice(uapi.KVM_DEV_TYPE_RISCV_AIA, uapi.KVM_CREATE_DEVICE_TEST);
  lines.out(`ioctl vm KVM_CREATE_DEVICE RISCV_AIA TEST -> ${errnoName(aia)}`);
  vcpuIoctls(lines, vcpu);
  const again = vm.createVcpu(0);
  const tooHigh = vm.createVcpu(100000);
  lines.out(`ioctl vm KVM_CREATE_VCPU id0 again -> ${typeof again === 'number' ? errnoName(again) : 'OK'}`);
  lines.out(`ioctl vm KVM_CREATE_VCPU id=100000 -> ${typeof tooHigh === 'number' ? errnoName(tooHigh) : 'OK'}`);
  for (let type = 0; type < VM_TYPES; type++) {
    kvm.createVm(type);
    lines.out(`ioctl KVM_CREATE_VM type=${type} -> OK`);
  }
}

function enable(lines: Lines, vm: uapi.KvmVm, vcpu: uapi.KvmVcpu, cap: number): void {
  const result = vm.enableCap(cap, 0, []);
  const words = `enable_cap vm ${cap} ${uapi.KVM_CAP_NAMES[cap] ?? '?'} args=0`;
  if (result >= 0) lines.out(`${words} -> OK(${result})`);
  else if (result !== -uapi.EINVAL) lines.out(`${words} -> ${errnoName(result)}`);
  const onVcpu = vcpu.enableCap(cap);
  if (onVcpu >= 0) lines.out(`enable_cap vcpu ${cap} -> OK`);
  else if (cap === 0) lines.out(`enable_cap vcpu 0 -> ${errnoName(onVcpu)}`);
}

function vcpuIoctls(lines: Lines, vcpu: uapi.KvmVcpu): void {
  for (const irq of IRQS) {
    lines.out(`ioctl vcpu KVM_INTERRUPT irq=${hex(irq)} -> ${errnoName(vcpu.interrupt(irq))}`);
  }
  for (let state = 0; state < MP_STATES; state++) {
    const result = errnoName(vcpu.setMpState(state));
    lines.out(`ioctl vcpu KVM_SET_MP_STATE ${state} -> ${result} ; GET=${vcpu.getMpState()}`);
  }
  vcpu.setMpState(uapi.KVM_MP_STATE_RUNNABLE);
  for (const control of DEBUG_CONTROLS) {
    lines.out(`ioctl vcpu KVM_SET_GUEST_DEBUG control=${hex(control)} -> ${errnoName(vcpu.setGuestDebug(control))}`);
  }
  vcpu.setGuestDebug(0);
  for (const request of REFUSED) lines.out(`ioctl vcpu ${request} -> ${errnoName(vcpu.ioctl(request))}`);
}
