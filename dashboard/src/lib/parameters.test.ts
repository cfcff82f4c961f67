// What the page offers is what the API takes: lists and bounds are compared with the API's document, which
// is made of the declarations of its parameters.
import { describe, expect, it } from 'vitest';
import document from '../../../api-docs/openapi.json?raw';
import { BINS, CHAINS, KINDS, MODES, OCCURRENCES, QUADS, decode, encode, start } from './url';

interface Schema { type?: string; enum?: string[]; minimum?: number; maximum?: number; items?: Schema }
interface Parameter { name: string; in: string; schema: Schema; deprecated?: boolean }
const api = JSON.parse(document) as {
  paths: Record<string, { get?: { parameters?: Parameter[] } }>;
};

function schema(path: string, name: string): Schema {
  const found = api.paths[`/api/v1${path}`]?.get?.parameters?.find((one) => one.in === 'query' && one.name === name);
  if (!found) throw new Error(`${path} takes no ${name}`);
  return found.schema.items ?? found.schema;
}
const words = (path: string, name: string) => schema(path, name).enum ?? [];

describe('the words that the page knows', () => {
  it.each([
    ['/paths', 'mode', MODES],
    ['/paths', 'chains', CHAINS],
    ['/timeline/histogram', 'bin', BINS],
    ['/timeline', 'occurrence', OCCURRENCES.filter(Boolean)],
    ['/timeline', 'match', ['any', 'all']],
    ['/stances/matrix', 'columns', ['target', 'topic']],
  ])('of %s, %s, are all that there are', (path, name, known) => {
    expect([...words(path, name)].sort()).toEqual([...known].sort());
  });
  it.each([
    ['/timeline', 'quad', QUADS],
    ['/timeline', 'record', KINDS],
  ])('of %s, %s, are among those that there are', (path, name, known) => {
    expect(words(path, name)).toEqual(expect.arrayContaining([...known]));
  });
});

describe('numbers', () => {
  const edge = (name: 'max_hops' | 'min_independent' | 'nodes', value: number) => decode(`${name}=${value}`)[name];
  it.each([
    ['max_hops', '/paths', 'max_hops'],
    ['min_independent', '/timeline', 'min_independent'],
    ['nodes', '/graph', 'limit'],
  ] as const)('%s never leave the bounds of the API', (field, path, name) => {
    const { minimum = NaN, maximum = NaN } = schema(path, name);
    expect(edge(field, 999_999)).toBe(maximum);
    expect(edge(field, 0)).toBeGreaterThanOrEqual(minimum);
  });
});

describe('filters', () => {
  const FILTERS = ['from', 'to', 'quad', 'record', 'type', 'topic', 'dataset', 'cited', 'exclude_source', 'min_independent', 'certain', 'occurrence', 'rollup', 'known_at'] as const;
  it.each(FILTERS)('%s are parameters of the timeline', (name) => {
    expect(schema('/timeline', name)).toBeDefined();
    expect(start()).toHaveProperty(name);
  });
});

describe('a list of records', () => {
  it('may stand under the path of a proxy', () => {
    for (const list of ['/api/v1/timeline?actor=usa', '/chancery/api/v1/timeline?actor=usa']) {
      expect(decode(encode({ ...start(), list })).list).toBe(list);
    }
    for (const list of ['https://a.example/api/v1/timeline', '//a.example/api/v1/timeline', '/elsewhere']) {
      expect(decode(`list=${encodeURIComponent(list)}`).list).toBe('');
    }
  });
});
