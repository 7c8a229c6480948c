/** All actions of the page, in the order of the palette. */
import type { Action } from './action.ts';
import { exports } from './export.ts';
import { openFile } from './file.ts';
import { copyLink, examples, loadProgram, probe, saveSource, systems } from './program.ts';
import { recordings } from './recordings.ts';
import { reference } from './reference.ts';
import { nextCall, nextExit, pause, reset, restart, run, step } from './run.ts';
import { loadState, saveState } from './state-file.ts';
import { bringBack } from './tell.ts';
import { traceExports } from './trace.ts';
import { goTo, help, palette, themes } from './view.ts';

export type { Action } from './action.ts';

export const ACTIONS: readonly Action[] = [
  run,
  pause,
  step,
  nextCall,
  nextExit,
  reset,
  restart,
  saveState,
  loadState,
  copyLink,
  probe,
  ...traceExports,
  saveSource,
  ...exports,
  openFile,
  loadProgram,
  bringBack,
  ...examples,
  ...systems,
  ...goTo,
  reference,
  recordings,
  help,
  palette,
  ...themes,
];

export function actionById(id: string): Action | undefined {
  return ACTIONS.find((action) => action.id === id);
}
