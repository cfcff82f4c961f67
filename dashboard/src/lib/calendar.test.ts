import { describe, expect, it } from 'vitest';
import { at, civil, civilOf, DAY, dayOf, daysIn, isLeap, numberOf, stepped, timeOf, weekday } from './calendar';

describe('days of any year', () => {
  // The numbers were worked out with another calendar: Python's, and for years before 1 by 146,097 days for 400 years.
  it.each([
    [1970, 1, 1, 0], [1, 1, 1, -719_162], [0, 12, 31, -719_163], [0, 3, 1, -719_468], [0, 2, 29, -719_469], [0, 1, 1, -719_528],
    [-1, 12, 31, -719_529], [99, 12, 31, -683_004], [100, 1, 1, -683_003], [9999, 12, 31, 2_932_896], [-240, 5, 10, -807_056], [-9999, 1, 1, -4_371_587],
  ])('%i-%i-%i is day %i', (year, month, day, number) => {
    expect(numberOf(year, month, day)).toBe(number);
    expect(civil(number)).toEqual({ year, month, day });
  });
  it('leads there and back, each day following the one before', () => {
    for (const year of [-9999, -401, -400, -240, -4, -1, 0, 1, 4, 99, 100, 400, 1582, 1900, 1970, 2000, 9999]) {
      let before = numberOf(year, 1, 1) - 1;
      for (let month = 1; month <= 12; month++) for (let day = 1; day <= daysIn(year, month); day++) {
        const number = numberOf(year, month, day);
        expect(number).toBe(before + 1);
        expect(civil(number)).toEqual({ year, month, day });
        before = number;
      }
    }
  });
  it('agrees with Date where that can be asked', () => {
    for (let t = Date.UTC(1890, 0, 1); t < Date.UTC(2110, 0, 1); t += 11 * DAY) {
      const date = new Date(t);
      expect(civilOf(t)).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
      expect(weekday(t)).toBe(date.getUTCDay());
    }
  });
  it.each(['-9999-01-01', '-0240-05-10', '-0001-12-31', '0000-02-29', '0001-01-01', '0099-12-31', '2023-06-16', '9999-12-31'])('reads and writes %s', (day) => expect(dayOf(at(day))).toBe(day));
  it('reads no day that is none', () => {
    for (const text of ['2023-02-29', '-0001-02-29', '2023-13-01', '2023-00-10', '2023-06', '', '2023-06-31', 'June']) expect(at(text)).toBeNaN();
    expect(at('2024-04-12T01:30:00+03:00')).toBe(timeOf(2024, 4, 12));
  });
  it('knows leap years', () => expect([-400, -4, 0, 4, 1900, 2000, -100].map(isLeap)).toEqual([true, true, true, true, false, true, false]));
});

describe('bins', () => {
  it.each([
    ['0000-12-01', 'month', 1, '0001-01-01'], ['0001-01-01', 'month', -1, '0000-12-01'], ['-0001-10-01', 'quarter', 1, '0000-01-01'], ['-0240-01-01', 'year', 240, '0000-01-01'],
    ['0098-01-01', 'year', 2, '0100-01-01'], ['2024-02-26', 'week', 1, '2024-03-04'], ['0000-02-28', 'day', 2, '0000-03-01'],
  ] as const)('%s and a %s by %i', (day, width, by, there) => expect(dayOf(stepped(at(day), width, by))).toBe(there));
});
