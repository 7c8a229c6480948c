/**
 * The program of each example: complete GNU assembler source, by the id of the catalogue. Apart from it, since a page
 * lists all examples at once and needs the text of one.
 */
import { counters } from './counters.ts';
import { echo } from './echo.ts';
import { fence } from './fence.ts';
import { governor } from './governor.ts';
import { hello } from './hello.ts';
import { mailbox } from './mailbox.ts';
import { misaligned } from './misaligned.ts';
import { probe } from './probe.ts';
import { profiler } from './profiler.ts';
import { putchar } from './putchar.ts';
import { smp } from './smp.ts';
import { sse } from './sse.ts';
import { suspend } from './suspend.ts';
import { timer } from './timer.ts';
import { tooNew } from './too-new.ts';
import { triggers } from './triggers.ts';
import { uart } from './uart.ts';

export const PROGRAMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
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
    'too-new': tooNew,
    uart,
  }),
);
