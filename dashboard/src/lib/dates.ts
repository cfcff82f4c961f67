/** Dates as their sources give them (EDTF), in words, and as days to draw. */
import type { Dated } from './records';

export const DAY = 86_400_000;
/** A day as milliseconds at its start (UTC). */
export const at = (day: string) => Date.parse(`${day.slice(0, 10)}T00:00:00Z`);
export const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

const formats = new Map<string, Intl.DateTimeFormat>();
export function format(time: number, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options })));
  return made.format(time);
}

const SEASON: Record<string, string> = { '21': 'spring', '22': 'summer', '23': 'autumn', '24': 'winter' };

/** One EDTF date in words, without its marks of certainty. */
function plain(edtf: string, long: boolean): string {
  const bare = edtf.replace(/[~?%]/g, '');
  const full = /^(-?\d{4,})-(\d{2})-(\d{2})(T.*)?$/.exec(bare);
  if (full) {
    const time = at(bare);
    if (Number.isNaN(time)) return bare;
    const day = format(time, long ? { day: 'numeric', month: 'long', year: 'numeric' } : { day: 'numeric', month: 'short', year: 'numeric' });
    const clock = full[4]?.slice(1, 6);
    return clock ? `${day}, ${clock} UTC` : day;
  }
  const month = /^(-?\d{4,})-(\d{2})(-XX)?$/.exec(bare);
  if (month) {
    const season = SEASON[month[2]!];
    if (season) return `${season} ${month[1]}`;
    const time = Date.parse(`${month[1]}-${month[2]}-01T00:00:00Z`);
    return Number.isNaN(time) ? bare : format(time, { month: long ? 'long' : 'short', year: 'numeric' });
  }
  const years = /^(-?\d+)(X+)$/.exec(bare);
  if (years) return `${years[1]}${'0'.repeat(years[2]!.length)}s`;
  return bare;
}

function marked(edtf: string, long: boolean): string {
  const sure = /%$|\?$/.test(edtf) ? 'possibly ' : '';
  const about = /[~%]/.test(edtf) ? 'about ' : '';
  return `${sure}${about}${plain(edtf, long)}`;
}

/** "18–19 June 2023", "Feb 2023", "by 17 June 2023". */
export function words(edtf: string | null | undefined, long = true): string {
  if (!edtf) return 'no date';
  const set = /^[[{](.*)[\]}]$/.exec(edtf);
  if (set) return set[1]!.split(',').map((one) => words(one.trim().replace('..', '/'), long)).join(' or ');
  const slash = edtf.indexOf('/');
  if (slash < 0) return marked(edtf, long);
  const first = edtf.slice(0, slash), last = edtf.slice(slash + 1);
  if (first === '..' || first === '') return `by ${marked(last, long)}`;
  if (last === '..' || last === '') return `from ${marked(first, long)}`;
  const from = marked(first, long), to = marked(last, long);
  // 18–19 June 2023: what both ends share is said once.
  const a = from.split(' '), b = to.split(' ');
  let same = 0;
  while (same < Math.min(a.length, b.length) - 1 && a.at(-1 - same) === b.at(-1 - same)) same++;
  const short = a.slice(0, a.length - same).join(' ');
  return same === 2 && a.length === 3 ? `${short}–${to}` : `${short} – ${to}`;
}

/** How well a date is known, in words. */
export function precisionWords(when: Dated): string {
  if (!when.date) return 'No source gives a date';
  const rough = when.approximate ? ', about' : when.uncertain ? ', uncertain' : '';
  if (when.open) return when.date.startsWith('..') || when.date.startsWith('/') ? `Latest possible day${rough}` : `Earliest possible day${rough}`;
  switch (when.precision) {
    case 'day': case 'instant': return `Exact day${rough}`;
    case 'interval': return `A span of days${rough}`;
    case 'set': return 'One of these days';
    default: return `${when.precision?.charAt(0).toUpperCase()}${when.precision?.slice(1)} only${rough}`;
  }
}

/** How a date is drawn. */
export type Shape = 'day' | 'span' | 'band' | 'by' | 'since';
export function shape(when: Dated): Shape {
  if (when.open) return when.date?.startsWith('..') || when.date?.startsWith('/') ? 'by' : 'since';
  if (when.precision === 'interval' && !when.approximate && !when.uncertain) return 'span';
  if (when.earliest && when.latest && when.earliest !== when.latest) return 'band';
  return 'day';
}

/** A window in words: "2022 to June 2023", "until 2023", "all time". */
export function windowWords(from: string, to: string): string {
  const a = from && words(from, false), b = to && words(to, false);
  if (a && b) return a === b ? a : /^\d{4}(-\d\d){0,2}$/.test(from) && /^\d{4}(-\d\d){0,2}$/.test(to) ? words(`${from}/${to}`, false) : `${a} – ${b}`;
  if (a) return `since ${a}`;
  return b ? `until ${b}` : 'all time';
}

/** The same at the end of a sentence: "in 1999", "since 2022", "at any time". */
export function within(from: string, to: string): string {
  if (!from && !to) return 'at any time';
  return from && to ? `in ${windowWords(from, to)}`.replace(/^in (?=\d{1,2}\D)/, 'on ').replace(/^(?:in|on) (?=.* – )/, 'within ') : windowWords(from, to);
}

/** The first or the last day that a plain date (year, month, day) covers; nothing for others. */
export function edge(edtf: string, end: 'first' | 'last'): number | undefined {
  const found = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(edtf);
  if (!found) return undefined;
  const [, year, month, day] = found;
  const y = Number(year), m = month ? Number(month) - 1 : undefined;
  if (m !== undefined && (m < 0 || m > 11)) return undefined;
  if (day) return at(edtf);
  if (end === 'first') return Date.UTC(y, m ?? 0, 1);
  return m === undefined ? Date.UTC(y, 11, 31) : Date.UTC(y, m + 1, 0);
}
