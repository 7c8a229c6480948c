/** The protocol between the page and the machine's worker. */
export { type Client, connect, createClient } from './client.ts';
export * from './messages.ts';
export { type EventSink, type Handlers, serve } from './server.ts';
export { localTransports, type PortLike, portTransport, type Transport } from './transport.ts';
export { failed, type Result, succeeded } from './wire.ts';
