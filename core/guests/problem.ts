/** Why a guest image cannot be used, as a value: what is wrong and where, and a way out. */
export interface GuestProblem {
  readonly problem: { readonly code: 'image' | 'memory'; readonly message: string; readonly hint?: string };
}

export function badImage(message: string, hint?: string): GuestProblem {
  return { problem: hint === undefined ? { code: 'image', message } : { code: 'image', message, hint } };
}

export function tooLittleMemory(message: string, hint?: string): GuestProblem {
  return { problem: hint === undefined ? { code: 'memory', message } : { code: 'memory', message, hint } };
}

export function isProblem(value: object): value is GuestProblem {
  return 'problem' in value;
}
