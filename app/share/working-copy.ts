/** The working copy kept in the browser, as the fragment of its link. Storage may be missing, full or forbidden. */

export interface WorkingCopyStorage {
  load(): string | null;
  /** False when it could not be kept. */
  save(fragment: string): boolean;
}

const KEY = 'ecall.working-copy';

export function workingCopyIn(storage: () => Pick<Storage, 'getItem' | 'setItem'>): WorkingCopyStorage {
  return {
    load: () => readItem(storage, KEY),
    save: (fragment) => writeItem(storage, KEY, fragment),
  };
}

/** Null when there is nothing or no storage. */
export function readItem(storage: () => Pick<Storage, 'getItem'>, key: string): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

export function writeItem(storage: () => Pick<Storage, 'setItem'>, key: string, value: string): boolean {
  try {
    storage().setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
