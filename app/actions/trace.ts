/** The trace as a file, in each form that the command line writes too. */
import type { TraceFormat } from '../../core/trace/formats.ts';
import { download } from '../share/download.ts';
import type { Action } from './action.ts';

interface Form {
  readonly file: string;
  readonly label: string;
  readonly says: string;
}

/** By format, in the order of the menu. */
export const TRACE_FORMS: Readonly<Record<TraceFormat, Form>> = {
  json: { file: 'ecall-trace.jsonl', label: 'JSON lines', says: 'an object for each call and ioctl' },
  csv: { file: 'ecall-trace.csv', label: 'CSV', says: 'a row for each call and ioctl, for a spreadsheet' },
  ftrace: { file: 'ecall-trace.txt', label: 'ftrace', says: 'lines like those of the tracer of Linux' },
  text: { file: 'ecall-trace.golden', label: 'text', says: 'a short line for each call and ioctl, to compare runs' },
};

export const traceExports: readonly Action[] = (Object.keys(TRACE_FORMS) as TraceFormat[]).map(traceExport);

export function traceExport(format: TraceFormat): Action {
  const { file, label, says } = TRACE_FORMS[format];
  return {
    id: format === 'json' ? 'export-trace' : `export-trace-${format}`,
    title: `Save the trace as ${label}`,
    says: `Save this run as ${label}: ${says}.`,
    group: 'Program',
    unavailable: ({ trace }) => (trace.calls === 0 ? 'There is no trace yet.' : undefined),
    run: async ({ session }) => {
      const text = await session.exportTrace(format);
      if (text !== null) download(file, text);
    },
  };
}
