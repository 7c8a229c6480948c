/** The only list of examples, in the order in which they teach. Data only: cheap to import. */
import { counters } from './examples/counters.ts';
import { echo } from './examples/echo.ts';
import { fence } from './examples/fence.ts';
import { governor } from './examples/governor.ts';
import { hello } from './examples/hello.ts';
import { mailbox } from './examples/mailbox.ts';
import { misaligned } from './examples/misaligned.ts';
import { probe } from './examples/probe.ts';
import { profiler } from './examples/profiler.ts';
import { putchar } from './examples/putchar.ts';
import { smp } from './examples/smp.ts';
import { sse } from './examples/sse.ts';
import { suspend } from './examples/suspend.ts';
import { timer } from './examples/timer.ts';
import { tooNew } from './examples/too-new.ts';
import { triggers } from './examples/triggers.ts';
import type { Example } from './examples/types.ts';
import { uart } from './examples/uart.ts';

export type { Example, ExamplePatch, TryThis } from './examples/types.ts';

export const EXAMPLES: readonly Example[] = [
  hello,
  putchar,
  probe,
  echo,
  timer,
  smp,
  fence,
  suspend,
  governor,
  mailbox,
  misaligned,
  sse,
  triggers,
  counters,
  profiler,
  tooNew,
  uart,
];

export function exampleById(id: string): Example | undefined {
  return EXAMPLES.find((example) => example.id === id);
}
