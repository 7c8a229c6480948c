/** The state of a vcpu, to plain data and back. */

import { hex } from '../base/bits.ts';
import { at, PlainError } from '../schema/plain.ts';
import { NO_HALT } from './halt.ts';
import { loadPmu, savePmu } from './pmu/saved.ts';
import { loadResumption, loadSleep, saveResumption, saveSleep } from './saved-run.ts';
import type { VcpuSnapshot } from './snapshot.ts';
import type { VcpuState } from './state.ts';

/** The part that `VcpuState` holds. */
type StateSnapshot = Omit<VcpuSnapshot, 'run' | 'pending' | 'sliceEnded'>;

export function saveVcpu(cpu: VcpuState): StateSnapshot {
  const { identity, specification, timer, sta, sleep, pendingReset } = cpu;
  return {
    id: cpu.id,
    hart: cpu.hart.save(),
    isa: cpu.isa.save(),
    sbi: cpu.sbi.save(),
    identity: {
      mvendorid: hex(identity.mvendorid),
      marchid: hex(identity.marchid),
      mimpid: hex(identity.mimpid),
    },
    specification: {
      version: specification.version,
      implId: hex(specification.implId),
      implVersion: hex(specification.implVersion),
    },
    ran: cpu.ran,
    stopped: cpu.stopped,
    stateUntold: cpu.stateUntold,
    loaded: cpu.loaded,
    sleep: sleep === null ? null : saveSleep(sleep),
    halt: cpu.halt,
    unloaded: {
      pc: cpu.unloadedPc === null ? null : hex(cpu.unloadedPc),
      csrs: Object.fromEntries([...cpu.unloaded].map(([number, value]) => [hex(number), hex(value)])),
    },
    timer: timer.save(),
    pendingReset: pendingReset === null ? null : saveResumption(pendingReset),
    sta: { address: hex(sta.address), sequence: sta.sequence, steal: hex(sta.steal) },
    share: { ...cpu.share },
    stats: cpu.stats.save(),
    pmu: savePmu(cpu.pmu),
    fwft: cpu.fwft.save(),
  };
}

/** Throws PlainError for what this vcpu cannot be; it is then of no use. */
export function loadVcpu(cpu: VcpuState, saved: StateSnapshot): void {
  at('isa', () => cpu.loadIsa(saved.isa));
  at('hart', () => cpu.hart.load(saved.hart));
  cpu.sbi.load(saved.sbi);
  const { identity, specification, unloaded, timer, sta } = saved;
  cpu.identity.mvendorid = BigInt(identity.mvendorid);
  cpu.identity.marchid = BigInt(identity.marchid);
  cpu.identity.mimpid = BigInt(identity.mimpid);
  cpu.specification.version = specification.version;
  cpu.specification.implId = BigInt(specification.implId);
  cpu.specification.implVersion = BigInt(specification.implVersion);
  cpu.ran = saved.ran;
  cpu.stopped = saved.stopped;
  cpu.stateUntold = saved.stateUntold ?? false;
  cpu.loaded = saved.loaded;
  cpu.sleep = saved.sleep === null ? null : loadSleep(saved.sleep);
  cpu.halt = saved.halt ?? NO_HALT;
  cpu.unloadedPc = unloaded.pc === null ? null : BigInt(unloaded.pc);
  cpu.unloaded.clear();
  for (const [number, value] of Object.entries(unloaded.csrs)) {
    if (!/^0x[0-9a-f]{1,3}$/.test(number))
      throw new PlainError(`unloaded.csrs.${number}`, 'is not the number of a CSR');
    cpu.unloaded.set(Number(number), BigInt(value));
  }
  cpu.timer.load(timer);
  cpu.pendingReset = saved.pendingReset === null ? null : loadResumption(saved.pendingReset);
  cpu.share = { ...saved.share };
  cpu.stats.load(saved.stats);
  loadPmu(cpu.pmu, saved.pmu);
  cpu.fwft.load(saved.fwft);
  cpu.sta = { address: BigInt(sta.address), sequence: sta.sequence, steal: BigInt(sta.steal) };
}
