import { expect, it } from 'vitest';
import { line, withSilence } from './bins';
import { at, dayOf } from './calendar';

const bin = (from: string, to: string, silent_before: number, n: number) => ({ from, to, silent_before, n });
const bins = [bin('2024-01-01', '2024-01-31', 0, 5), bin('2024-05-01', '2024-05-31', 3, 2), bin('2024-07-01', '2024-07-31', 1, -4)];

it('tells what is silent between bins, and after the last', () => {
  const all = withSilence(bins, 'month', '2024-10-15');
  expect(all.map((one) => [one.silent, one.bin.from, one.bin.to])).toEqual([
    [false, '2024-01-01', '2024-01-31'], [true, '2024-02-01', '2024-04-30'], [false, '2024-05-01', '2024-05-31'], [true, '2024-06-01', '2024-06-30'],
    [false, '2024-07-01', '2024-07-31'], [true, '2024-08-01', '2024-10-31'],
  ]);
  expect(all.flatMap((one) => (one.silent ? [one.bin.count] : []))).toEqual([3, 1, 3]);
});
it('says what is silent before the first', () => expect(withSilence([bin('2024-05-01', '2024-05-31', 2, 1)], 'month').map((one) => one.bin.from)).toEqual(['2024-03-01', '2024-05-01']));
it('works across the turn of the era', () => expect(withSilence([bin('-0001-01-01', '-0001-12-31', 0, 1), bin('0002-01-01', '0002-12-31', 2, 1)], 'year').map((one) => [one.bin.from, one.bin.to])).toEqual([['-0001-01-01', '-0001-12-31'], ['0000-01-01', '0001-12-31'], ['0002-01-01', '0002-12-31']]));
it('is nothing of nothing', () => expect(withSilence([], 'day', '2024-01-01')).toEqual([]));
it('draws a line that falls to nothing in each silence', () => {
  const points = line(withSilence(bins, 'month', '2024-08-31'), 'month', (one) => one.n);
  expect(points.map((one) => [dayOf(one.time).slice(0, 7), one.value])).toEqual([['2024-01', 5], ['2024-02', 0], ['2024-04', 0], ['2024-05', 2], ['2024-06', 0], ['2024-07', -4], ['2024-08', 0]]);
  expect(points.every((one, i) => !i || one.time > points[i - 1]!.time)).toBe(true);
  expect(points[0]!.time).toBe((at('2024-01-01') + at('2024-02-01')) / 2);
});
