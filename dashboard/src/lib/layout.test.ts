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
it('moves those that cover one another apart, within the frame', () => {
  const box = { half: 30, up: 18, down: 34 };
  const spots = [...layout(nodes.slice(0, 12).map((node) => ({ ...node, box })), links.slice(0, 11), 640, 300).values()];
  spots.forEach((a, i) => {
    expect(a.x - 30).toBeGreaterThanOrEqual(0);
    expect(a.y + 34).toBeLessThanOrEqual(300);
    for (const b of spots.slice(i + 1)) {
      const over = Math.min(60 - Math.abs(a.x - b.x), 52 - Math.abs(a.y - b.y));
      expect(over).toBeLessThanOrEqual(1);
    }
  });
});
