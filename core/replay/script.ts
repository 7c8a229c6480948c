/**
 * Reads `runs.sh`, which says how each recording was started. It is a small part of the shell's language:
 * assignments, `for NAME in WORDS; do ...; done`, and the functions `r NAME ARGUMENTS` (a run of the payload)
 * and `c NAME COMMAND` (any other command of kvmprobe). Other commands are passed over.
 */

/** Arguments of kvmprobe, by name of the recording. */
export type Runs = ReadonlyMap<string, readonly string[]>;

type Variables = Map<string, string>;

/** Throws SyntaxError, with the line, for what it does not understand. */
export function parseRuns(text: string): Runs {
  const runs = new Map<string, readonly string[]>();
  const statements = text.split('\n').flatMap((line, at) => statementsOf(line, at + 1));
  execute(statements, new Map(), runs);
  return runs;
}

interface Statement {
  readonly line: number;
  readonly text: string;
}

/** Splits a line at semicolons outside quotes. Definitions of functions are passed over. */
function statementsOf(source: string, line: number): readonly Statement[] {
  if (/^\s*(\w+\s*\(\)|#)/.test(source)) return [];
  const parts = source.match(/(?:"[^"]*"|[^";])+/g) ?? [];
  return parts.map((text) => ({ line, text: text.trim() })).filter(({ text }) => text !== '');
}

function execute(statements: readonly Statement[], variables: Variables, runs: Map<string, readonly string[]>): void {
  for (let at = 0; at < statements.length; at++) {
    const statement = statements[at];
    if (statement === undefined) continue;
    const loop = /^(?:do\s+)?for\s+(\w+)\s+in\s+(.*)$/.exec(statement.text);
    if (loop === null) {
      command(statement.text.replace(/^do\s+/, ''), variables, runs);
      continue;
    }
    const end = endOfLoop(statements, at);
    const [, name = '', words = ''] = loop;
    for (const word of wordsOf(words, variables)) {
      variables.set(name, word);
      execute(statements.slice(at + 1, end), variables, runs);
    }
    at = end;
  }
}

function endOfLoop(statements: readonly Statement[], start: number): number {
  let depth = 0;
  for (let at = start; at < statements.length; at++) {
    const text = statements[at]?.text ?? '';
    if (/^(do\s+)?for\s/.test(text)) depth++;
    if (text === 'done' && --depth === 0) return at;
  }
  throw new SyntaxError(`line ${statements[start]?.line}: a loop without done`);
}

function command(text: string, variables: Variables, runs: Map<string, readonly string[]>): void {
  if (text === 'done' || text === 'do') return;
  const assignment = /^(\w+)=(.*)$/s.exec(text);
  if (assignment !== null) {
    const [, name = '', value = ''] = assignment;
    variables.set(name, expanded(value.replace(/^"(.*)"$/s, '$1'), variables));
    return;
  }
  const [first, name, ...args] = wordsOf(text, variables);
  if (name === undefined) return;
  // The functions keep the name in a variable, which is that of the caller too.
  if (first === 'r' || first === 'c') variables.set('n', name);
  if (first === 'r') runs.set(name, ['run', ...args]);
  if (first === 'c')
    runs.set(
      name,
      args.filter((arg) => arg !== 'guest.bin'),
    );
}

function wordsOf(text: string, variables: Variables): readonly string[] {
  return expanded(text.replaceAll('"', ''), variables)
    .split(/\s+/)
    .filter((word) => word !== '');
}

function expanded(text: string, variables: Variables): string {
  return text.replace(/\$\{?(\w+)\}?/g, (_, name: string) => variables.get(name) ?? '');
}
