/** What has been compared so far, and the table that says so. */

export interface Counts {
  programs: number;
  /** Retired on the reference hart. */
  instructions: number;
  operandSets: number;
}

export class Tally {
  readonly #programs = new Map<string, number>();
  readonly #sets = new Map<string, Map<string, number>>();
  readonly #executed = new Map<string, Map<string, number>>();

  program(subject: string, operandSets?: { readonly of: string; readonly count: number }): void {
    add(this.#programs, subject, 1);
    if (operandSets !== undefined) add(inside(this.#sets, subject), operandSets.of, operandSets.count);
  }

  /** Words that were compared as text stand where operand sets do. */
  words(subject: string, count: number): void {
    add(inside(this.#sets, subject), subject, count);
  }

  executed(extension: string, instruction: string, times: number): void {
    add(inside(this.#executed, extension), instruction, times);
  }

  rows(): ReadonlyMap<string, Counts> {
    const subjects = new Set([...this.#programs.keys(), ...this.#executed.keys(), ...this.#sets.keys()]);
    return new Map(
      [...subjects].sort().map((subject) => [
        subject,
        {
          programs: this.#programs.get(subject) ?? 0,
          instructions: sum(this.#executed.get(subject)),
          operandSets: sum(this.#sets.get(subject)),
        },
      ]),
    );
  }

  totals(): Counts {
    const rows = [...this.rows().values()];
    return {
      programs: rows.reduce((all, { programs }) => all + programs, 0),
      instructions: rows.reduce((all, { instructions }) => all + instructions, 0),
      operandSets: rows.reduce((all, { operandSets }) => all + operandSets, 0),
    };
  }

  /** How often each instruction retired, and how many operand sets each had, by rounding mode where it rounds. */
  detail(): { readonly executed: Record<string, number>; readonly operandSets: Record<string, number> } {
    const flat = (maps: Iterable<Map<string, number>>) => Object.fromEntries([...maps].flatMap((map) => [...map]));
    return { executed: flat(this.#executed.values()), operandSets: flat(this.#sets.values()) };
  }

  table(): string {
    const head = ['subject', 'programs', 'instructions', 'operand sets'];
    const line = (name: string, { programs, instructions, operandSets }: Counts): string[] => [
      name,
      ...[programs, instructions, operandSets].map((count) => (count === 0 ? '' : count.toLocaleString('en'))),
    ];
    const lines = [head, ...[...this.rows()].map(([name, counts]) => line(name, counts)), line('total', this.totals())];
    const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
    const pad = (cell: string, column: number): string =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
    return lines.map((cells) => cells.map(pad).join('  ').trimEnd()).join('\n');
  }
}

const sum = (counts: ReadonlyMap<string, number> | undefined): number =>
  [...(counts?.values() ?? [])].reduce((all, count) => all + count, 0);

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function inside(maps: Map<string, Map<string, number>>, key: string): Map<string, number> {
  const found = maps.get(key) ?? new Map<string, number>();
  maps.set(key, found);
  return found;
}
