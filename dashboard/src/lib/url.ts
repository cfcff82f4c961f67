/**
 * Everything that a view shows is in the URL. One table says how each field is read and written; only
 * what differs from the default is written, so links stay short and legible.
 */

export const VIEWS = ['timeline', 'graph', 'paths', 'dyads', 'statements', 'actor', 'search', 'import'] as const;
export const QUADS = ['verbal_cooperation', 'material_cooperation', 'verbal_conflict', 'material_conflict'] as const;
export const KINDS = ['event', 'statement', 'relation'] as const;
export const MODES = ['fewest', 'strongest', 'chronological'] as const;
export const BINS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export const TABS = ['list', 'matrix', 'contradictions'] as const;
export const OCCURRENCES = ['', 'any', 'actual'] as const;
export const CHAINS = ['possible', 'certain'] as const;
export const WAYS = ['between', 'from', 'to'] as const;
export const THEMES = ['auto', 'light', 'dark'] as const;

export type View = (typeof VIEWS)[number];
export type Quad = (typeof QUADS)[number];
export type Kind = (typeof KINDS)[number];

export interface State {
  view: View;
  /** Ids or names of actors that the question is about. */
  actor: string[];
  match: 'any' | 'all';
  /** The window (EDTF), open where empty. */
  from: string;
  to: string;
  quad: Quad[];
  record: Kind[];
  type: string[];
  topic: string[];
  dataset: string[];
  cited: string[];
  /** Sources that nobody has to believe. */
  exclude_source: string[];
  /** Independent sources that a record has at least; 1 asks for none in particular. */
  min_independent: number;
  certain: boolean;
  /** Whether what did not occur counts; where it is empty, each view has its own answer. */
  occurrence: (typeof OCCURRENCES)[number];
  /** Count what people do for the states that they stand for. */
  /** Whether those who hold an office, represent or are part of a state count for it. */
  rollup: boolean;
  /** A commit: the answer of then. */
  known_at: string;
  /** The record that is read, such as `event:some-id`. */
  sel: string;
  /** The records behind a number: where the API lists them. */
  list: string;
  scale: 'elastic' | 'linear';
  /** People stand on the lanes of their states, or on lanes of their own. */
  lanes: 'state' | 'actor';
  table: boolean;
  /** Paths: between two, or how far news of one travels, or from whom it can have come. */
  way: (typeof WAYS)[number];
  source: string;
  target: string;
  mode: (typeof MODES)[number];
  directed: boolean;
  /** Whether records of a chain certainly follow one another. */
  chains: (typeof CHAINS)[number];
  via: string[];
  avoid: string[];
  max_hops: number;
  path: number;
  /** Whether it is asked what the paths rest on. */
  explain: boolean;
  /** The day by which news has to be there, or after which it left; the whole window where empty. */
  day: string;
  /** The actor whose chain is shown. */
  chain: string;
  /** Dyads. */
  a: string;
  b: string;
  bin: (typeof BINS)[number];
  base_from: string;
  base_to: string;
  /** Graph. */
  hops: number;
  nodes: number;
  /** Whether actors are coloured by their communities. */
  groups: boolean;
  /** Statements. */
  tab: (typeof TABS)[number];
  columns: 'target' | 'topic';
  speaker: string[];
  toward: string[];
  stance: string[];
  about: string[];
  relayed_by: string[];
  /** Search. */
  q: string;
  theme: (typeof THEMES)[number];
  embed: boolean;
}

interface Field<T> {
  start: T;
  /** The value that the texts of a URL stand for; nothing when they stand for none. */
  read(texts: string[]): T | undefined;
  write(value: T): string[];
}

const text = (most = 400): Field<string> => ({
  start: '',
  read: ([one]) => one?.slice(0, most),
  write: (value) => [value],
});
const texts = (): Field<string[]> => ({
  start: [],
  read: (all) => [...new Set(all.filter(Boolean))],
  write: (value) => value,
});
const flag = (): Field<boolean> => ({
  start: false,
  read: ([one]) => one === '1' || one === 'true',
  write: (value) => (value ? ['1'] : []),
});
const word = <T extends string>(all: readonly T[], start: T): Field<T> => ({
  start,
  read: ([one]) => all.find((known) => known === one),
  write: (value) => [value],
});
const words = <T extends string>(all: readonly T[], start: T[] = []): Field<T[]> => ({
  start,
  read: (given) => all.filter((known) => given.includes(known)),
  write: (value) => value,
});
const whole = (least: number, most: number, start: number): Field<number> => ({
  start,
  read: ([one]) => (one && /^\d{1,6}$/.test(one) ? Math.min(most, Math.max(least, Number(one))) : undefined),
  write: (value) => [String(value)],
});

const FIELDS: { [K in keyof State]: Field<State[K]> } = {
  view: word(VIEWS, 'timeline'),
  actor: texts(),
  match: word(['any', 'all'] as const, 'any'),
  from: text(40),
  to: text(40),
  quad: words(QUADS),
  record: words(KINDS, ['event']),
  type: texts(),
  topic: texts(),
  dataset: texts(),
  cited: texts(),
  exclude_source: texts(),
  min_independent: whole(1, 100, 1),
  certain: flag(),
  occurrence: word(OCCURRENCES, ''),
  rollup: flag(),
  known_at: text(40),
  sel: text(200),
  list: { start: '', read: ([one]) => (one && /^(\/[\w.~-]+)*?\/api\/v1\/[a-z/]/.test(one) ? one.slice(0, 2000) : undefined), write: (value) => [value] },
  scale: word(['elastic', 'linear'] as const, 'elastic'),
  lanes: word(['state', 'actor'] as const, 'state'),
  table: flag(),
  way: word(WAYS, 'between'),
  source: text(),
  target: text(),
  mode: word(MODES, 'fewest'),
  directed: flag(),
  chains: word(CHAINS, 'possible'),
  via: texts(),
  avoid: texts(),
  max_hops: whole(1, 8, 4),
  path: whole(0, 19, 0),
  explain: flag(),
  day: text(40),
  chain: text(200),
  a: text(),
  b: text(),
  bin: word(BINS, 'month'),
  base_from: text(40),
  base_to: text(40),
  hops: whole(1, 3, 1),
  nodes: whole(5, 500, 40),
  groups: flag(),
  tab: word(TABS, 'list'),
  columns: word(['target', 'topic'] as const, 'target'),
  speaker: texts(),
  toward: texts(),
  stance: texts(),
  about: texts(),
  relayed_by: texts(),
  q: text(),
  theme: word(THEMES, 'auto'),
  embed: flag(),
};

const NAMES = Object.keys(FIELDS) as (keyof State)[];

/** Links of before keep working: the name of then, and the name of now. */
const RENAMED: Record<string, (value: string) => [keyof State, string]> = {
  event: (value) => ['sel', `event:${value}`],
  statement: (value) => ['sel', `statement:${value}`],
};

/** The state of a query string. What can't be read is left at its start. */
export function decode(query: string | URLSearchParams): State {
  const given = new URLSearchParams(query);
  for (const [old, rename] of Object.entries(RENAMED)) {
    const value = given.get(old);
    if (value === null) continue;
    const [name, now] = rename(value);
    if (!given.has(name)) given.set(name, now);
  }
  const read = <K extends keyof State>(name: K): State[K] => {
    const field = FIELDS[name];
    return (given.has(name) ? field.read(given.getAll(name)) : undefined) ?? structuredClone(field.start);
  };
  return Object.fromEntries(NAMES.map((name) => [name, read(name)])) as unknown as State;
}

/** The query string of a state, without its question mark. */
export function encode(state: State): string {
  const out = new URLSearchParams();
  const write = <K extends keyof State>(name: K) => {
    const field = FIELDS[name];
    const now = field.write(state[name]);
    if (JSON.stringify(now) === JSON.stringify(field.write(field.start))) return;
    // A list that was emptied though it starts full says so.
    if (now.length === 0) out.append(name, '');
    for (const value of now) out.append(name, value);
  };
  NAMES.forEach(write);
  return out.toString().replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%2C', ',');
}

/** The state in which everything is at its start. */
export const start = (): State => decode('');
