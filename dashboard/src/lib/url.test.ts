import { describe, expect, it } from 'vitest';
import { BINS, CHAINS, decode, encode, KINDS, MODES, OCCURRENCES, QUADS, start, TABS, THEMES, VIEWS, WAYS, type State } from './url';

/** A generator of numbers below `below`, the same on each run. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.floor((state / 4294967296) * below);
  };
}

const WORDS = ['usa', 'Park Jin', 'Côte d’Ivoire', '中华人民共和国', 'a&b=c', '#?%20+', 'event:x/y', '<script>', '  ', '\u202Eabc', '0'];

function any(seed: number): State {
  const next = numbers(seed);
  const one = <T>(all: readonly T[]) => all[next(all.length)]!;
  const some = <T>(all: readonly T[]) => all.filter(() => next(2) === 1);
  const flag = () => next(2) === 1;
  return {
    view: one(VIEWS), actor: some(WORDS), match: one(['any', 'all'] as const), from: one(['', '2023', '2023-06-XX']), to: one(['', '../2023']),
    quad: some(QUADS), record: some(KINDS), type: some(WORDS), topic: some(WORDS), dataset: some(WORDS), cited: some(WORDS), exclude_source: some(WORDS), min_independent: 1 + next(100), certain: flag(), occurrence: one(OCCURRENCES),
    rollup: flag(), known_at: one(['', '3']), sel: one(['', 'event:a', 'statement:b:c']), list: one(['', '/api/v1/timeline?actor=usa&actor=Park+Jin']), scale: one(['elastic', 'linear'] as const), lanes: one(['state', 'actor'] as const), table: flag(),
    way: one(WAYS), source: one(WORDS), target: one(WORDS), mode: one(MODES), directed: flag(), chains: one(CHAINS), via: some(WORDS), avoid: some(WORDS), max_hops: 1 + next(8), path: next(20), explain: flag(), day: one(['', '2023-06-15']), chain: one(WORDS),
    a: one(WORDS), b: one(WORDS), bin: one(BINS), base_from: one(['', '2022']), base_to: one(['', '2022-12']), hops: 1 + next(3), nodes: 5 + next(496), groups: flag(),
    tab: one(TABS), columns: one(['target', 'topic'] as const), speaker: some(WORDS), toward: some(WORDS), stance: some(WORDS), about: some(WORDS),
    relayed_by: some(WORDS), q: one(WORDS), theme: one(THEMES), embed: flag(),
  };
}

describe('the URL', () => {
  it('gives back every state', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const state = any(seed);
      expect(decode(encode(state))).toEqual(state);
    }
  });
  it('says nothing of what is at its start', () => expect(encode(start())).toBe(''));
  it('is short and legible', () => {
    const state = { ...start(), view: 'paths' as const, source: 'park-jin', target: 'prk', sel: 'event:a-b' };
    expect(encode(state)).toBe('view=paths&sel=event:a-b&source=park-jin&target=prk');
  });
  it('keeps a list that was emptied', () => {
    expect(encode({ ...start(), record: [] })).toBe('record=');
    expect(decode('record=').record).toEqual([]);
  });
  it('reads nonsense as nothing', () => {
    expect(decode('view=nowhere&max_hops=-3&nodes=99999&quad=loud&mode=')).toEqual({ ...start(), nodes: 500 });
  });
  it('opens lists of the API only', () => {
    for (const bad of ['https://example.org/api/v1/x', '//example.org', '/api/v1/../x', 'javascript:alert(1)']) expect(decode(new URLSearchParams({ list: bad })).list).toBe('');
  });
  it('keeps links of before', () => {
    expect(decode('event=e4').sel).toBe('event:e4');
    expect(decode('event=e4&sel=event:e5').sel).toBe('event:e5');
  });
});
