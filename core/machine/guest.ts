/** From the guest that a configuration names to the image that the VMM loads. */
import type { Config } from '../config/index.ts';
import { PROGRAMS } from '../guests/programs/index.ts';
import { systemById } from '../guests/systems.ts';
import { type Assembled, assemble } from '../isa/asm/index.ts';
import { closure } from '../isa/defs/index.ts';
import type { MachineFailure } from './api.ts';
import { elfImage } from './elf-image.ts';

export type GuestResult =
  | { readonly ok: true; readonly image: Uint8Array; readonly assembled: Assembled | null }
  | { readonly ok: false; readonly failure: MachineFailure; readonly assembled: Assembled | null };

/** Extensions that the harts have: those of the configuration, what they imply and what is always on. */
export function extensionsOf(config: Config): ReadonlySet<string> {
  return closure(config.isa);
}

/** `file` is the image that a guest of kind `image` or `system` stands for. */
export function prepareGuest(config: Config, file: Uint8Array | undefined): GuestResult {
  const { guest } = config;
  switch (guest.kind) {
    case 'image':
      if (file !== undefined) return { ok: true, image: file, assembled: null };
      return refused('image', `The image ${guest.name} is not here.`, 'A link only names an image: give the file.');
    case 'system': {
      const system = systemById(guest.id);
      if (system === undefined) return refused('guest', `There is no system ${guest.id}.`, 'Choose one of the list.');
      if (file !== undefined) return { ok: true, image: file, assembled: null };
      return refused('image', `The images of ${system.title} are not here.`, `Build them: ${system.command}`);
    }
    case 'source':
      return fromSource(config, guest.text);
    case 'example': {
      const program = PROGRAMS.get(guest.id);
      if (program !== undefined) return fromSource(config, program);
      return refused('guest', `There is no example ${guest.id}.`, 'Choose one of the list.');
    }
    default:
      return guest satisfies never;
  }
}

function fromSource(config: Config, source: string): GuestResult {
  const assembled = assemble(source, { extensions: extensionsOf(config) });
  const { image, diagnostics } = assembled;
  const first = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
  if (image === null) {
    const place = first === undefined ? '' : `line ${first.line}: ${first.message}`;
    return { ...refused('assembly', `The source does not assemble: ${place}`, first?.hint), assembled };
  }
  if (image.memorySize === 0) {
    return { ...refused('assembly', 'The source has no instructions.', 'Write at least one.'), assembled };
  }
  return { ok: true, image: elfImage(image), assembled };
}

function refused(code: string, message: string, hint?: string): GuestResult & { readonly ok: false } {
  return { ok: false, failure: hint === undefined ? { code, message } : { code, message, hint }, assembled: null };
}
