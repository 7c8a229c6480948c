/** Numbers of the supervisor level that more than one file needs. [Privileged ISA, Supervisor-Level ISA] */

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

export const SSTATUS_SIE = 1n << 1n;
export const SSTATUS_SPIE = 1n << 5n;
export const SSTATUS_SPP = 1n << 8n;
export const SSTATUS_VS = 3n << 9n;
export const SSTATUS_FS = 3n << 13n;
export const SSTATUS_SUM = 1n << 18n;
export const SSTATUS_MXR = 1n << 19n;
export const SSTATUS_UXL_64 = 2n << 32n;
export const SSTATUS_SD = 1n << 63n;

export const CSR_SSTATUS = 0x100;
export const CSR_SIE = 0x104;
export const CSR_STVEC = 0x105;
export const CSR_SCOUNTEREN = 0x106;
export const CSR_SENVCFG = 0x10a;
export const CSR_SSCRATCH = 0x140;
export const CSR_SEPC = 0x141;
export const CSR_SCAUSE = 0x142;
export const CSR_STVAL = 0x143;
export const CSR_SIP = 0x144;
export const CSR_STIMECMP = 0x14d;
export const CSR_SATP = 0x180;
export const CSR_SEED = 0x015;
export const CSR_CYCLE = 0xc00;
export const CSR_TIME = 0xc01;
export const CSR_INSTRET = 0xc02;
export const CSR_HPMCOUNTER31 = 0xc1f;
