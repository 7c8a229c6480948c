/** The command line as tests run it: mostly in their own process, which spares loading everything for each call. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ecall as command } from '../cli/commands.ts';

export const CLI_MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url));

export interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command in this process; what it writes meanwhile is its output. One at a time. */
export async function ecall(...args: readonly string[]): Promise<Result> {
  const [out, err] = [captured(process.stdout), captured(process.stderr)];
  try {
    const code = await command(args);
    return { code, out: out.text(), err: err.text() };
  } finally {
    out.release();
    err.release();
  }
}

function captured(stream: NodeJS.WriteStream) {
  const chunks: Buffer[] = [];
  const { write } = stream;
  stream.write = (chunk: Uint8Array | string): boolean => {
    chunks.push(Buffer.from(chunk as string));
    return true;
  };
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    release: () => {
      stream.write = write;
    },
  };
}

/** The same as a process of its own, with `input` on standard input. */
export function ecallProcess(args: readonly string[], input = ''): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', CLI_MAIN, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    input,
  });
  return { code: status, out: stdout, err: stderr };
}

/** A folder for the files of a test. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'ecall-cli-'));
  return {
    folder,
    remove: () => rmSync(folder, { recursive: true }),
    /** Writes a file and gives its path. */
    file: (name: string, content: string | Uint8Array): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
  };
}

/** Ends the guest by SRST. */
export const resetProgram = (type: number, reason: number): string =>
  ` li a7, 0x53525354\n li a6, 0\n li a0, ${type}\n li a1, ${reason}\n ecall\n`;
/** Prints an A by legacy putchar. */
export const PRINT_A = ' li a7, 1\n li a0, 65\n ecall\n';
