/** Versions of a stored form: each step to the next version is given by an upgrader, and none may be missing. */

export type Upgrader<T> = (old: T) => T;

export interface Versioned<T> {
  readonly current: number;
  /** Brings a value of an older version to the current one. Throws RangeError for a version outside 1..current. */
  upgrade(version: number, value: T): T;
}

/**
 * `upgraders[n]` makes version n + 1 out of version n. Throws at once when a step is missing or
 * superfluous, so that a forgotten upgrader stops the program when it loads.
 */
export function versioned<T>(current: number, upgraders: Readonly<Record<number, Upgrader<T>>>): Versioned<T> {
  const steps = Object.keys(upgraders).map(Number);
  for (let version = 1; version < current; version++) {
    if (!steps.includes(version)) throw new Error(`no upgrader from version ${version} to ${version + 1}`);
  }
  const extra = steps.find((version) => version < 1 || version >= current);
  if (extra !== undefined) throw new Error(`upgrader ${extra} leads beyond version ${current}`);
  return {
    current,
    upgrade(version, value) {
      if (!Number.isInteger(version) || version < 1 || version > current) {
        throw new RangeError(`version ${version} is not one of 1 to ${current}`);
      }
      let result = value;
      for (let at = version; at < current; at++) {
        const step = upgraders[at];
        if (step !== undefined) result = step(result);
      }
      return result;
    },
  };
}
