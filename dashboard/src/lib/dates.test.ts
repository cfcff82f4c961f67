import { describe, expect, it } from 'vitest';
import { edge, precisionWords, shape, windowWords, within, words } from './dates';
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
    ['../2023-06-17', 'by 17 June 2023'],
    ['2023-06-17/..', 'from 17 June 2023'],
    ['2023-02~', 'about February 2023'],
    ['2023-06-01?', 'possibly 1 June 2023'],
    ['2022-06~/2023-06-17', 'about June 2022 – 17 June 2023'],
    ['[2023-06-01,2023-06-03]', '1 June 2023 or 3 June 2023'],
    ['2023-06-16T14:00:00Z', '16 June 2023, 14:00 UTC'],
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
    expect(precisionWords(when({ date: '../2023', open: true }))).toBe('Latest possible day');
    expect(precisionWords(when({ date: undefined }))).toBe('No source gives a date');
    expect(precisionWords(when({ precision: 'day', approximate: true }))).toBe('Exact day, about');
  });
  it('has a shape for each', () => {
    expect(shape(when({}))).toBe('band');
    expect(shape(when({ open: true, date: '../2023' }))).toBe('by');
    expect(shape(when({ open: true, date: '2023/..' }))).toBe('since');
    expect(shape(when({ precision: 'interval' }))).toBe('span');
    expect(shape(when({ precision: 'interval', approximate: true }))).toBe('band');
    expect(shape(when({ precision: 'day', latest: '2023-01-01' }))).toBe('day');
  });
});

it('knows the days that a date covers', () => {
  expect(edge('2023-02', 'last')).toBe(Date.UTC(2023, 1, 28));
  expect(edge('2024', 'first')).toBe(Date.UTC(2024, 0, 1));
  expect(edge('2024', 'last')).toBe(Date.UTC(2024, 11, 31));
  expect(edge('2024-05-06', 'last')).toBe(Date.UTC(2024, 4, 6));
  expect(edge('..', 'last')).toBeUndefined();
  expect(edge('2024-22', 'first')).toBeUndefined();
});
