/** The commands of the protocol, carried out on one machine session. */
import { parseConfig } from '../config/index.ts';
import type { Machine } from '../machine/api.ts';
import { toInputLog } from '../machine/input.ts';
import {
  type EventSink,
  type Failure,
  failed,
  type Handlers,
  type LoadReport,
  type Result,
  succeeded,
} from '../protocol/index.ts';
import { Replays } from './replays.ts';
import { assembleReport } from './report.ts';
import { type HostTime, MachineSession } from './session.ts';

/** Bytes of one readMemory: a panel's page, many times over. */
const READ_LIMIT = 1024 * 1024;

const NO_MACHINE = failed('empty', 'No machine is loaded.', 'Load a configuration first.');
const AGAIN = 'Check the connection and try again.';
const NOT_LOADED = failed('load', 'The part of Ecall that writes traces could not be loaded.', AGAIN);
const NO_ASSEMBLER = failed('load', 'The assembler could not be loaded.', AGAIN);
const ENDED = failed('state', 'The machine cannot run any further.', 'Reset it.');

type Programs = typeof import('../machine/programs.ts');

/** The page is usable before the assembler is there. */
async function withPrograms<T>(use: (programs: Programs) => Result<T> | Promise<Result<T>>): Promise<Result<T>> {
  const programs = await import('../machine/programs.ts').catch(() => null);
  return programs === null ? NO_ASSEMBLER : use(programs);
}

export function machineHandlers(events: EventSink, time: HostTime): Handlers {
  const session = new MachineSession(events, time);
  const replays = new Replays(time);
  const withMachine = <T>(use: (machine: Machine) => Result<T>): Result<T> =>
    session.machine === null ? NO_MACHINE : use(session.machine);
  const orEnded = (done: boolean): Result<null> => {
    if (done) return succeeded(null);
    return session.machine === null ? NO_MACHINE : ENDED;
  };
  return {
    load: (payload) => {
      const parsed = parseConfig(payload.config);
      if (parsed.ok) {
        return withPrograms(({ prepareGuest }) => {
          return succeeded(session.load({ ...payload, config: parsed.config, prepare: prepareGuest }));
        });
      }
      const [problem] = parsed.problems;
      const failure: Failure = { code: 'config', message: 'The configuration is not valid.', ...problem };
      return succeeded<LoadReport>({ ok: false, failure, assembled: null });
    },
    run: ({ until }) => orEnded(session.run(until)),
    pause: () => {
      session.pause();
      return succeeded(null);
    },
    step: ({ hart }) => orEnded(session.step(hart)),
    reset: () => {
      const report = session.reset();
      return report === null ? NO_MACHINE : succeeded(report);
    },
    input: ({ bytes }) =>
      withMachine(() => {
        session.input(bytes);
        return succeeded(null);
      }),
    assemble: ({ source, isa }) =>
      withPrograms(({ assemble }) => succeeded(assembleReport(assemble(source, { extensions: new Set(isa) })))),
    readMemory: ({ hart, address, length }) =>
      withMachine((machine) => succeeded(machine.readMemory(hart, address, Math.min(length, READ_LIMIT)))),
    probe: ({ config }) =>
      withPrograms(({ probe }) => {
        const result = probe(config);
        return result.ok ? succeeded(result.report) : { ok: false, failure: result.failure };
      }),
    survey: ({ platform: { interface: kvm, host, vmm }, choice }) => {
      const parsed = parseConfig({ interface: kvm, host, vmm });
      if (parsed.ok) return withPrograms(({ survey }) => succeeded(survey(parsed.config, choice)));
      const [problem] = parsed.problems;
      return { ok: false, failure: { code: 'config', message: 'There is no such combination.', ...problem } };
    },
    replay: (recorded) => replays.run(recorded),
    stopReplay: () => {
      replays.stop();
      return succeeded(null);
    },
    exportTrace: async ({ format }) => {
      // Few save a trace: how it is written stays out of what is loaded first.
      const formats = await import('../trace/formats.ts').catch(() => null);
      if (formats === null) return NOT_LOADED;
      return withMachine((machine) => succeeded(formats.toTraceText(format, machine.trace.from(0))));
    },
    exportInputLog: () => withMachine((machine) => succeeded(toInputLog(machine.inputLog))),
    saveState: async () => {
      const text = session.save();
      return text === null ? NO_MACHINE : succeeded(await text);
    },
    loadState: ({ text }) =>
      withPrograms(async ({ prepareGuest }) => succeeded(await session.restore(text, prepareGuest))),
    setPacing: ({ paced }) => {
      session.setPacing(paced);
      return succeeded(null);
    },
  };
}
