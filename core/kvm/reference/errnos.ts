/** What the errno values of KVM's ioctls mean. Data only. [Linux Documentation/virt/kvm/api.rst; errno(3)] */
import * as uapi from '../uapi.ts';

export const ERRNOS = {
  EPERM: { code: uapi.EPERM, says: 'The caller may not do this to the thing, whatever the arguments are.' },
  ENOENT: {
    code: uapi.ENOENT,
    says: 'The register does not exist here: this release, this hardware or this vcpu does not have it.',
  },
  EINTR: {
    code: uapi.EINTR,
    says: 'KVM_RUN came back without an exit: a signal is pending or immediate_exit is set. It is called again.',
  },
  E2BIG: {
    code: uapi.E2BIG,
    says: 'The answer does not fit into the space given; the size that is needed stands in it.',
  },
  EAGAIN: { code: uapi.EAGAIN, says: 'Not now: the same call may succeed later.' },
  EFAULT: { code: uapi.EFAULT, says: 'An address of user space cannot be read or written.' },
  EBUSY: {
    code: uapi.EBUSY,
    says: 'Too late: what is to be changed is fixed once a vcpu has run, or once something was made that relies on it.',
  },
  EEXIST: { code: uapi.EEXIST, says: 'There is one already, with that id or in that range.' },
  ENODEV: { code: uapi.ENODEV, says: 'The machine has no such device, or not the hardware for it.' },
  EINVAL: {
    code: uapi.EINVAL,
    says: 'An argument has a value that cannot be: a number out of range, a size that does not fit, a flag that is not known.',
  },
  ENOTTY: { code: uapi.ENOTTY, says: 'The file descriptor knows no ioctl of that number.' },
  EOPNOTSUPP: { code: uapi.EOPNOTSUPP, says: 'The kernel cannot do this, though the request is a valid one.' },
} as const satisfies Readonly<Record<string, { readonly code: number; readonly says: string }>>;

export type ErrnoName = keyof typeof ERRNOS;

/** When a request is refused, and how. */
export interface Refusal {
  readonly errno: ErrnoName;
  readonly when: string;
}
