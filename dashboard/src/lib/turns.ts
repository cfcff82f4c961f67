/** The days on which a dyad turned, in words. */
import type { ChangePoint, SeriesAnswer } from './api.gen';
import { at, DAY, words } from './dates';

const minus = (n: string) => n.replace('-', '−');
/** So many digits that the two differ. */
function told(before: number, after: number, digits: number): [string, string] {
  const fixed = (n: number, most: number) => minus(n.toFixed(most));
  for (let most = digits; most < 4; most++) if (fixed(before, most) !== fixed(after, most)) return [fixed(before, most), fixed(after, most)];
  return [fixed(before, 4), fixed(after, 4)];
}
const WHAT: Record<string, [string, number, string]> = {
  rate: ['records', 2, ' a day'], balance: ['share of conflict', 1, ''], goldstein: ['mean Goldstein score', 1, ''],
};

/** "share of conflict from 0.2 to 0.7 on 1 Jun 2023". */
export function turnWords(turn: Pick<ChangePoint, 'of' | 'before' | 'after' | 'day'>): string {
  const [what, digits, per] = WHAT[turn.of] ?? [turn.of, 2, ''], [before, after] = told(turn.before, turn.after, digits);
  return `${what} from ${before} to ${after}${per} on ${words(turn.day, false)}`;
}

/** Stretches that are named. */
const NAMED = 3;
/** "1 Jun 2022 – 18 Jun 2023 (383 days)": the days that the data sets cover. */
export function observedWords(stretches: SeriesAnswer['observed']): string {
  const days = stretches.reduce((sum, one) => sum + Math.round((at(one.to) - at(one.from)) / DAY) + 1, 0);
  const said = stretches.slice(0, NAMED).map((one) => words(one.from === one.to ? one.from : `${one.from}/${one.to}`, false)).join(', ');
  const more = stretches.length - NAMED;
  return `${said}${more > 0 ? ` and ${more} more ${more === 1 ? 'stretch' : 'stretches'}` : ''} (${days.toLocaleString('en')} ${days === 1 ? 'day' : 'days'})`;
}
