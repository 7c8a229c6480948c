/** The guest as a field: an example or a system by its id, assembly source, or an image that the user brings. */
import * as v from 'valibot';
import { type Codec, type Field, FieldError, isWellFormed, type Option, shown } from '../schema/index.ts';
import { type Deflate, fromBase64Url, toBase64Url } from './deflate.ts';
import type { GuestChoice } from './types.ts';

/** Characters of source; far above what one writes by hand, and it bounds what a link may unpack to. */
export const SOURCE_LIMIT = 256 * 1024;
/** A UTF-16 code unit of well-formed text takes at most three bytes of UTF-8. */
const SOURCE_BYTES = 3 * SOURCE_LIMIT;
/** Longest file name that common file systems allow. */
const IMAGE_NAME_LIMIT = 255;

const SOURCE_MARK = '~';
const IMAGE_MARK = '@';
const SYSTEM_MARK = ':';

/** In a link an example is its id, source is `~` and packed text, an image is `@` and its name, a system `:` and its id. */
function guestCodec(deflate: Deflate): Codec<GuestChoice> {
  return {
    async encode(guest) {
      switch (guest.kind) {
        case 'example':
          return guest.id;
        case 'source':
          return SOURCE_MARK + toBase64Url(await deflate.deflate(new TextEncoder().encode(guest.text)));
        case 'system':
          return SYSTEM_MARK + guest.id;
        case 'image':
          return IMAGE_MARK + encodeURIComponent(guest.name);
        default:
          return guest satisfies never;
      }
    },
    async decode(text) {
      if (text.startsWith(SOURCE_MARK)) return { kind: 'source', text: await unpacked(deflate, text.slice(1)) };
      if (text.startsWith(SYSTEM_MARK)) return { kind: 'system', id: text.slice(1) };
      if (!text.startsWith(IMAGE_MARK)) return { kind: 'example', id: text };
      try {
        return { kind: 'image', name: decodeURIComponent(text.slice(1)) };
      } catch {
        throw new FieldError('the name of the image is not percent-encoded UTF-8', 'Copy the whole link again.');
      }
    },
  };
}

async function unpacked(deflate: Deflate, text: string): Promise<string> {
  const damaged = new FieldError('the source in the link is damaged', 'Copy the whole link again.');
  const packed = fromBase64Url(text);
  if (packed === null) throw damaged;
  const bytes = await deflate.inflate(packed, SOURCE_BYTES).catch(() => {
    throw damaged;
  });
  if (bytes === null) {
    throw new FieldError(`the source is longer than ${SOURCE_LIMIT} characters`, 'Give it as a file.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged;
  }
}

export interface GuestLists {
  readonly examples: readonly Option<string>[];
  readonly systems: readonly Option<string>[];
}

export function guestField(initial: string, lists: GuestLists, deflate: Deflate): Field<GuestChoice> {
  const ids = lists.examples.map((example) => example.value);
  const systems = lists.systems.map((system) => system.value);
  const name = v.pipe(v.string(), v.minLength(1), v.maxLength(IMAGE_NAME_LIMIT), v.check(isWellFormed));
  const source = v.pipe(
    v.string(),
    v.maxLength(SOURCE_LIMIT, (issue) => `${issue.received} characters are more than ${SOURCE_LIMIT}`),
    v.check(isWellFormed, 'it holds half of a surrogate pair'),
  );
  return {
    key: 'g',
    label: 'Guest',
    help: 'The program that runs in VS-mode: an example, assembly source, a system, or an image of your own.',
    initial: { kind: 'example', id: initial },
    allowed: `An example (${ids.join(', ')}), source of at most ${SOURCE_LIMIT} characters, a system (${systems.join(', ')}), or an image.`,
    control: { kind: 'guest' },
    schema: v.variant(
      'kind',
      [
        v.strictObject({
          kind: v.literal('example'),
          id: v.picklist(ids, (issue) => `there is no example ${shown(issue.input)}`),
        }),
        v.strictObject({ kind: v.literal('source'), text: source }),
        v.strictObject({
          kind: v.literal('system'),
          id: v.picklist(systems, (issue) => `there is no system ${shown(issue.input)}`),
        }),
        v.strictObject({ kind: v.literal('image'), name }),
      ],
      (issue) => `${shown(issue.input)} is not a guest`,
    ),
    codec: guestCodec(deflate),
    toJson: (guest) => ({ ...guest }),
    same: (a, b) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort()),
  };
}
