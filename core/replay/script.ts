/**
 * Reads `runs.sh`, which says how each recording was started. It is a small part of the shell's language:
 * assignments, `for NAME in WORDS; do ...; done`, `$(seq ...)`, `$((...))` of sums, comments, and the functions
 * `r NAME ARGUMENTS` (a run of the payload) and `c NAME COMMAND` (any other command of kvmprobe). Other commands are
 * passed over.
 */

/** Arguments of kvmprobe, by name of the recording. */
export type Runs = ReadonlyMap<string, readonly string[]>;

type Variables = Map<string, string>;

/** Numbers of one `seq` at most: far more than any script of recordings has. */
const MAX_SEQUENCE = 10_000;

/** Throws SyntaxError, with the line, for what it does not understand. */
export function parseRuns(text: string): Runs {
  const runs = new Map<string, readonly string[]>();
  const statements = linesOf(text).flatMap(({ text: source, line }) => statementsOf(source, line));
  execute(statements, new Map(), runs);
  return runs;
}

interface Statement {
  readonly line: number;
  readonly text: string;
}

/** Lines, each with those that it goes on in after a backslash. */
function linesOf(text: string): readonly Statement[] {
  const lines: Statement[] = [];
  let open = '';
  let start = 1;
  for (const [at, source] of text.split('\n').entries()) {
    if (open === '') start = at + 1;
    if (source.endsWith('\\')) {
      open += `${source.slice(0, -1)} `;
      continue;
    }
    lines.push({ line: start, text: open + source });
    open = '';
  }
  return lines;
}

/** A comment begins at a `#` that begins a word outside quotes. */
function withoutComment(source: string): string {
  const quotes = source.replace(/"[^"]*"|'[^']*'/g, (quoted) => '_'.repeat(quoted.length));
  const at = quotes.search(/(?<=^|\s|;)#/);
  return at < 0 ? source : source.slice(0, at);
}

/** Splits a line at semicolons outside quotes. Comments and definitions of functions are passed over. */
function statementsOf(source: string, line: number): readonly Statement[] {
  if (/^\s*\w+\s*\(\)/.test(source)) return [];
  const code = withoutComment(source);
  const parts = code.match(/(?:"[^"]*"|'[^']*'|[^"';])+/g) ?? [];
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
    variables.set(name, expanded(value.replace(/^(["'])(.*)\1$/s, '$2'), variables));
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
  return expanded(text.replaceAll(/["']/g, ''), variables)
    .split(/\s+/)
    .filter((word) => word !== '');
}

function expanded(text: string, variables: Variables): string {
  return text
    .replace(/\$(?:\{(\w+)\}|([A-Za-z_]\w*|\d))/g, (_, braced?: string, name?: string) => {
      return variables.get(braced ?? name ?? '') ?? '';
    })
    .replace(/\$\(\(([^()]*)\)\)/g, (_, sum: string) => String(sumOf(sum, variables)))
    .replace(/\$\(seq ([^()]*)\)/g, (_, bounds: string) => sequence(bounds).join(' '));
}

/** `1 + n - 0x10`: numbers, variables and their signs; what is no number is 0, as in the shell. */
function sumOf(text: string, variables: Variables): number {
  let total = 0;
  for (const [, sign, term = ''] of text.matchAll(/([+-]?)\s*(\w+)/g)) {
    const value = Number(variables.get(term) ?? term) || 0;
    total += sign === '-' ? -value : value;
  }
  return total;
}

/** `LAST`, `FIRST LAST` or `FIRST STEP LAST`. */
function sequence(bounds: string): readonly number[] {
  const given = bounds.trim().split(/\s+/).map(Number);
  const [first = 1, step = 1, last = 0] =
    given.length === 1 ? [1, 1, given[0]] : given.length === 2 ? [given[0], 1, given[1]] : given;
  const count = Math.floor((last - first) / step) + 1;
  return Array.from({ length: Math.min(Math.max(count || 0, 0), MAX_SEQUENCE) }, (_, at) => first + at * step);
}
