import { describe, expect, it } from 'vitest';
import { cite, type Cited } from './cite';

const cited: Cited = {
  record: { record: 'event', id: 'call', date: '2023-06-16', status: 'occurred', title: 'Call between Blinken and Park Jin', participants: [] } as unknown as Cited['record'],
  citation: { source: 'trt', title: 'Blinken talks', publisher: 'TRT World', published: '2023-06-17', locator: 'paragraph 1' },
  source: { authors: ['Melis Alemdar'], kind: 'article' },
  commit: 1,
  permalink: 'http://x/?sel=event:call',
  today: '2026-01-02',
};

describe('citations', () => {
  it('APA', () =>
    expect(cite('APA', cited)).toBe(
      'Alemdar, M. (2023, June 17). Blinken talks. TRT World. Coded as “Call between Blinken and Park Jin” (event, 16 June 2023), paragraph 1. Chancery, commit 1. http://x/?sel=event:call',
    ));
  it('Chicago', () =>
    expect(cite('Chicago', cited)).toBe(
      'Alemdar, Melis. “Blinken talks.” TRT World, June 17, 2023. Coded as “Call between Blinken and Park Jin” (event, 16 June 2023), paragraph 1. Chancery, commit 1. Read 2 January 2026. http://x/?sel=event:call',
    ));
  it('BibTeX', () => {
    const text = cite('BibTeX', cited);
    expect(text).toContain('@misc{call,\n  author = {Melis Alemdar},\n  title = {Blinken talks},');
    expect(text).toContain('year = {2023},\n  month = {jun}');
  });
  it('escapes for TeX', () => {
    const text = cite('BibTeX', { ...cited, citation: { source: 's', title: '50% of {A} & B_C' } });
    expect(text).toContain('title = {50\\% of \\{A\\} \\& B\\_C}');
  });
  it('holds without a source', () => expect(cite('APA', { ...cited, citation: undefined })).toContain('Record call. Chancery, commit 1.'));
  it('holds without authors, days and publishers', () => {
    const text = cite('Chicago', { ...cited, source: undefined, citation: { source: 's', published: '2023' } });
    expect(text).toContain('“s.” 2023.');
  });
  it('says zones as they are written, and what did not occur', () => {
    const call = { ...cited, record: { ...cited.record, date: '2024-04-12T01:30:00+03:00', status: 'cancelled' }, citation: { ...cited.citation!, published: '2024-05-02T09:30:00+02:00' } } as Cited;
    expect(cite('APA', call)).toContain('(2 May 2024, 09:30 +02:00). Blinken talks.');
    expect(cite('Chicago', call)).toContain('(cancelled event, 12 April 2024, 01:30 +03:00)');
    expect(cite('Chicago', call)).not.toContain('UTC');
    expect(cite('BibTeX', call)).toContain('year = {2024}');
  });
  it('cites years before the first', () => {
    const old = { ...cited, citation: { ...cited.citation!, published: '-0240-05-10' } };
    expect(cite('APA', old)).toContain('(−0240, May 10)');
    expect(cite('BibTeX', old)).toContain('year = {-0240},\n  month = {may}');
  });
});
