import { describe, expect, it } from 'vitest';
import type { RejectReport } from './api.gen';
import { apply, cells, sheet, split } from './rejects';

const reject = (given: Partial<RejectReport>): RejectReport => ({ problem: 'bad', ...given }) as RejectReport;
const LINES = '{"record":"event","date":"2023-02-30","participants":[{"actor":"Blinken"},{"actor":"Blinkin"}]}\n{"record":"event","date":"2023-02-30"}';
const TABLE = 'date,source,target,note\n2023-06-31,Blinken,PRC,"a, b"\n2023-06-16,Blinken,Park Chin,';

describe('rejected rows', () => {
  it('show the bad member of a record', () => {
    const row = cells(sheet(LINES, 'x.jsonl'), reject({ line: 1, field: 'date', value: '2023-02-30' }))!;
    expect(row.map((one) => [one.name, one.bad])).toEqual([['date', true], ['participants', false]]);
  });
  it('show the bad value within a member', () => {
    const row = cells(sheet(LINES, 'x.jsonl'), reject({ line: 1, field: 'participants[1].actor', value: 'Blinkin' }))!;
    expect(row[1]).toEqual({ name: 'participants[1].actor', text: 'Blinkin', bad: true });
  });
  it('show the bad cell of a table', () => {
    const source = sheet(TABLE, 'x.csv');
    expect(source.head).toEqual(['date', 'source', 'target', 'note']);
    expect(cells(source, reject({ line: 2, field: 'date', value: '2023-06-31' }))!.map((one) => one.bad)).toEqual([true, false, false, false]);
    expect(cells(source, reject({ line: 3, field: 'participants[1].actor', value: 'Park Chin' }))!.map((one) => one.bad)).toEqual([false, false, true, false]);
  });
  it('are not made up', () => {
    expect(cells(sheet(LINES, 'x.jsonl'), reject({ line: 9 }))).toBeUndefined();
    expect(cells(sheet('no json', 'x.jsonl'), reject({ line: 1 }))).toBeUndefined();
  });
  it('are split as CSV is', () => expect(split('a,"b, ""c""",', ',')).toEqual(['a', 'b, "c"', '']));
});

describe('suggestions', () => {
  it('mend the line and only it', () => {
    const mended = apply(LINES, reject({ line: 2, field: 'date', value: '2023-02-30', suggestion: '2023-02-28' }));
    expect(mended.split('\n').map((line) => line.includes('2023-02-28'))).toEqual([false, true]);
  });
  it('mend whole values', () => {
    expect(apply(LINES, reject({ line: 1, value: 'Blinkin', suggestion: 'Blinken' }))).toContain('[{"actor":"Blinken"},{"actor":"Blinken"}]');
    expect(apply(TABLE, reject({ line: 3, value: 'Park Chin', suggestion: 'Park Jin' }))).toContain('Park Jin,');
  });
  it('leave alone what they can’t find', () => {
    expect(apply(LINES, reject({ line: 1, value: 'nothing', suggestion: 'x' }))).toBe(LINES);
    expect(apply(LINES, reject({ value: 'Blinkin', suggestion: 'x' }))).toBe(LINES);
    expect(apply(LINES, reject({ line: 1, value: 'link', suggestion: 'x' }))).toBe(LINES);
  });
  it('escape what JSON escapes', () => {
    expect(apply('{"a":"x"}', reject({ line: 1, value: 'x', suggestion: 'say "y"' }))).toBe('{"a":"say \\"y\\""}');
  });
});
