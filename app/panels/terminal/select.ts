/** Words of the terminal. Pure. */
import type { Mode } from '../../../core/sbi/types.ts';

/** Before anything was printed: who would serve DBCN. */
export function servedWords(dbcn: Mode): string {
  switch (dbcn) {
    case 'kvm':
      return 'DBCN is answered by KVM';
    case 'vmm':
      return 'DBCN is answered by the VMM';
    case 'off':
      return 'DBCN is off: nobody answers it';
    default:
      return dbcn satisfies never;
  }
}
