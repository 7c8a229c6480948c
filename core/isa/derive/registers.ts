/** Names of the integer and floating-point registers. [RISC-V ABIs, Register convention] */

/** ABI name of x0..x31. */
export const X_NAMES: readonly string[] = [
  ...['zero', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2', 's0', 's1', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5'],
  ...['a6', 'a7', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11', 't3', 't4', 't5', 't6'],
];

/** ABI name of f0..f31. */
export const F_NAMES: readonly string[] = [
  ...['ft0', 'ft1', 'ft2', 'ft3', 'ft4', 'ft5', 'ft6', 'ft7', 'fs0', 'fs1', 'fa0', 'fa1', 'fa2', 'fa3', 'fa4', 'fa5'],
  ...[
    'fa6',
    'fa7',
    'fs2',
    'fs3',
    'fs4',
    'fs5',
    'fs6',
    'fs7',
    'fs8',
    'fs9',
    'fs10',
    'fs11',
    'ft8',
    'ft9',
    'ft10',
    'ft11',
  ],
];

function numbersOf(letter: string, names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.flatMap((name, index) => [[name, index] as const, [`${letter}${index}`, index] as const]));
}

const X_NUMBERS = new Map([...numbersOf('x', X_NAMES), ['fp', 8]]);
const F_NUMBERS = numbersOf('f', F_NAMES);

/** Number of an integer register by ABI or `x` name; undefined for anything else. */
export function xByName(name: string): number | undefined {
  return X_NUMBERS.get(name);
}

/** Number of a floating-point register by ABI or `f` name; undefined for anything else. */
export function fByName(name: string): number | undefined {
  return F_NUMBERS.get(name);
}

/** ABI name; throws RangeError outside 0..31. */
export function xName(index: number): string {
  const name = X_NAMES[index];
  if (name === undefined) throw new RangeError(`there is no integer register ${index}`);
  return name;
}

/** ABI name; throws RangeError outside 0..31. */
export function fName(index: number): string {
  const name = F_NAMES[index];
  if (name === undefined) throw new RangeError(`there is no floating-point register ${index}`);
  return name;
}
