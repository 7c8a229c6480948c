/** SRST in user space: the VM ends. Unlike KVM's, it refuses reserved types and reasons. [SBI 3.0 §10] */
import { SRST } from '../../sbi/spec/srst.ts';
import type { Server } from './server.ts';

const [TYPE, REASON] = SRST.functions.system_reset.args;
const TYPES: readonly number[] = Object.values(TYPE.values);
const REASONS: readonly number[] = Object.values(REASON.values);
/** From here on reasons belong to the implementation, the vendor or the platform. */
const FREE_REASONS = 0xe000_0000;

export const srst: Server<'SRST'> = {
  system_reset(_vm, { reset_type, reset_reason }) {
    const type = Number(reset_type & 0xffff_ffffn);
    const reason = Number(reset_reason & 0xffff_ffffn);
    if (!TYPES.includes(type)) return { error: 'INVALID_PARAM' };
    if (!REASONS.includes(reason) && reason < FREE_REASONS) return { error: 'INVALID_PARAM' };
    const kind = type === TYPE.values.SHUTDOWN ? 'shutdown' : 'reset';
    return { kind: 'end', end: { kind, reason: BigInt(reason) } };
  },
};
