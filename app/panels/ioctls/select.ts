/** The log of ioctls in words. Pure. */
import { ERRNO_NAMES } from '../../../core/kvm/uapi.ts';
import type { IoctlEvent } from '../../../core/trace/events.ts';

export function returnWords(ioctl: IoctlEvent): string {
  if (ioctl.exit !== undefined) return ioctl.exit;
  return ioctl.ret < 0 ? `-${ERRNO_NAMES[-ioctl.ret] ?? -ioctl.ret}` : String(ioctl.ret);
}

/** KVM_RUN drowns the rest unless it is asked for. */
export function showsIoctl(ioctl: IoctlEvent, withRuns: boolean): boolean {
  return withRuns || ioctl.name !== 'KVM_RUN';
}
