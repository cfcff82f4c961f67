import { describe, expect, it } from 'vitest';
import { code, list } from './records';

const actor = (id: string, name: string, kind = 'state') => ({ id, name, kind }) as Parameters<typeof code>[0];

describe('letters for an actor', () => {
  it('are its code', () => expect(code(actor('jpn', 'Japan'))).toBe('JPN'));
  it('are its initials', () => expect(code(actor('united-nations', 'United Nations'))).toBe('UN'));
  it('are those of names, not of brackets', () => expect(code(actor('citizen-india', 'Citizen (India)', 'unknown'))).toBe('CI'));
  it('are how one word begins', () => expect(code(actor('china', 'China', 'unknown'))).toBe('CH'));
  it('are initials of a person whose id could be a code', () => expect(code(actor('lee', 'Lee Myung-bak', 'person'))).toBe('LM'));
  it('are none where the name has none', () => expect(code(actor('x1', '123', 'unknown'))).toBe(''));
});

describe('a list', () => {
  it('has an and', () => expect(list(['a', 'b', 'c'])).toBe('a, b and c'));
});
