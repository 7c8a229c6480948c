/** Numbers of the supervisor level that more than one file needs. [Privileged ISA, Supervisor-Level ISA] */
import { csrByName } from '../isa/csr/index.ts';

export const CAUSE_MISALIGNED_FETCH = 0n;
export const CAUSE_ILLEGAL_INSTRUCTION = 2n;
export const CAUSE_BREAKPOINT = 3n;
export const CAUSE_MISALIGNED_LOAD = 4n;
export const CAUSE_MISALIGNED_STORE = 6n;
export const CAUSE_USER_ECALL = 8n;
export const CAUSE_FETCH_PAGE_FAULT = 12n;
export const CAUSE_LOAD_PAGE_FAULT = 13n;
export const CAUSE_STORE_PAGE_FAULT = 15n;
export const CAUSE_INTERRUPT = 1n << 63n;

/** In the low half of sstatus. */
export const SSTATUS_SIE = 1 << 1;
export const SSTATUS_SPIE = 1 << 5;
export const SSTATUS_SPP = 1 << 8;
export const SSTATUS_VS = 3 << 9;
export const SSTATUS_FS_SHIFT = 13;
export const SSTATUS_FS = 3 << SSTATUS_FS_SHIFT;
export const SSTATUS_SUM = 1 << 18;
export const SSTATUS_MXR = 1 << 19;
/** In its high half: UXL = 2 and SD. */
export const SSTATUS_UXL_HIGH = 2;
export const SSTATUS_SD_HIGH = 0x8000_0000;

/** CSR numbers have 12 bits. */
export const CSR_COUNT = 4096;

function numberOf(name: string): number {
  const csr = csrByName(name);
  if (csr === undefined) throw new Error(`the CSR table has no ${name}`);
  return csr.number;
}

export const CSR_FFLAGS = numberOf('fflags');
export const CSR_FRM = numberOf('frm');
export const CSR_FCSR = numberOf('fcsr');
export const CSR_SSTATUS = numberOf('sstatus');
export const CSR_SIE = numberOf('sie');
export const CSR_STVEC = numberOf('stvec');
export const CSR_SCOUNTEREN = numberOf('scounteren');
export const CSR_SENVCFG = numberOf('senvcfg');
export const CSR_SSCRATCH = numberOf('sscratch');
export const CSR_SEPC = numberOf('sepc');
export const CSR_SCAUSE = numberOf('scause');
export const CSR_STVAL = numberOf('stval');
export const CSR_SSTATEEN0 = numberOf('sstateen0');
export const CSR_SSTATEEN3 = numberOf('sstateen3');
export const CSR_SCOUNTOVF = numberOf('scountovf');
export const CSR_SIP = numberOf('sip');
export const CSR_STIMECMP = numberOf('stimecmp');
export const CSR_SISELECT = numberOf('siselect');
export const CSR_SIREG = numberOf('sireg');
export const CSR_STOPEI = numberOf('stopei');
export const CSR_STOPI = numberOf('stopi');
export const CSR_SATP = numberOf('satp');
export const CSR_SEED = numberOf('seed');
export const CSR_CYCLE = numberOf('cycle');
export const CSR_TIME = numberOf('time');
export const CSR_INSTRET = numberOf('instret');
export const CSR_HPMCOUNTER31 = numberOf('hpmcounter31');
export const CSR_HVIPRIO1 = numberOf('hviprio1');
export const CSR_HVIPRIO2 = numberOf('hviprio2');

const HYPERVISOR_CSRS = [
  ...['vsstatus', 'vsie', 'vstvec', 'vsscratch', 'vsepc', 'vscause', 'vstval', 'vsip', 'vstimecmp', 'vsatp'],
  ...['hstatus', 'hedeleg', 'hideleg', 'hie', 'htimedelta', 'hcounteren', 'hgeie', 'henvcfg', 'htval', 'hip', 'hvip'],
  ...['htinst', 'hgatp', 'hgeip'],
];
const HYPERVISOR_CSRS_OF: Readonly<Record<string, readonly string[]>> = {
  Ssaia: ['hvien', 'hvictl', 'hviprio1', 'hviprio2', 'vsiselect', 'vsireg', 'vstopei', 'vstopi'],
  Ssstateen: ['hstateen0', 'hstateen1', 'hstateen2', 'hstateen3'],
};

/** Numbers of the hypervisor and VS registers of a hart with these extensions. */
export function hypervisorCsrs(extensions: ReadonlySet<string>): ReadonlySet<number> {
  const more = Object.entries(HYPERVISOR_CSRS_OF).filter(([name]) => extensions.has(name));
  return new Set([...HYPERVISOR_CSRS, ...more.flatMap(([, names]) => names)].map(numberOf));
}
