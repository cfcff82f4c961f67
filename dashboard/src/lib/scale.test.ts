import { describe, expect, it } from 'vitest';
import { at, DAY } from './dates';
import { elastic, linear, ticks, type Item } from './scale';

const day = (id: string, first: string, last = first): Item => ({ id, first, last });
const ARTICLE = [
  day('overhaul', '2022-01-01', '2022-12-31'), day('steps-up', '2022-06-01', '2023-06-17'), day('trip', '2023-02-01', '2023-02-28'),
  day('launch', '2023-06-15'), day('statement', '2023-06-15'), day('call', '2023-06-16'), day('visit', '2023-06-18', '2023-06-19'),
];

describe('elastic time', () => {
  const scale = elastic(ARTICLE, 880);
  it('fills the width', () => expect(scale.x(scale.t1)).toBeCloseTo(880, 6));
  it('is monotone', () => {
    let before = -1;
    for (let t = scale.t0 - 9 * DAY; t < scale.t1 + 9 * DAY; t += DAY / 2) {
      const x = scale.x(t);
      expect(x).toBeGreaterThanOrEqual(before);
      before = x;
    }
  });
  it('leads back', () => {
    for (let t = scale.t0; t < scale.t1; t += 7 * DAY) expect(scale.time(scale.x(t))).toBeCloseTo(t, -3);
  });
  it('folds what is quiet, however long other records last', () => {
    expect(scale.gaps.filter((gap) => gap.folded).length).toBeGreaterThanOrEqual(2);
    expect(scale.gaps.every((gap) => gap.folded === gap.days > 21)).toBe(true);
  });
  it('gives two on a day more room than one', () => {
    const wide = (d: string) => scale.x(at(d) + DAY) - scale.x(at(d));
    expect(wide('2023-06-15')).toBeGreaterThan(1.9 * wide('2023-06-16'));
  });
  it('puts no two items on one spot', () => {
    const all = [...scale.place.values()].map((one) => Math.round(one.x * 10));
    expect(new Set(all).size).toBe(all.length);
  });
  it('puts a span in the middle of its days', () => {
    expect(scale.place.get('visit')!.x).toBeCloseTo(scale.x(at('2023-06-19')), 6);
  });
  it('copes with nothing', () => expect(elastic([], 100).x(0)).toBe(0));
  it('copes with many', () => {
    const many = Array.from({ length: 400 }, (_, i) => day(`e${i}`, new Date(i * 40 * DAY).toISOString().slice(0, 10)));
    const all = elastic(many, 800);
    expect(all.x(all.t1)).toBeCloseTo(800, 6);
  });
});

describe('linear time', () => {
  const scale = linear(ARTICLE, 1000, at('2022-01-01'), at('2023-07-01'));
  it('is linear', () => {
    expect(scale.x(at('2022-01-01'))).toBe(0);
    expect(scale.x(at('2023-07-01'))).toBe(1000);
    expect(scale.x((at('2022-01-01') + at('2023-07-01')) / 2)).toBeCloseTo(500, 6);
  });
  it('is never without width', () => expect(linear([], 100, 5, 5).x(5 + DAY)).toBe(100));
});

describe('the marks of an axis', () => {
  it.each([[5, 'day'], [60, 'day'], [400, 'month'], [9000, 'year'], [300000, 'year']])('%i days have marks of a %s', (days, unit) => {
    const t0 = at('2001-02-03'), all = ticks(t0, t0 + days * DAY, 12);
    expect(all.length).toBeGreaterThan(1);
    expect(all.length).toBeLessThanOrEqual(14);
    expect(new Set(all.map((one) => one.unit))).toEqual(new Set([unit]));
    expect(all.every((one) => one.time >= t0 && one.time < t0 + days * DAY)).toBe(true);
  });
});
