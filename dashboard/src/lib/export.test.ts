import { describe, expect, it } from 'vitest';
import { cell, csv, fileName } from './export';

describe('CSV', () => {
  it.each([
    ['plain', 'plain'], ['a,b', '"a,b"'], ['say "x"', '"say ""x"""'], ['two\nlines', '"two\nlines"'], [undefined, ''], [0, '0'], [-3.5, '-3.5'],
    ['=1+1', "'=1+1"], ["'=1", "''=1"], ['＝1', "'＝1"], ["it's", "it's"], ['@cmd', "'@cmd"], ['-10', '-10'], ['-1+cmd|x', "'-1+cmd|x"],
  ])('%s', (value, text) => expect(cell(value)).toBe(text));
  it('ends its lines as the standard says', () => expect(csv(['a', 'b'], [[1, 2]])).toBe('a,b\r\n1,2\r\n'));
});

it('makes names of files', () => {
  expect(fileName('Antony Blinken: Timeline', 'csv')).toBe('antony-blinken-timeline.csv');
  expect(fileName('中国', 'png')).toBe('chancery.png');
});
