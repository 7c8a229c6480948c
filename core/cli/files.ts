/** Reading and writing files for the commands; what fails becomes a usage error that names the file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { UsageError } from './usage.ts';

const STDIN = 0;
export const STDIN_NAME = '-';

/** `-` is standard input. */
export function readBytes(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path === STDIN_NAME ? STDIN : path));
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reason(error)}`);
  }
}

export function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readBytes(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} is not UTF-8 text`);
  }
}

export function writeBytes(path: string, bytes: Uint8Array | string): void {
  try {
    writeFileSync(path, bytes);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

export function cannotWrite(path: string, error: unknown): UsageError {
  const { code } = error as NodeJS.ErrnoException;
  return new UsageError(`cannot write ${path}: ${code === 'ENOENT' ? 'there is no such folder' : reason(error)}`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be accessed',
};

export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
