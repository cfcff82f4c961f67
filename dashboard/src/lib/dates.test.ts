import { describe, expect, it } from 'vitest';
import { canFollow, edge, format, instant, members, precisionWords, shape, windowWords, within, words } from './dates';
import { dayOf } from './calendar';
import type { Dated } from './records';

describe('dates in words', () => {
  it.each([
    ['2023-06-16', '16 June 2023'],
    ['2023-06', 'June 2023'],
    ['2023-06-XX', 'June 2023'],
    ['2022', '2022'],
    ['202X', '2020s'],
    ['2023-22', 'summer 2023'],
    ['2023-06-18/2023-06-19', '18–19 June 2023'],
    ['2023-05-30/2023-06-02', '30 May – 2 June 2023'],
    ['2022-12-30/2023-01-02', '30 December 2022 – 2 January 2023'],
    ['../2023-06-17', 'until 17 June 2023'],
    ['2023-06-17/..', 'from 17 June 2023 on'],
    ['2023-06-17/', 'from 17 June 2023, end unknown'],
    ['/2023-06-17', 'until 17 June 2023, beginning unknown'],
    ['[..2023-06-17]', 'by 17 June 2023'],
    ['[2023-06-17..]', 'not before 17 June 2023'],
    ['[2023-06..2023-08,2024]', 'June – August 2023 or 2024'],
    ['2023-06-01%', 'possibly about 1 June 2023'],
    ['-0240-05-10', '10 May −0240 (241 BCE)'],
    ['0000-02-29', '29 February 0000 (1 BCE)'],
    ['0001-01-01', '1 January 0001'],
    ['0099-12-31', '31 December 0099'],
    ['9999-12-31', '31 December 9999'],
    ['-9999', '−9999 (10000 BCE)'],
    ['-024X', '−0240s'],
    ['-0003-06/0004-02', 'June −0003 – February 0004'],
    ['2023-02~', 'about February 2023'],
    ['2023-06-01?', 'possibly 1 June 2023'],
    ['2022-06~/2023-06-17', 'about June 2022 – 17 June 2023'],
    ['[2023-06-01,2023-06-03]', '1 June or 3 June 2023'],
    ['2023-06-16T14:00:00Z', '16 June 2023, 14:00 UTC'],
    ['2023-06-16T01:30:00+03:00', '16 June 2023, 01:30 +03:00'],
    ['2023-06-16T01:30:15-05:30', '16 June 2023, 01:30:15 -05:30'],
    ['2023-06-16T09:00:00', '16 June 2023, 09:00 (no zone given)'],
    ['1884', '1884'],
    ['', 'no date'],
  ])('%s', (edtf, said) => expect(words(edtf)).toBe(said));
  it('shortens months', () => expect(words('2023-09-01', false)).toBe('1 Sept 2023'));
  it('says a window', () => {
    expect(windowWords('2022', '2023-06')).toBe('2022 – Jun 2023');
    expect(windowWords('2023', '2023')).toBe('2023');
    expect(windowWords('', '2023')).toBe('until 2023');
    expect(windowWords('', '')).toBe('all time');
    expect(windowWords('2023-06-15', '2023-06-16')).toBe('15–16 Jun 2023');
  });
  it('ends a sentence with a window', () => {
    expect(within('', '')).toBe('at any time');
    expect(within('1999', '1999')).toBe('in 1999');
    expect(within('2023-06-16', '2023-06-16')).toBe('on 16 Jun 2023');
    expect(within('2022', '2023-06')).toBe('within 2022 – Jun 2023');
    expect(within('2022', '')).toBe('since 2022');
  });
});

const when = (given: Partial<Dated>): Dated => ({ date: '2023', earliest: '2023-01-01', latest: '2023-12-31', precision: 'year', ...given });

describe('dates drawn as known', () => {
  it('tells what is known', () => {
    expect(precisionWords(when({}))).toBe('Year only');
    expect(precisionWords(when({ date: '[..2023]', open: true }))).toBe('No later than this');
    expect(precisionWords(when({ date: '2023/..', open: true }))).toBe('It goes on');
    expect(precisionWords(when({ date: undefined }))).toBe('No source gives a date');
    expect(precisionWords(when({ precision: 'day', approximate: true }))).toBe('Exact day, about');
    expect(precisionWords(when({ date: '2023-06-16T09:00:00', precision: 'instant' }))).toBe('Exact day; no source says in which zone');
    expect(precisionWords(when({ date: '2023-06-16T09:00:00+03:00', precision: 'instant' }))).toBe('Exact time');
  });
  it.each([
    ['2023', 'band'], ['[..2023]', 'by'], ['[2023..]', 'after'], ['2023/..', 'on'], ['../2023', 'until'], ['2023/', 'unended'], ['/2023', 'unbegun'],
    ['2023-01/2023-03', 'span'], ['2023-01~/2023-03', 'span'], ['[2023-01-01,2023-12-31]', 'set'],
  ])('%s is drawn as %s', (date, drawn) => expect(shape(when({ date }))).toBe(drawn));
  it('draws a day as a day', () => expect(shape(when({ date: '2023-01-01', latest: '2023-01-01' }))).toBe('day'));
  it('knows the members of a set', () => {
    expect(members('[2023-06-01,2023-06-03..2023-06-05]').map((one) => one.map(dayOf))).toEqual([['2023-06-01', '2023-06-01'], ['2023-06-03', '2023-06-05']]);
    expect(members('2023')).toEqual([]);
  });
  it('knows moments by their zones', () => {
    expect(instant('2024-04-12T01:30:00+03:00')).toBe(Date.UTC(2024, 3, 11, 22, 30));
    expect(instant('2024-04-12T01:30:00')).toBeUndefined();
    expect(instant('2024-04-12')).toBeUndefined();
  });
  it('tells what can follow what', () => {
    const day = (date: string) => when({ date, earliest: date, latest: date });
    expect(canFollow(day('-0240-05-10'), day('-0239-01-01'))).toBe(true);
    expect(canFollow(day('-0239-01-01'), day('-0240-05-10'))).toBe(false);
    const goesOn = when({ date: '2020/..', earliest: '2020-01-01', latest: undefined });
    expect(canFollow(day('2023-01-01'), goesOn)).toBe(true);
    expect(canFollow(when({ date: '../2020', earliest: undefined, latest: '2020-12-31' }), day('1999-01-01'))).toBe(true);
    expect(canFollow(day('2023-01-01'), when({ date: '[..2020]', earliest: undefined, latest: '2020-12-31' }))).toBe(false);
  });
});

it('knows the days that a date covers', () => {
  expect(edge('2023-02', 'last')).toBe(Date.UTC(2023, 1, 28));
  expect(edge('2024', 'first')).toBe(Date.UTC(2024, 0, 1));
  expect(edge('2024', 'last')).toBe(Date.UTC(2024, 11, 31));
  expect(edge('2024-05-06', 'last')).toBe(Date.UTC(2024, 4, 6));
  expect(edge('..', 'last')).toBeUndefined();
  const covers = (edtf: string) => (['first', 'last'] as const).map((end) => { const one = edge(edtf, end); return one === undefined ? '' : dayOf(one); });
  expect(covers('2024-22')).toEqual(['2024-06-01', '2024-08-31']);
  expect(covers('2024-24')).toEqual(['2024-12-01', '2025-02-28']);
  expect(covers('202X')).toEqual(['2020-01-01', '2029-12-31']);
  expect(covers('-024X')).toEqual(['-0249-01-01', '-0240-12-31']);
  expect(covers('-0240-05')).toEqual(['-0240-05-01', '-0240-05-31']);
  expect(covers('0000-02')).toEqual(['0000-02-01', '0000-02-29']);
  expect(covers('0099')).toEqual(['0099-01-01', '0099-12-31']);
  expect(covers('9999')).toEqual(['9999-01-01', '9999-12-31']);
  expect(covers('2023-06~/2024')).toEqual(['2023-06-01', '2024-12-31']);
  expect(covers('../2024')).toEqual(['', '2024-12-31']);
  expect(covers('2024-04-12T01:30:00+03:00')).toEqual(['2024-04-12', '2024-04-12']);
  expect(covers('2024-02-30')).toEqual(['', '']);
});

it('says parts of a day of any year', () => {
  expect(format(edge('0000-03-01', 'first')!, { month: 'short', year: 'numeric' })).toBe('Mar 0000');
  expect(format(edge('2023-06-16', 'first')!, { weekday: 'long' })).toBe('Friday');
  expect(format(NaN, { year: 'numeric' })).toBe('');
});
