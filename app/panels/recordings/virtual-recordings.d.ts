/** Made by the build from the recorded folders: see `core/cli/replay/plugin.ts`. */
declare module 'virtual:recordings' {
  export const hosts: readonly {
    readonly name: string;
    /** Texts by the name of the file. */
    load(): Promise<{ readonly files: Readonly<Record<string, string>> }>;
  }[];
  /** The text of `runs.sh`, and the payload in base 64. */
  export function shared(): Promise<{ readonly script: string; readonly payload: string }>;
}
