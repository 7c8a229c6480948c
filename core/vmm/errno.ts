/** errno values by name, for messages. */
import * as uapi from '../kvm/uapi.ts';

const NAMES: Readonly<Record<number, string>> = {
  [uapi.EPERM]: 'EPERM',
  [uapi.ENOENT]: 'ENOENT',
  [uapi.EINTR]: 'EINTR',
  [uapi.EAGAIN]: 'EAGAIN',
  [uapi.EFAULT]: 'EFAULT',
  [uapi.EBUSY]: 'EBUSY',
  [uapi.EEXIST]: 'EEXIST',
  [uapi.EINVAL]: 'EINVAL',
  [uapi.ENOTTY]: 'ENOTTY',
  [uapi.EOPNOTSUPP]: 'EOPNOTSUPP',
};

/** Name of an errno, given positive or negative as a call returns it. */
export function errnoName(errno: number): string {
  return NAMES[Math.abs(errno)] ?? `errno ${Math.abs(errno)}`;
}
