/** A rejected row as its file has it: its cells, with the bad one marked, and how to mend it. */
import type { RejectReport } from './api.gen';

export interface Sheet {
  lines: string[];
  /** The names of the columns, if the file has columns. */
  head: string[];
  separator: string;
}
export interface Cell { name: string; text: string; bad: boolean }

/** The cells of a line of CSV (RFC 4180) or of a file with tabs. */
export function split(line: string, separator: string): string[] {
  if (separator === '\t') return line.split('\t');
  const out: string[] = [];
  let cell = '', quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (quoted) {
      if (c === '"' && line[i + 1] === '"') (cell += '"'), i++;
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === separator) out.push(cell), (cell = '');
    else cell += c;
  }
  out.push(cell);
  return out;
}

/** Columns beyond which a table is no table on a screen. */
const COLUMNS = 12;

export function sheet(text: string, name: string): Sheet {
  const lines = text.split(/\r?\n/);
  const first = lines[0] ?? '';
  const separator = /\.(tsv|tab)$/.test(name) || (first.includes('\t') && !first.startsWith('{')) ? '\t' : ',';
  const isJson = /^\s*[{[]/.test(first) || /\.(json|jsonl|ndjson)$/.test(name);
  const cells = isJson ? [] : split(first, separator);
  return { lines, separator, head: cells.length > 1 && cells.length <= COLUMNS ? cells : [] };
}

const shorten = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 90 ? `${text.slice(0, 89)}…` : text;
};
/** `participants[1].actor` begins with `participants`. */
const root = (field: string) => field.split(/[.[]/)[0] ?? field;

/** The cells of the row of a reject; nothing when the file does not show them. */
export function cells(source: Sheet, reject: RejectReport): Cell[] | undefined {
  const line = reject.line ? source.lines[reject.line - 1] : undefined;
  if (line === undefined) return undefined;
  const field = reject.field ?? '';
  if (source.head.length) {
    const all = split(line, source.separator);
    return source.head.map((name, i) => ({ name, text: shorten(all[i] ?? ''), bad: name === field || name === root(field) || (!!reject.value && all[i] === reject.value && !source.head.includes(root(field))) }));
  }
  try {
    const record = JSON.parse(line) as Record<string, unknown>;
    if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined;
    return Object.entries(record).filter(([name]) => name !== 'record').map(([name, value]) => {
      const bad = !!field && name === root(field);
      return { name: bad && field !== name ? field : name, text: bad && field !== name && reject.value ? shorten(reject.value) : shorten(value), bad };
    });
  } catch {
    return undefined;
  }
}

/** The text with the suggestion in place of the bad value, on the line of the reject and only there. */
export function apply(text: string, reject: RejectReport): string {
  const { line, value, suggestion } = reject;
  if (!line || !value || !suggestion) return text;
  const lines = text.split('\n');
  const now = lines[line - 1];
  if (now === undefined) return text;
  const json = JSON.stringify(value);
  const column = Math.max(0, (reject.column ?? 1) - 1);
  // From the column on, since the value may stand elsewhere in the line, too.
  const swap = (what: string, by: string) => {
    const at = now.indexOf(what, now.indexOf(what, column) < 0 ? 0 : column);
    return at < 0 ? undefined : now.slice(0, at) + by + now.slice(at + what.length);
  };
  const mended = swap(json, JSON.stringify(suggestion)) ?? (/^\s*[{[]/.test(now) ? undefined : swap(value, suggestion));
  if (mended === undefined) return text;
  lines[line - 1] = mended;
  return lines.join('\n');
}
