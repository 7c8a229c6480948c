/** SRST in user space: the VM ends. Unlike KVM's, it refuses types and reasons that are reserved or not implemented. [SBI 3.0 §10] */
import { SRST } from '../../sbi/spec/srst.ts';
import type { Server } from './server.ts';

const [TYPE, REASON] = SRST.functions.system_reset.args;
const TYPES: readonly number[] = Object.values(TYPE.values);
const REASONS: readonly number[] = Object.values(REASON.values);
/** Reasons of the implementation: any of them. Those of vendor and platform, which follow, are not implemented. */
const OWN_REASONS = { first: 0xe000_0000, last: 0xefff_ffff } as const;

export const srst: Server<'SRST'> = {
  system_reset(_vm, { reset_type, reset_reason }) {
    const type = Number(reset_type & 0xffff_ffffn);
    const reason = Number(reset_reason & 0xffff_ffffn);
    if (!TYPES.includes(type)) return { error: 'INVALID_PARAM' };
    const isOwn = reason >= OWN_REASONS.first && reason <= OWN_REASONS.last;
    if (!REASONS.includes(reason) && !isOwn) return { error: 'INVALID_PARAM' };
    const kind = type === TYPE.values.SHUTDOWN ? 'shutdown' : 'reset';
    return { kind: 'end', end: { kind, reason: BigInt(reason) } };
  },
};
