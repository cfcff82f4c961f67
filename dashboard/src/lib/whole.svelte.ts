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
  span = $derived<[number, number]>(this.summary.data?.first && this.summary.data.last ? [at(this.summary.data.first), at(this.summary.data.last) + DAY] : [0, DAY]);
  /** Whether anything has a date. */
  dated = $derived(!!this.summary.data?.first);
  /** The width of bars that show all of it. */
  bin = $derived((['year', 'month', 'week'] as const).find((bin) => this.span[1] - this.span[0] > LONGEST[bin] * DAY) ?? 'day');
  /** The window, the whole where it is open. */
  frame = $derived<[number, number]>([
    (ui.from && edge(ui.from, 'first')) || this.span[0],
    ui.to ? (edge(ui.to, 'last') ?? this.span[1] - DAY) + DAY : this.span[1],
  ]);
}
