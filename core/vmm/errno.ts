/** errno values by name, for messages. */
import { ERRNO_NAMES } from '../kvm/uapi.ts';

/** Name of an errno, given positive or negative as a call returns it. */
export function errnoName(errno: number): string {
  return ERRNO_NAMES[Math.abs(errno)] ?? `errno ${Math.abs(errno)}`;
}
