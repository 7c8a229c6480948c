/**
 * Writes a cpio archive in the "new ASCII" form that Linux unpacks as initramfs. Owner, times and inode
 * numbers are fixed, so that equal files give equal archives. [Linux Documentation/driver-api/early-userspace/buffer-format]
 */
import { alignUp, concat, utf8 } from '../../base/bytes.ts';

export type CpioEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly bytes: Uint8Array; readonly executable: boolean }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'character-device'; readonly path: string; readonly major: number; readonly minor: number };

const MAGIC = '070701';
const LAST = 'TRAILER!!!';

/** File types of st_mode. [inode(7)] */
const S_IFCHR = 0o020000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;

interface Header {
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly device: readonly [major: number, minor: number];
}

/** Entries in this order; a folder has to come before what is in it. */
export function cpio(entries: readonly CpioEntry[]): Uint8Array {
  const members = entries.map((entry, at) => member(headerOf(entry, at + 1), entry.path, contentOf(entry)));
  return concat([...members, member({ inode: 0, mode: 0, links: 1, device: [0, 0] }, LAST, new Uint8Array())]);
}

function headerOf(entry: CpioEntry, inode: number): Header {
  switch (entry.kind) {
    case 'folder':
      return { inode, mode: S_IFDIR | 0o755, links: 2, device: [0, 0] };
    case 'file':
      return { inode, mode: S_IFREG | (entry.executable ? 0o755 : 0o644), links: 1, device: [0, 0] };
    case 'link':
      return { inode, mode: S_IFLNK | 0o777, links: 1, device: [0, 0] };
    case 'character-device':
      return { inode, mode: S_IFCHR | 0o600, links: 1, device: [entry.major, entry.minor] };
    default:
      return entry satisfies never;
  }
}

function contentOf(entry: CpioEntry): Uint8Array {
  switch (entry.kind) {
    case 'file':
      return entry.bytes;
    case 'link':
      return utf8(entry.target);
    case 'folder':
    case 'character-device':
      return new Uint8Array();
    default:
      return entry satisfies never;
  }
}

/** Header and name together, and then the content, are filled up to four bytes. */
function member({ inode, mode, links, device }: Header, path: string, content: Uint8Array): Uint8Array {
  const name = utf8(`${path}\0`);
  const [owner, group, time, onMajor, onMinor, checksum] = [0, 0, 0, 0, 0, 0];
  const fields = [inode, mode, owner, group, links, time, content.length, onMajor, onMinor];
  const text = [...fields, ...device, name.length, checksum].map((field) => field.toString(16).padStart(8, '0'));
  return concat([padded(concat([utf8(MAGIC + text.join('')), name])), padded(content)]);
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Number(alignUp(BigInt(bytes.length), 4n)));
  whole.set(bytes);
  return whole;
}
