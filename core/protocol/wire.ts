/** What is sent over a transport, and the results of commands. Failures are values with a code. */
import type { CommandName, Commands, EventName, Events, Failure } from './messages.ts';

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export type Request = {
  [N in CommandName]: {
    readonly kind: 'request';
    readonly id: number;
    readonly name: N;
    readonly payload: Commands[N][0];
  };
}[CommandName];

export interface Response {
  readonly kind: 'response';
  readonly id: number;
  readonly result: Result<unknown>;
}

export type EventMessage = {
  [N in EventName]: { readonly kind: 'event'; readonly name: N; readonly payload: Events[N] };
}[EventName];

/** The client has dealt with one event of that name. */
export interface Acknowledgement {
  readonly kind: 'ack';
  readonly name: EventName;
}

export type ToServer = Request | Acknowledgement;
export type ToClient = Response | EventMessage;

export function failed(
  code: string,
  message: string,
  hint?: string,
): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: hint === undefined ? { code, message } : { code, message, hint } };
}

export function succeeded<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}
