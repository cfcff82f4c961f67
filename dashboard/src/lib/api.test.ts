import { describe, expect, it } from 'vitest';
import { opened, rolled } from './api';

describe('a question with ministers counted for their states', () => {
  it('has one more parameter', () => expect(rolled('./api/v1/stances?limit=1')).toBe('./api/v1/stances?limit=1&rollup=state'));
  it('has its first', () => expect(rolled('./api/v1/stances')).toBe('./api/v1/stances?rollup=state'));
});

describe('the URL behind a number', () => {
  const meta = { opens: { quad: 'only_quad={key}', a_to_b: 'way=a_to_b' } };
  it('is that of its object, and what the answer adds', () => expect(opened('/api/v1/timeline?between=a', meta, 'a_to_b')).toBe('/api/v1/timeline?between=a&way=a_to_b'));
  it('says the key', () => expect(opened('/x?a=b', meta, 'quad', 'verbal conflict')).toBe('/x?a=b&only_quad=verbal%20conflict'));
  it('is none where the answer knows none', () => expect([opened('/x?a=b', meta, 'wide'), opened('/x?a=b', undefined, 'wide')]).toEqual(['', '']));
});
