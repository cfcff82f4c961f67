import { url } from './api';
import type { SummaryAnswer } from './api.gen';
import { Asked } from './asked.svelte';
import { at, DAY, edge } from './dates';
import { ui } from './ui.svelte';

/** Days beyond which bars of a width take over from narrower ones. */
const LONGEST = { year: 30 * 365, month: 3 * 365, week: 120 };

/** The whole time of the record, and the window within it. For use while a component is set up. */
export class Whole {
  summary = new Asked<SummaryAnswer>(() => url('/api/v1/summary', { known_at: ui.known_at }));
  /** From the start of the first day to the end of the last. */
  span = $derived.by<[number, number]>(() => {
    const { first, last } = this.summary.data ?? {};
    const t0 = at(first ?? last ?? ''), t1 = at(last ?? first ?? '') + DAY;
    return Number.isFinite(t0) && Number.isFinite(t1) ? [t0, Math.max(t1, t0 + DAY)] : [0, DAY];
  });
  /** Whether anything has a date. */
  dated = $derived(!!(this.summary.data?.first ?? this.summary.data?.last));
  /** The width of bars that show all of it. */
  bin = $derived((['year', 'month', 'week'] as const).find((bin) => this.span[1] - this.span[0] > LONGEST[bin] * DAY) ?? 'day');
  /** The window, the whole where it is open. */
  frame = $derived.by<[number, number]>(() => {
    const t0 = (ui.from ? edge(ui.from, 'first') : undefined) ?? this.span[0];
    const last = ui.to ? edge(ui.to, 'last') : undefined;
    const t1 = last === undefined ? this.span[1] : last + DAY;
    return [t0, Math.max(t1, t0 + DAY)];
  });
}
