import { describe, expect, it } from 'vitest';
import { observedWords, turnWords } from './turns';

const turn = (of: string, before: number, after: number) => turnWords({ of, before, after, day: '2014-03-01' });

describe('a turn in words', () => {
  it('of the rate', () => expect(turn('rate', 0, 0.277778)).toBe('records from 0.00 to 0.28 a day on 1 Mar 2014'));
  it('of the balance', () => expect(turn('balance', 0.2, 0.7)).toBe('share of conflict from 0.2 to 0.7 on 1 Mar 2014'));
  it('of the mean score, with a real minus', () => expect(turn('goldstein', 1.2, -3)).toBe('mean Goldstein score from 1.2 to −3.0 on 1 Mar 2014'));
  it('has as many digits as tell the two apart', () => expect(turn('balance', 0.21, 0.24)).toBe('share of conflict from 0.21 to 0.24 on 1 Mar 2014'));
});

describe('the days that are observed', () => {
  const years = (...all: number[]) => all.map((year) => ({ from: `${year}-01-01`, to: `${year}-01-31` }));
  it('are stretches, with their days', () => expect(observedWords(years(2014))).toBe('1–31 Jan 2014 (31 days)'));
  it('may be one day', () => expect(observedWords([{ from: '2014-01-01', to: '2014-01-01' }])).toBe('1 Jan 2014 (1 day)'));
  it('are named up to three, and counted', () => expect(observedWords(years(2011, 2012, 2013, 2014))).toBe('1–31 Jan 2011, 1–31 Jan 2012, 1–31 Jan 2013 and 1 more stretch (124 days)'));
});
