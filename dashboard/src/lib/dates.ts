/** Dates as their sources give them (EDTF), in words, and as days to draw. */
import { at, civilOf, DAY, dayOf, daysIn, timeOf, weekday, yearWritten } from './calendar';
import type { Dated } from './records';

export { at, DAY, dayOf };

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const shortMonth = (name: string) => (name === 'September' ? 'Sept' : name.slice(0, 3));

/** A year as it is written, with a minus sign: four digits, so that 99 is not taken for 1999. */
export const yearWords = (year: number) => yearWritten(year).replace('-', '−');
/** A year that nobody counted so then: 0 is 1 BCE. */
const before = (year: number) => (year <= 0 ? ` (${1 - year} BCE)` : '');

export interface Format { weekday?: 'long'; day?: 'numeric'; month?: 'long' | 'short'; year?: 'numeric' }
/** The day of a time in words: the parts that are asked for, as in "16 June 2023". */
export function format(time: number, wanted: Format): string {
  if (!Number.isFinite(time)) return '';
  const { year, month, day } = civilOf(time), name = MONTHS[month - 1] ?? '';
  return [wanted.weekday && DAYS[weekday(time)], wanted.day && String(day), wanted.month && (wanted.month === 'long' ? name : shortMonth(name)), wanted.year && yearWords(year)].filter(Boolean).join(' ');
}
/** How a mark of an axis is called. */
export const tickWords = (unit: 'day' | 'month' | 'year', time: number, year = true) =>
  format(time, unit === 'day' ? { day: 'numeric', month: 'short' } : unit === 'month' ? { month: 'short', ...(year ? { year: 'numeric' } : {}) } : { year: 'numeric' });

const SEASON: Record<string, string> = { '21': 'spring', '22': 'summer', '23': 'autumn', '24': 'winter' };
/** The first month of a season of the north; winter ends in the next year. */
const SEASON_BEGINS: Record<string, number> = { '21': 3, '22': 6, '23': 9, '24': 12 };
const CLOCK = /^T(\d{2}:\d{2})(?::(\d{2})(?:[.,]\d+)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** A time of day with the zone that was written, and no other. */
function clockWords(text: string): string {
  const found = CLOCK.exec(text);
  if (!found) return text.slice(1);
  const [, minutes, seconds, zone] = found;
  return `${minutes}${seconds && seconds !== '00' ? `:${seconds}` : ''}${zone ? ` ${zone === 'Z' ? 'UTC' : zone}` : ' (no zone given)'}`;
}

/** One EDTF date in words, without its marks of certainty. */
function plain(edtf: string, long: boolean): string {
  const bare = edtf.replace(/[~?%]/g, '');
  const full = /^(-?\d{4})-\d{2}-\d{2}(T.*)?$/.exec(bare);
  if (full) {
    const time = at(bare);
    if (Number.isNaN(time)) return bare;
    const day = format(time, { day: 'numeric', month: long ? 'long' : 'short', year: 'numeric' });
    return full[2] ? `${day}, ${clockWords(full[2])}` : day;
  }
  const month = /^(-?\d{4})-(\d{2})(-XX)?$/.exec(bare);
  if (month) {
    const season = SEASON[month[2]!], year = Number(month[1]), one = Number(month[2]);
    if (season) return `${season} ${yearWords(year)}`;
    return one < 1 || one > 12 ? bare : format(timeOf(year, one), { month: long ? 'long' : 'short', year: 'numeric' });
  }
  const years = /^(-?)(\d+)(X+)$/.exec(bare);
  if (years) return `${years[1] ? '−' : ''}${years[2]}${'0'.repeat(years[3]!.length)}s`;
  const year = /^(-?\d{4})(-XX(-XX)?)?$/.exec(bare);
  return year ? yearWords(Number(year[1])) : bare;
}

function marked(edtf: string, long: boolean): string {
  const sure = /[%?]/.test(edtf) ? 'possibly ' : '';
  const about = /[~%]/.test(edtf) ? 'about ' : '';
  return `${sure}${about}${plain(edtf, long)}`;
}

/** What kind of date it is, and of what it is made. */
type Form = { kind: 'one' | 'by' | 'after' | 'on' | 'until' | 'unended' | 'unbegun'; one: string } | { kind: 'span'; first: string; last: string } | { kind: 'set'; members: [string, string][]; all: boolean };
function formOf(edtf: string): Form {
  const set = /^([[{])(.*)[\]}]$/.exec(edtf.trim());
  if (set) {
    const members = set[2]!.split(',').map((one) => one.trim());
    const [only] = members;
    if (members.length === 1 && only) {
      if (only.startsWith('..')) return { kind: 'by', one: only.slice(2) };
      if (only.endsWith('..')) return { kind: 'after', one: only.slice(0, -2) };
    }
    return { kind: 'set', all: set[1] === '{', members: members.map((one) => { const [first = one, last = first] = one.split('..'); return [first, last]; }) };
  }
  const slash = edtf.indexOf('/');
  if (slash < 0) return { kind: 'one', one: edtf };
  const first = edtf.slice(0, slash), last = edtf.slice(slash + 1);
  if (first === '..') return { kind: 'until', one: last };
  if (first === '') return { kind: 'unbegun', one: last };
  if (last === '..') return { kind: 'on', one: first };
  if (last === '') return { kind: 'unended', one: first };
  return { kind: 'span', first, last };
}

function spanWords(first: string, last: string, long: boolean): string {
  const from = marked(first, long), to = marked(last, long);
  // 18–19 June 2023: what both ends share is said once.
  const a = from.split(' '), b = to.split(' ');
  let same = 0;
  while (same < Math.min(a.length, b.length) - 1 && a.at(-1 - same) === b.at(-1 - same)) same++;
  if (/T/.test(first + last)) same = 0;
  const short = a.slice(0, a.length - same).join(' ');
  return same === 2 && a.length === 3 ? `${short}–${to}` : `${short} – ${to}`;
}

/** "1 June, 3 June or 5 June 2023": the year that all share is said once. */
function setWords(all: string[], joint: string): string {
  const [year] = / −?\d{4}$/.exec(all.at(-1) ?? '') ?? [];
  const said = year && all.every((one) => one.endsWith(year) && one.length > year.length) ? all.map((one, i) => (i < all.length - 1 ? one.slice(0, -year.length) : one)) : all;
  return said.length < 2 ? (said[0] ?? '') : `${said.slice(0, -1).join(', ')} ${joint} ${said.at(-1)}`;
}

/** "18–19 June 2023", "Feb 2023", "by 17 June 2023". */
export function words(edtf: string | null | undefined, long = true): string {
  if (!edtf) return 'no date';
  const form = formOf(edtf);
  switch (form.kind) {
    case 'one': return marked(form.one, long) + (long ? before(Number(/^-?\d{4}/.exec(form.one)?.[0] ?? 1)) : '');
    case 'by': return `by ${marked(form.one, long)}`;
    case 'after': return `not before ${marked(form.one, long)}`;
    case 'on': return `from ${marked(form.one, long)} on`;
    case 'until': return `until ${marked(form.one, long)}`;
    case 'unended': return `from ${marked(form.one, long)}, end unknown`;
    case 'unbegun': return `until ${marked(form.one, long)}, beginning unknown`;
    case 'span': return spanWords(form.first, form.last, long);
    case 'set': return setWords(form.members.map(([a, b]) => (a === b ? marked(a, long) : spanWords(a, b, long))), form.all ? 'and' : 'or');
  }
}

/** When a record was written: a moment to the minute. */
export const recordedWords = (at: string) => words(at.replace(/:\d{2}(\.\d+)?Z$/, 'Z'), false);

/** The time since which a tie is known to hold: "since June 2023", "since 17 June 2023 at the latest". */
export function sinceWords(edtf: string, side: 'since' | 'until'): string {
  const form = formOf(edtf), one = 'one' in form ? marked(form.one, false) : words(edtf, false);
  return form.kind === 'by' || form.kind === 'until' ? `${side} ${one} at the latest` : form.kind === 'after' || form.kind === 'on' ? `${side} ${one} at the earliest` : `${side} ${one}`;
}

/** Whether it is in doubt when it was. */
export const doubtful = (when: Dated) => !!(when.approximate || when.uncertain);

/** How well a date is known, in words. */
export function precisionWords(when: Dated): string {
  if (!when.date) return 'No source gives a date';
  const rough = when.approximate && when.uncertain ? ', about, uncertain' : when.approximate ? ', about' : when.uncertain ? ', uncertain' : '';
  switch (formOf(when.date).kind) {
    case 'by': return `No later than this${rough}`;
    case 'after': return `No earlier than this${rough}`;
    case 'on': return `It goes on${rough}`;
    case 'until': return `It went on until then; nothing says since when${rough}`;
    case 'unended': return `Nobody knows its end${rough}`;
    case 'unbegun': return `Nobody knows its beginning${rough}`;
    case 'set': return `One of these days${rough}`;
    case 'span': return `A span of days${rough}`;
    default:
  }
  switch (when.precision) {
    case 'day': return `Exact day${rough}`;
    case 'instant': return `Exact ${/T.*(Z|[+-]\d{2}(:?\d{2})?)$/.test(when.date) ? 'time' : 'day; no source says in which zone'}${rough}`;
    default: return `${when.precision?.charAt(0).toUpperCase()}${when.precision?.slice(1)} only${rough}`;
  }
}

/**
 * How a date is drawn. A duration: `span`, or open: it goes `on`, it went on `until`, an end is unknown (`unended`,
 * `unbegun`). One day: a `day`, within a `band`, one of a `set`, no later (`by`) or no earlier (`after`).
 */
export type Shape = 'day' | 'span' | 'band' | 'set' | 'by' | 'after' | 'on' | 'until' | 'unended' | 'unbegun';
export function shape(when: Dated): Shape {
  const { kind } = formOf(when.date ?? '');
  if (kind !== 'one') return kind;
  return when.earliest && when.latest && when.earliest !== when.latest ? 'band' : 'day';
}
const LASTING: ReadonlySet<Shape> = new Set(['span', 'on', 'until', 'unended', 'unbegun']);
/** Whether it lasts, and is drawn as a bar. */
export const lasts = (drawn: Shape) => LASTING.has(drawn);

/** The first and the last day that are known, as written: where a dated record can stand. */
export function knownDays(when: Dated): [number, number] | undefined {
  const first = when.earliest ?? when.latest ?? when.sorts_on, last = when.latest ?? when.earliest ?? when.sorts_on;
  if (!first || !last) return undefined;
  const days: [number, number] = [at(first), at(last)];
  return days.some(Number.isNaN) ? undefined : days;
}

/** The first and the last day of each member of a set. */
export function members(edtf: string | null | undefined): [number, number][] {
  const form = formOf(edtf ?? '');
  if (form.kind !== 'set') return [];
  return form.members.flatMap(([a, b]): [number, number][] => {
    const first = edge(a, 'first'), last = edge(b, 'last');
    return first === undefined || last === undefined ? [] : [[first, last]];
  });
}

/** A moment, where a time of day and its zone are written. */
export function instant(edtf: string | null | undefined): number | undefined {
  const found = /^(-?\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/.exec(edtf?.replace(/[~?%]/g, '') ?? '');
  if (!found) return undefined;
  const [, day = '', hour, minute, second = '0', sign, zoneHour = '0', zoneMinute = '0'] = found;
  const away = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1);
  return at(day) + ((Number(hour) * 60 + Number(minute) - away) * 60 + Number(second)) * 1000;
}

const DAY_OR_LESS = /^-?\d{4}(-\d\d){0,2}$/;
/** A window in words: "2022 to June 2023", "until 2023", "all time". */
export function windowWords(from: string, to: string): string {
  const a = from && words(from, false), b = to && words(to, false);
  if (a && b) return a === b ? a : DAY_OR_LESS.test(from) && DAY_OR_LESS.test(to) ? words(`${from}/${to}`, false) : `${a} – ${b}`;
  if (a) return `since ${a}`;
  return b ? `until ${b}` : 'all time';
}

/** The same at the end of a sentence: "in 1999", "since 2022", "at any time". */
export function within(from: string, to: string): string {
  if (!from && !to) return 'at any time';
  return from && to ? `in ${windowWords(from, to)}`.replace(/^in (?=\d{1,2}\D)/, 'on ').replace(/^(?:in|on) (?=.* – )/, 'within ') : windowWords(from, to);
}

/** The years that an unspecified one covers: 202X is 2020 to 2029. */
function yearsOf(sign: string, digits: string, unknown: string): [number, number] {
  const least = Number(digits + '0'.repeat(unknown.length)), most = Number(digits + '9'.repeat(unknown.length));
  return sign ? [-most, -least] : [least, most];
}

/** The first or the last day that a date covers; nothing for one that is open there, or none. */
export function edge(edtf: string, end: 'first' | 'last'): number | undefined {
  const bare = edtf.replace(/[~?%]/g, ''), form = formOf(bare), first = end === 'first';
  if (form.kind === 'span') return edge(first ? form.first : form.last, end);
  if (form.kind === 'set') {
    const all = form.members.flatMap(([a, b]) => edge(first ? a : b, end) ?? []);
    return all.length ? (first ? Math.min(...all) : Math.max(...all)) : undefined;
  }
  if (form.kind !== 'one') {
    const open = { by: 'first', until: 'first', unbegun: 'first', after: 'last', on: 'last', unended: 'last' } as const;
    return open[form.kind] === end ? undefined : edge(form.one, end);
  }
  const day = /^-?\d{4}-\d{2}-\d{2}(T.*)?$/.test(bare) ? at(bare) : undefined;
  if (day !== undefined) return Number.isNaN(day) ? undefined : day;
  const found = /^(-?)(\d{1,4})(X{0,3})(?:-(\d{2}|XX)(?:-XX)?)?$/.exec(bare);
  if (!found || (found[2] + found[3]!).length !== 4) return undefined;
  const [from, to] = yearsOf(found[1]!, found[2]!, found[3]!), text = found[4];
  if (!text || text === 'XX') return first ? timeOf(from) : timeOf(to, 12, 31);
  const month = Number(text), season = SEASON_BEGINS[text];
  if (season) return first ? timeOf(from, season) : timeOf(from, season + 3) - DAY;
  if (month < 1 || month > 12) return undefined;
  return first ? timeOf(from, month) : timeOf(to, month, daysIn(to, month));
}

const ORDERED = (day: string | null | undefined) => (day ? at(day) : undefined);
/** Whether a record can stand in a chain after another: not when it ended before that began; of two moments, not the earlier. */
export function canFollow(earlier: Dated, later: Dated): boolean {
  const a = instant(earlier.date), b = instant(later.date);
  if (a !== undefined && b !== undefined) return b >= a;
  const open = (when: Dated) => ['by', 'after', 'unended', 'unbegun'].includes(shape(when));
  const begins = open(earlier) ? knownDays(earlier)?.[0] : ORDERED(earlier.earliest);
  const ends = open(later) ? knownDays(later)?.[1] : ORDERED(later.latest);
  return begins === undefined || ends === undefined || ends >= begins;
}
