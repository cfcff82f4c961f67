import { describe, expect, it } from 'vitest';
import { share } from './upload';

const step = (done: number, total: number) => ({ phase: 'reading' as const, done, total, records: 0 });

describe('how far an upload is', () => {
  it('is a share of the whole', () => expect(share(step(25, 100))).toBe(0.25));
  it('is never more than the whole', () => expect(share(step(120, 100))).toBe(1));
  it('is not known when the size is not', () => expect(share(step(25, 0))).toBeUndefined());
});
