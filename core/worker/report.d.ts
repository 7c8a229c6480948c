/** What the page is told of an assembled program. */
import type { Assembled } from '../isa/asm/index.ts';
import type { AssembleReport } from '../protocol/index.ts';
export declare function assembleReport({ diagnostics, image }: Assembled): AssembleReport;
