import { describe, expect, it } from 'vitest';
import { lanes } from './lanes';
import { stands, type RelationRecord, type Told } from './records';

const actor = (id: string) => ({ id, name: id.toUpperCase(), kind: 'state' });
const event = (id: string, day: string, ...who: [string, string][]): Told =>
  ({ record: 'event', id, earliest: day, latest: day, participants: who.map(([one, role]) => ({ actor: actor(one), role })) }) as unknown as Told;
const office = (subject: string, object: string, since: string, until?: string): RelationRecord =>
  ({ record: 'relation', kind: 'holds_office', subject: actor(subject), object: actor(object), since, until, earliest: since, latest: until }) as unknown as RelationRecord;

const call = event('call', '2023-06-16', ['blinken', 'participant'], ['park', 'participant']);
const launch = event('launch', '2023-06-15', ['prk', 'source']);
const joint = event('joint', '2023-06-15', ['usa', 'source'], ['blinken', 'target'], ['prk', 'target']);
const offices = [office('blinken', 'usa', '2021-01-26'), office('park', 'ministry', '2022-05-12', '2024-01-10'), office('ministry', 'kor', '1948-01-01')];

describe('lanes', () => {
  it('are the busiest actors, those that were asked for first', () => {
    expect(lanes([call, launch, joint], ['park'], 9).lanes.map((lane) => lane.id)).toEqual(['park', 'blinken', 'prk', 'usa']);
  });
  it('bring people to their states', () => {
    const { lanes: all, of } = lanes([call, launch, joint], [], 9, stands(offices));
    expect(all.map((lane) => [lane.id, lane.people.map((one) => one.id)])).toEqual([['prk', []], ['usa', ['blinken']], ['kor', ['park']]]);
    expect([...of(call)]).toEqual([['usa', 'with'], ['kor', 'with']]);
    // Where an actor stands on two sides, the side that is acted on is shown.
    expect(of(joint).get('usa')).toBe('to');
  });
  it('leave those that were asked for alone', () => {
    expect(lanes([call], ['blinken'], 9, stands(offices)).lanes.map((lane) => lane.id)).toEqual(['blinken', 'kor']);
  });
  it('count those without a lane', () => {
    const { lanes: all, more, of } = lanes([call, launch, joint], [], 1);
    expect([all.length, more]).toEqual([1, 3]);
    expect(of(launch).size + of(joint).size + of(call).size).toBe(2);
  });
  it('know when an office ends', () => {
    const later = event('later', '2024-06-01', ['park', 'source']);
    expect(stands(offices)(actor('park'), later).id).toBe('park');
    expect(stands([office('a', 'b', '2020-01-01'), office('b', 'a', '2020-01-01')])(actor('a'), later).id).toBe('b');
  });
  it('know years before the first in their order', () => {
    const consul = [office('scipio', 'rome', '-0217-03-15', '-0216-03-14')];
    expect(stands(consul)(actor('scipio'), event('then', '-0217-08-02')).id).toBe('rome');
    expect(stands(consul)(actor('scipio'), event('before', '-0218-08-02')).id).toBe('scipio');
    expect(stands(consul)(actor('scipio'), event('after', '-0215-08-02')).id).toBe('scipio');
  });
});
