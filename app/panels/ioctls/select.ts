/** The log of ioctls in words. Pure. */
import { ERRNO_NAMES } from '../../../core/kvm/uapi.ts';
import type { IoctlEvent } from '../../../core/trace/events.ts';
import type { IoctlFilter } from '../../state/trace.ts';

export function returnWords(ioctl: IoctlEvent): string {
  if (ioctl.exit !== undefined) return ioctl.exit;
  return ioctl.ret < 0 ? `-${ERRNO_NAMES[-ioctl.ret] ?? -ioctl.ret}` : String(ioctl.ret);
}

/** A row passes when all words of the text occur in it. */
export function showsIoctl({ withRuns, text }: Pick<IoctlFilter, 'withRuns' | 'text'>): (ioctl: IoctlEvent) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (ioctl) => {
    if (!withRuns && ioctl.name === 'KVM_RUN') return false;
    if (words.length === 0) return true;
    const row = `${ioctl.fd} ${ioctl.name} ${ioctl.args} ${returnWords(ioctl)}`.toLowerCase();
    return words.every((word) => row.includes(word));
  };
}

/** Ids of the cards about the parts of a row; null for a part that has none. */
export interface IoctlCards {
  readonly name: string;
  readonly register: string | null;
  readonly result: string | null;
}

export function cardsOf(ioctl: IoctlEvent): IoctlCards {
  const errno = ERRNO_NAMES[-ioctl.ret];
  const [register = ''] = ioctl.args.split(' ');
  return {
    name: `ioctl/${ioctl.name}`,
    // The log gives an id as a number when it is that of no register.
    register: ioctl.name.endsWith('_ONE_REG') && !register.startsWith('0x') ? `register/${register}` : null,
    result: ioctl.exit !== undefined ? `exit/${ioctl.exit}` : errno === undefined ? null : `errno/${errno}`,
  };
}

/** The card that tells most of a row. */
export function mainCard(ioctl: IoctlEvent): string {
  const { name, register, result } = cardsOf(ioctl);
  return result ?? register ?? name;
}
