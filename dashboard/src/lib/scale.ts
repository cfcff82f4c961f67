/**
 * Two ways from time to pixels. Linear time is what it says. Elastic time gives each day that something
 * happened on the room that it needs, and folds quiet stretches; both are monotone and invertible.
 */
import { at, civilOf, DAY, timeOf } from './calendar';

/** Pixels for names beside a picture of time that is so wide: what long names need, where there is room. */
export const margin = (wide: number) => Math.round(Math.max(132, Math.min(184, wide * 0.19)));

export interface Item {
  id: string;
  first: string;
  last: string;
  /** It lasts: it stands where it begins, and its end has its place, too. */
  lasts?: boolean;
  /** Other days, of which it may be one, as the times at which each begins and its last day does. */
  also?: [number, number][];
}
/** A stretch of time in which something happened. */
export interface Column { t0: number; t1: number; x0: number; x1: number; ids: string[]; weight: number }
/** The time between two columns. */
export interface Gap { t0: number; t1: number; x0: number; x1: number; days: number; folded: boolean }
export interface Scale {
  x(time: number): number;
  time(x: number): number;
  columns: Column[];
  gaps: Gap[];
  /** Where each item stands, and the room that it has. */
  place: Map<string, { x: number; room: number }>;
  t0: number;
  t1: number;
}

/** Days up to which an item is drawn on its days; a longer one takes a stretch or a place of its own. */
export const FINE = 10;
/** Quiet days after which a gap folds. */
const FOLD_AFTER = 21;
const FOLD_PX = 40;
/** At most this share of the width goes to folds. */
const FOLDS_MOST = 0.3;
/** The room of a day between others on which nothing begins. */
const QUIET = 0.5;

interface Known { id: string; t0: number; t1: number; days: number; lasts: boolean; also: [number, number][] }

function piecewise(knots: [number, number][]) {
  const along = (value: number, from: 0 | 1) => {
    const to = from === 0 ? 1 : 0;
    const first = knots[0], last = knots.at(-1);
    if (!first || !last) return 0;
    if (value <= first[from]) return first[to];
    if (value >= last[from]) return last[to];
    let low = 0, high = knots.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (knots[middle]![from] <= value) low = middle;
      else high = middle;
    }
    const a = knots[low]!, b = knots[high]!;
    const share = b[from] === a[from] ? 0 : (value - a[from]) / (b[from] - a[from]);
    return a[to] + share * (b[to] - a[to]);
  };
  return { x: (time: number) => along(time, 0), time: (x: number) => along(x, 1) };
}

function columns(items: Known[]): { columns: Column[]; home: Map<string, Column> } {
  const days = new Map<number, Column>();
  const made: Column[] = [];
  const home = new Map<string, Column>();
  const column = (t0: number, t1: number, weight: number): Column => {
    const one = { t0, t1, x0: 0, x1: 0, ids: [], weight };
    made.push(one);
    return one;
  };
  const day = (t: number) => {
    let one = days.get(t);
    if (!one) days.set(t, (one = column(t, t + DAY, 0)));
    return one;
  };
  /** A day on which something stands that is not counted there. */
  const touch = (t: number) => { if (!made.some((one) => one.t0 <= t && t < one.t1)) day(t); };
  const single = (item: Known) => item.also.length > 0 || (item.lasts && item.days > FINE);
  for (const item of items.filter((one) => !single(one) && one.days <= FINE)) {
    for (let t = item.t0; t < item.t1; t += DAY) day(t).weight += 1 / item.days;
    const middle = day(item.t0 + Math.floor((item.days - 1) / 2) * DAY);
    middle.ids.push(item.id);
    home.set(item.id, middle);
  }
  // What lasts long stands where it begins; one of several days stands on the first.
  for (const item of items.filter(single)) {
    const first = day(item.t0);
    first.weight += 1;
    first.ids.push(item.id);
    home.set(item.id, first);
  }
  const coarse = items.filter((one) => !single(one) && one.days > FINE).sort((a, b) => a.days - b.days || a.t0 - b.t0 || (a.id < b.id ? -1 : 1));
  for (const item of coarse) {
    const same = made.find((one) => one.t0 === item.t0 && one.t1 === item.t1);
    const middle = item.t0 + Math.floor(item.days / 2) * DAY;
    // Its own time, as far as nothing else stands there; what begins first stands first.
    const free = made.some((one) => one.t0 <= item.t0 && item.t0 < one.t1) ? item.t0 : Math.min(item.t1, ...made.filter((one) => one.t0 > item.t0).map((one) => one.t0));
    const one = same ?? (free - item.t0 > FINE * DAY ? column(item.t0, free, 0.3) : (made.find((other) => other.t0 <= middle && middle < other.t1) ?? day(middle)));
    one.weight += 1;
    one.ids.push(item.id);
    home.set(item.id, one);
  }
  for (const item of items) {
    if (item.lasts && item.days > FINE) touch(item.t1 - DAY);
    for (const [first, last] of item.also) if (last - first < FINE * DAY) touch(first + Math.floor((last - first) / 2 / DAY) * DAY);
  }
  for (const one of made) one.weight = Math.max(QUIET, one.weight);
  made.sort((a, b) => a.t0 - b.t0);
  return { columns: made, home };
}

const known = (items: Item[]): Known[] =>
  items.map(({ id, first, last, lasts = false, also = [] }) => {
    const t0 = at(first), t1 = at(last) + DAY;
    return { id, t0, t1, days: Math.max(1, Math.round((t1 - t0) / DAY)), lasts, also };
  });

export function elastic(items: Item[], width: number): Scale {
  const all = known(items);
  const { columns: cols, home } = columns(all);
  const gaps: Gap[] = [];
  for (let i = 1; i < cols.length; i++) {
    const before = cols[i - 1]!, after = cols[i]!;
    const quiet = Math.round((after.t0 - before.t1) / DAY);
    if (quiet > 0) gaps.push({ t0: before.t1, t1: after.t0, x0: 0, x1: 0, days: quiet, folded: quiet > FOLD_AFTER });
  }
  const folds = gaps.filter((gap) => gap.folded).length;
  const fold = folds ? Math.min(FOLD_PX, (FOLDS_MOST * width) / folds) : 0;
  const gapWeight = (gap: Gap) => (gap.folded ? 0 : 0.12 + 0.12 * Math.log2(1 + gap.days));
  const total = cols.reduce((sum, one) => sum + one.weight, 0) + gaps.reduce((sum, one) => sum + gapWeight(one), 0);
  const unit = total ? Math.max(0, width - folds * fold) / total : 0;
  const knots: [number, number][] = [];
  let x = 0, nextGap = 0;
  for (const one of cols) {
    const gap = gaps[nextGap];
    if (gap && gap.t1 === one.t0) {
      gap.x0 = x;
      x += gap.folded ? fold : gapWeight(gap) * unit;
      gap.x1 = x;
      nextGap++;
    }
    one.x0 = x;
    x += one.weight * unit;
    one.x1 = x;
    knots.push([one.t0, one.x0], [one.t1, one.x1]);
  }
  const line = piecewise(knots);
  const place = new Map<string, { x: number; room: number }>();
  for (const item of all) {
    const one = home.get(item.id)!;
    const room = (one.x1 - one.x0) / one.ids.length;
    const alone = one.ids.length === 1 && !item.also.length && item.days > 1 && item.days <= FINE;
    const own = alone ? (line.x(item.t0) + line.x(item.t1)) / 2 : one.x0 + (one.ids.indexOf(item.id) + 0.5) * room;
    place.set(item.id, { x: own, room: alone ? line.x(item.t1) - line.x(item.t0) : room });
  }
  return { ...line, columns: cols, gaps, place, t0: cols[0]?.t0 ?? 0, t1: cols.at(-1)?.t1 ?? 0 };
}

/** Linear time from `t0` to `t1`; an item stands at the middle of what is known of its date, or where it begins. */
export function linear(items: Item[], width: number, t0: number, t1: number): Scale {
  const end = Math.max(t1, t0 + DAY);
  const line = piecewise([[t0, 0], [end, width]]);
  const place = new Map(
    known(items).map((item) => {
      const first = item.lasts || item.also.length > 0;
      const middle = first ? Math.min(Math.max(item.t0 + DAY / 2, t0), end) : (Math.max(item.t0, t0) + Math.min(item.t1, end)) / 2;
      return [item.id, { x: line.x(middle), room: 0 }] as const;
    }),
  );
  return { ...line, columns: [], gaps: [], place, t0, t1: end };
}

export interface Tick { time: number; unit: 'day' | 'month' | 'year'; strong: boolean }

/** Years between the marks of an axis. */
const YEARS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** Where a linear axis has its marks: at most `most` of them, on days, months or years. */
export function ticks(t0: number, t1: number, most: number): Tick[] {
  const days = (t1 - t0) / DAY;
  const out: Tick[] = [];
  if (!Number.isFinite(days) || days <= 0) return out;
  if (days <= most * 7) {
    const step = days <= most ? 1 : Math.ceil(days / most);
    for (let day = Math.ceil(t0 / DAY); day * DAY < t1; day += step) out.push({ time: day * DAY, unit: 'day', strong: step === 1 && civilOf(day * DAY).day === 1 });
    return out;
  }
  const first = civilOf(t0), last = civilOf(t1);
  const put = (time: number, unit: 'month' | 'year', strong: boolean) => { if (time >= t0 && time < t1) out.push({ time, unit, strong }); };
  const step = [1, 2, 3, 6].find((one) => days / 30.4 / one <= most);
  if (step) {
    const end = last.year * 12 + last.month;
    for (let month = Math.ceil((first.year * 12 + first.month - 1) / step) * step; month < end; month += step) {
      const year = Math.floor(month / 12);
      put(timeOf(year, month - year * 12 + 1), 'month', month === year * 12);
    }
    return out;
  }
  const leap = YEARS.find((one) => days / 365.25 / one <= most) ?? YEARS.at(-1)!;
  for (let year = Math.ceil(first.year / leap) * leap; year <= last.year; year += leap) put(timeOf(year), 'year', true);
  return out;
}
