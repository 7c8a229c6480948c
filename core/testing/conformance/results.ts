/** What the runs came to, as it is kept for people: counts of each target, their table, and the explained differences. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { SBI } from '../../sbi/spec/index.ts';
import { SBI_NAMES, type SbiExtension, type SbiName } from '../../sbi/types.ts';
import type { Judgement } from './judge.ts';
import { TARGETS, type TargetName } from './target-names.ts';
import { serves } from './targets.ts';
import type { Difference, ExtensionCases } from './types.ts';

export interface Count {
  readonly asSpecified: number;
  readonly explained: number;
}
export type Results = Partial<Record<SbiName, Count>>;

/** Whether files are to be renewed instead of compared. */
export const RENEW = Boolean(process.env.UPDATE_GOLDEN) && !process.env.CI;

const pathOf = (target: TargetName) => new URL(`results/${target}.json`, import.meta.url);

export function countOf(judgements: readonly Judgement[]): Count {
  const having = (verdict: Judgement['verdict']) => judgements.filter((one) => one.verdict === verdict).length;
  return { asSpecified: having('as specified'), explained: having('explained') };
}

export function readResults(target: TargetName): Results {
  const path = pathOf(target);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : {};
}

export function writeResults(target: TargetName, results: Results): void {
  const lines = SBI_NAMES.flatMap((name) => {
    const count = results[name];
    if (count === undefined) return [];
    return [`  "${name}": { "asSpecified": ${count.asSpecified}, "explained": ${count.explained} }`];
  });
  writeFileSync(pathOf(target), `{\n${lines.join(',\n')}\n}\n`);
}

function cell(extension: ExtensionCases, target: TargetName): string {
  const count = readResults(target)[extension.name];
  if (count === undefined) return '–';
  const { asSpecified, explained } = count;
  const text = explained === 0 ? `${asSpecified}` : `${asSpecified} + ${explained}`;
  return target !== 'absent' && serves(extension, target) === false ? `(${text})` : text;
}

/** Markdown: a row for each extension, a column for each target. */
export function summaryTable(extensions: readonly ExtensionCases[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = ['Extension', ...TARGETS];
  return [
    row(head),
    row(head.map((_, at) => (at === 0 ? '---' : '--:'))),
    ...extensions.map((extension) => row([extension.name, ...TARGETS.map((target) => cell(extension, target))])),
  ].join('\n');
}

const RIGHT: Readonly<Record<Difference['right'], string>> = {
  specification: 'The specification is right.',
  open: 'The specification leaves it open.',
};

/** Markdown: every explained difference. */
export function differencesText(extensions: readonly ExtensionCases[]): string {
  const parts = extensions
    .filter(({ differences }) => differences.length > 0)
    .map(({ name, differences }) => {
      const extension: SbiExtension = SBI[name];
      const items = differences.map(({ on, cases, answers, right, because }) => {
        const ids = cases.map((id) => `\`${id}\``).join(', ');
        return `- **${on.join(', ')}**: ${ids}: \`${answers.replaceAll('`', "'")}\`. ${because} ${RIGHT[right]}`;
      });
      return `## ${name}: ${extension.title}\n\n${items.join('\n')}\n`;
    });
  return `# Where targets differ from the text of SBI 3.0

Made from the tables in \`cases/\`; \`README.md\` says how to renew it. Each entry: the targets, the cases, what comes of
them, and why.

${parts.join('\n')}`;
}
