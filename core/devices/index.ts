/** The only list of devices: what a machine's VMM puts on its bus. */
import type { Placed } from '../bus/bus.ts';
import type { ByteSink, ByteSource } from '../bus/device.ts';
import { Ns16550 } from './ns16550/device.ts';
import { NS16550_OPTIONS } from './ns16550/options.ts';

/** Devices over the capabilities that the machine has: its console. */
export function standardDevices(console: ByteSink & ByteSource): readonly Placed[] {
  return [{ base: NS16550_OPTIONS.base, device: new Ns16550(console, console) }];
}
