/**
 * What turns programs into guests, the assembler with it: an entry of its own, so that the worker can load it apart
 * from the machine, which does not need it.
 */
export { assemble } from '../isa/asm/index.ts';
export { type GuestResult, prepareGuest } from './guest.ts';
export { probe } from './probe.ts';
export { survey } from './survey.ts';
