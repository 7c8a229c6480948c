/** A configuration as something that runs on a real RISC-V host. Entry point of this folder. */
import type { Config } from '../config/index.ts';
import { toC } from './c.ts';
import { toKvmtool, toQemu } from './command-lines.ts';
import type { Exported } from './plan.ts';

export { toC } from './c.ts';
export { toKvmtool, toQemu } from './command-lines.ts';
export type { Exported } from './plan.ts';

export const EXPORT_FORMATS = ['c', 'kvmtool', 'qemu'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** By format. */
export const EXPORTS: Readonly<Record<ExportFormat, (config: Config) => Exported>> = {
  c: toC,
  kvmtool: toKvmtool,
  qemu: toQemu,
};
