import { describe, expect, it } from 'vitest';
import { at, DAY, dayOf } from './calendar';
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
    const many = Array.from({ length: 400 }, (_, i) => day(`e${i}`, dayOf(i * 40 * DAY)));
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
  it.each(['-9999-01-01', '-0240-05-10', '0000-02-29', '0001-01-01', '0099-12-31', '9998-01-01'])('from %s they follow one another, and end', (day) => {
    for (const days of [1, 5, 60, 400, 9000, 300_000, 4_000_000]) {
      const t0 = at(day), all = ticks(t0, t0 + days * DAY, 12);
      expect(all.length).toBeLessThanOrEqual(14);
      expect(all.every((one, i) => one.time >= t0 && (!i || one.time > all[i - 1]!.time))).toBe(true);
      for (const one of all.filter((one) => one.unit === 'year')) expect(dayOf(one.time)).toMatch(/^-?\d{4,}-01-01$/);
    }
  });
  it('stand on round years across the turn of the era', () =>
    expect(ticks(at('-0240-05-10'), at('0260-01-01'), 6).map((one) => dayOf(one.time))).toEqual(['-0200-01-01', '-0100-01-01', '0000-01-01', '0100-01-01', '0200-01-01']));
  it('are none where there is no time', () => {
    expect(ticks(NaN, 5, 10)).toEqual([]);
    expect(ticks(5 * DAY, 5 * DAY, 10)).toEqual([]);
  });
});

describe('what lasts, and what is one of several', () => {
  const siege: Item = { id: 'siege', first: '2024-01-10', last: '2024-06-30', lasts: true };
  const one: Item = { id: 'one', first: '2024-01-05', last: '2024-03-20', also: [[at('2024-01-05'), at('2024-01-05')], [at('2024-03-20'), at('2024-03-20')]] };
  it('stands where it begins, and its end has a place', () => {
    const made = elastic([siege, day('other', '2024-02-02')], 600);
    expect(made.place.get('siege')!.x).toBeLessThan(made.x(at('2024-01-11')));
    expect(made.x(at('2024-07-01'))).toBeGreaterThan(made.x(at('2024-06-30')) + 10);
  });
  it('stands on the first, and each has a place', () => {
    const made = elastic([one], 600);
    expect(made.place.get('one')!.x).toBeLessThan(made.x(at('2024-01-06')));
    expect(made.x(at('2024-03-21')) - made.x(at('2024-03-20'))).toBeGreaterThan(10);
  });
  it('that began before a linear window stands at its edge', () => {
    expect(linear([siege], 600, at('2024-03-01'), at('2024-05-01')).place.get('siege')!.x).toBe(0);
  });
});
