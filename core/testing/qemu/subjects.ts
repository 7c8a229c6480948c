/** The engines that are compared with QEMU. */
import { InterpreterHart } from '../../engine/interp/hart.ts';
import { InterpreterSpace } from '../../engine/interp/space.ts';
import { ReferenceHart } from '../../hart/reference.ts';
import { SlottedMemory } from '../../memory/guest-memory.ts';
import type { Subject } from './subject.ts';

export const referenceSubject: Subject = {
  name: 'reference',
  make(size, options, clock) {
    const memory = new SlottedMemory(new Uint8Array(size));
    return { hart: new ReferenceHart(options, memory, clock), memory };
  },
};

export const interpreterSubject: Subject = {
  name: 'interpreter',
  make(size, options, clock) {
    const space = new InterpreterSpace({ ramBytes: size, harts: 1 });
    return { hart: new InterpreterHart(options, clock, space), memory: space.guest };
  },
};
