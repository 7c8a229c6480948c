/**
 * The ns16550a serial port, polled: no interrupt line is wired, but IIR tells what would be pending, as
 * drivers that poll by timer expect. Transmission is instant. Received bytes stay at the source until
 * RBR takes them, so the port takes no input from a guest that reads the console another way.
 * [National Semiconductor PC16550D, register descriptions]
 */
import type { Access, ByteSink, ByteSource, Device } from '../../bus/device.ts';
import { cells, strings, treeNode, wide } from '../../bus/tree.ts';
import { NS16550_OPTIONS } from './options.ts';

/** Registers by offset; with LCR.DLAB set the first two are the divisor latch. */
export const REGISTERS = [
  { read: 'RBR', write: 'THR', dlab: 'DLL' },
  { read: 'IER', write: 'IER', dlab: 'DLM' },
  { read: 'IIR', write: 'FCR' },
  { read: 'LCR', write: 'LCR' },
  { read: 'MCR', write: 'MCR' },
  { read: 'LSR', write: 'LSR' },
  { read: 'MSR', write: 'MSR' },
  { read: 'SCR', write: 'SCR' },
] as const;
type Register = (typeof REGISTERS)[number];
export type RegisterName = Register['read'] | Register['write'] | 'DLL' | 'DLM';

export const IER_RX = 0x01;
export const IER_THRE = 0x02;
export const IIR_NONE = 0x01;
export const IIR_THRE = 0x02;
export const IIR_RX = 0x04;
export const IIR_RX_TIMEOUT = 0x0c;
export const IIR_FIFOS = 0xc0;
export const FCR_ENABLE = 0x01;
export const FCR_CLEAR_RX = 0x02;
export const LCR_DLAB = 0x80;
export const MCR_LOOP = 0x10;
export const LSR_DR = 0x01;
export const LSR_THRE = 0x20;
export const LSR_TEMT = 0x40;
const MSR_CTS_DSR_DCD = 0xb0;
/** Bytes that loopback holds: the depth of the chip's FIFO. */
const FIFO_DEPTH = 16;
/** Receive trigger levels by FCR bits 7:6. */
const TRIGGER = [1, 4, 8, 14] as const;

const START = { ier: 0, fcr: 0, lcr: 0, mcr: 0, scr: 0, dll: 0, dlm: 0, threPending: 0 };
type Latches = typeof START;
export interface Ns16550State extends Latches {
  /** Bytes that loopback sent back and RBR has not taken yet. */
  readonly looped: readonly number[];
}

export class Ns16550 implements Device {
  readonly name = 'ns16550';
  readonly size = 0x100;
  readonly widths = [1] as const;
  #latch: Latches = { ...START };
  #looped: number[] = [];

  constructor(
    private readonly sink: ByteSink,
    private readonly source: ByteSource,
  ) {}

  /** The register that an offset means now; undefined in the unused part of the window. */
  registerAt(offset: number, access: 'read' | 'write'): RegisterName | undefined {
    const register = REGISTERS[offset];
    if (register && 'dlab' in register && this.#latch.lcr & LCR_DLAB) return register.dlab;
    return register?.[access];
  }

  read(access: Access): bigint {
    const name = this.registerAt(access.offset, 'read');
    return name ? BigInt(this.#readRegister(name)) : 0n;
  }

  write(access: Access, value: bigint): void {
    const name = this.registerAt(access.offset, 'write');
    if (name) this.#writeRegister(name, Number(value & 0xffn));
  }

  #readRegister(name: RegisterName): number {
    const latch = this.#latch;
    switch (name) {
      case 'RBR':
        return (this.#looping ? this.#looped.shift() : this.source.read(1)[0]) ?? 0;
      case 'IIR':
        return this.#interruptId();
      case 'LSR':
        return LSR_THRE | LSR_TEMT | (this.#received > 0 ? LSR_DR : 0);
      case 'MSR':
        return this.#modemStatus();
      case 'IER':
        return latch.ier;
      case 'LCR':
        return latch.lcr;
      case 'MCR':
        return latch.mcr;
      case 'SCR':
        return latch.scr;
      case 'DLL':
        return latch.dll;
      case 'DLM':
        return latch.dlm;
      case 'THR':
      case 'FCR':
        return 0;
      default:
        return name satisfies never;
    }
  }

  #writeRegister(name: RegisterName, value: number): void {
    const latch = this.#latch;
    switch (name) {
      case 'THR':
        this.#send(value);
        return;
      case 'IER':
        if (value & IER_THRE & ~latch.ier) latch.threPending = 1;
        latch.ier = value & 0x0f;
        return;
      case 'FCR':
        latch.fcr = value & 0xc1;
        if (value & FCR_CLEAR_RX) this.#looped = [];
        return;
      case 'LCR':
        latch.lcr = value;
        return;
      case 'MCR':
        latch.mcr = value & 0x1f;
        return;
      case 'SCR':
        latch.scr = value;
        return;
      case 'DLL':
        latch.dll = value;
        return;
      case 'DLM':
        latch.dlm = value;
        return;
      case 'RBR':
      case 'IIR':
      case 'LSR':
      case 'MSR':
        return;
      default:
        name satisfies never;
    }
  }

  get #looping(): boolean {
    return (this.#latch.mcr & MCR_LOOP) !== 0;
  }

  get #received(): number {
    return this.#looping ? this.#looped.length : this.source.pending;
  }

  #send(byte: number): void {
    if (!this.#looping) this.sink.write(Uint8Array.of(byte));
    else if (this.#looped.length < FIFO_DEPTH) this.#looped.push(byte);
    this.#latch.threPending = 1;
  }

  /** Highest priority first; reading the THRE indication clears it. */
  #interruptId(): number {
    const latch = this.#latch;
    const fifos = latch.fcr & FCR_ENABLE ? IIR_FIFOS : 0;
    if (latch.ier & IER_RX && this.#received > 0) {
      const level = fifos ? (TRIGGER[(latch.fcr >> 6) & 3] ?? 1) : 1;
      return fifos | (this.#received >= level ? IIR_RX : IIR_RX_TIMEOUT);
    }
    if (latch.ier & IER_THRE && latch.threPending) {
      latch.threPending = 0;
      return fifos | IIR_THRE;
    }
    return fifos | IIR_NONE;
  }

  /** A line that is always ready; in loopback the modem outputs come back: DTR→DSR, RTS→CTS, OUT1→RI, OUT2→DCD. */
  #modemStatus(): number {
    if (!this.#looping) return MSR_CTS_DSR_DCD;
    const { mcr } = this.#latch;
    return ((mcr & 1) << 5) | ((mcr & 2) << 3) | ((mcr & 4) << 4) | ((mcr & 8) << 4);
  }

  tree(base: bigint): ReturnType<Device['tree']> {
    return treeNode(`serial@${base.toString(16)}`, {
      compatible: strings('ns16550a'),
      reg: wide(base, BigInt(this.size)),
      'clock-frequency': cells(NS16550_OPTIONS.clockFrequency),
    });
  }

  save(): Ns16550State {
    return { ...this.#latch, looped: [...this.#looped] };
  }

  load(state: unknown): void {
    const from = (state ?? {}) as Partial<Record<keyof Ns16550State, unknown>>;
    const latch = { ...START };
    for (const key of Object.keys(START) as (keyof Latches)[]) latch[key] = byteOf(from[key], key);
    if (!Array.isArray(from.looped)) throw new TypeError('ns16550: looped is not a list');
    this.#looped = from.looped.map((byte) => byteOf(byte, 'looped'));
    this.#latch = latch;
  }
}

function byteOf(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xff) return value;
  throw new TypeError(`ns16550: ${field} is not a byte`);
}
