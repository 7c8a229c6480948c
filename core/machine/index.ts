/** The composed machine: entry point for the worker and the command line. */
export * from './api.ts';
export { extensionsOf, type GuestResult, prepareGuest } from './guest.ts';
export { fromInputLog, type InputEvent, toInputLog } from './input.ts';
export { createMachine, restoreMachine } from './machine.ts';
export { ENGINES, type EngineName } from './platform.ts';
export { type ProbeResult, probe } from './probe.ts';
export { type MachineSnapshot, SNAPSHOT_FORMAT, SNAPSHOT_VERSION } from './snapshot.ts';
export { fromStateFile, STATE_FILE_LIMIT, toStateFile } from './state-file.ts';
export { survey, surveyOf } from './survey.ts';
