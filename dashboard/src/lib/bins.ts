/** Bins of a series with those that are silent: an answer holds only bins with a record. */
import { at, civilOf, DAY, dayOf, stepped, type Width } from './calendar';

export interface Silence { from: string; to: string; count: number; t0: number; t1: number }
interface Held {
  from: string;
  to: string;
  /** Of the first: silent bins since the series began. */
  silent_before?: number;
}
export type Step<T> = { bin: T; t0: number; t1: number; silent: false } | { bin: Silence; t0: number; t1: number; silent: true };

/**
 * The bins in order, and for each run of silent ones how many they are and how far they reach. The series ends with
 * `to`, and what is silent before that is said, too.
 */
export function withSilence<T extends Held>(bins: T[], width: Width, to?: string | null): Step<T>[] {
  const out: Step<T>[] = [];
  const silent = (t0: number, count: number) => {
    const t1 = stepped(t0, width, count);
    out.push({ silent: true, t0, t1, bin: { from: dayOf(t0), to: dayOf(t1 - DAY), count, t0, t1 } });
  };
  for (const bin of bins) {
    const t0 = at(bin.from);
    const before = out.at(-1), count = before ? binsUntil(before.t1, t0, width) : (bin.silent_before ?? 0);
    if (count > 0) silent(stepped(t0, width, -count), count);
    out.push({ silent: false, bin, t0, t1: at(bin.to) + DAY });
  }
  const last = bins.at(-1), end = to ? at(to) + DAY : NaN;
  if (last) {
    const from = at(last.to) + DAY;
    const count = binsUntil(from, end, width);
    if (count) silent(from, count);
  }
  return out;
}
const MONTHS = { month: 1, quarter: 3, year: 12 };
/** How many bins it takes from one that starts at `from` until `end` is reached. */
function binsUntil(from: number, end: number, width: Width): number {
  if (!(end > from)) return 0;
  if (width === 'day' || width === 'week') return Math.ceil((end - from) / DAY / (width === 'week' ? 7 : 1));
  const a = civilOf(from), b = civilOf(end - DAY);
  return Math.floor(((b.year - a.year) * 12 + b.month - a.month) / MONTHS[width]) + 1;
}

/** Where a line through the bins goes: down to nothing where they are silent, never across. */
export function line<T>(steps: Step<T>[], width: Width, value: (bin: T) => number): { time: number; value: number }[] {
  return steps.flatMap((one) => {
    const middle = (t0: number, t1: number) => (t0 + t1) / 2;
    if (!one.silent) return [{ time: middle(one.t0, one.t1), value: value(one.bin) }];
    const first = { time: middle(one.t0, stepped(one.t0, width, 1)), value: 0 };
    return one.bin.count === 1 ? [first] : [first, { time: middle(stepped(one.t0, width, one.bin.count - 1), one.t1), value: 0 }];
  });
}
