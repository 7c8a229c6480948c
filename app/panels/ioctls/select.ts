/** The log of ioctls in words. Pure. */
import type { IoctlEvent } from '../../../core/trace/events.ts';

export function returnWords(ioctl: IoctlEvent): string {
  if (ioctl.exit !== undefined) return ioctl.exit;
  return ioctl.ret < 0 ? `-${ERRNO_NAMES[-ioctl.ret] ?? -ioctl.ret}` : String(ioctl.ret);
}

/** errno values that KVM answers with. [linux/errno-base.h, asm-generic/errno.h] */
const ERRNO_NAMES: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  4: 'EINTR',
  11: 'EAGAIN',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  22: 'EINVAL',
  25: 'ENOTTY',
  95: 'EOPNOTSUPP',
};

/** KVM_RUN drowns the rest unless it is asked for. */
export function showsIoctl(ioctl: IoctlEvent, withRuns: boolean): boolean {
  return withRuns || ioctl.name !== 'KVM_RUN';
}
