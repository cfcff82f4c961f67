import { expect, it } from 'vitest';
import { layout } from './layout';

const nodes = Array.from({ length: 30 }, (_, i) => ({ id: `n${i}`, r: 10 }));
const links = nodes.slice(1).map((node, i) => ({ source: `n${Math.floor(i / 3)}`, target: node.id }));

it('is the same each time, and within its frame', () => {
  const one = layout(nodes, links, 600, 300), two = layout(nodes, links, 600, 300);
  expect([...one]).toEqual([...two]);
  for (const { x, y } of one.values()) {
    expect(x).toBeGreaterThanOrEqual(39);
    expect(x).toBeLessThanOrEqual(561);
    expect(y).toBeGreaterThanOrEqual(39);
    expect(y).toBeLessThanOrEqual(261);
  }
});
it('puts no two nodes on one spot', () => {
  const all = [...layout(nodes, links, 600, 300).values()].map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`);
  expect(new Set(all).size).toBe(nodes.length);
});
it('copes with one node, with none, and with links to nowhere', () => {
  expect(layout([{ id: 'a', r: 5 }], [{ source: 'a', target: 'b' }], 100, 80).get('a')).toEqual({ x: 50, y: 40 });
  expect(layout([], [], 100, 80).size).toBe(0);
});
