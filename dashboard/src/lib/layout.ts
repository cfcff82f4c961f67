/** Where the nodes of a graph stand: the same graph has the same picture on each visit. */
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from 'd3-force';

export interface Spot { x: number; y: number }
export interface LayoutNode { id: string; /** Radius that others keep away from. */ r: number; /** Where it stood before: it moves little. */ held?: Spot; /** What it covers, from its middle: left, right, up and down alike, or further down where a name stands. */ box?: { half: number; up: number; down: number } }
export interface LayoutLink { source: string; target: string; /** Wished length in pixels. */ length?: number; strength?: number }

interface Node extends SimulationNodeDatum { id: string; r: number; held: boolean }

/** Positions within `width` × `height`, with room for labels at the edges. */
export function layout(nodes: LayoutNode[], links: LayoutLink[], width: number, height: number, margin = 40): Map<string, Spot> {
  const ratio = Math.max(0.5, Math.min(1.7, width / Math.max(1, height)));
  const all: Node[] = nodes.map((node, i) => {
    // A spiral of sunflower seeds: no two start on one spot, and nothing is left to chance.
    const distance = 14 * Math.sqrt(i + 0.5), angle = i * 2.399963;
    return { id: node.id, r: node.r, held: !!node.held, x: node.held?.x ?? distance * Math.cos(angle) * ratio, y: node.held?.y ?? distance * Math.sin(angle) };
  });
  const known = new Set(all.map((node) => node.id));
  const good = links.filter((link) => known.has(link.source) && known.has(link.target));
  const many = all.length > 120;
  const simulation = forceSimulation(all)
    .force('link', forceLink<Node, { source: string | Node; target: string | Node; length?: number; strength?: number }>(good.map((link) => ({ ...link }))).id((node) => node.id).distance((link) => link.length ?? 60).strength((link) => link.strength ?? 0.5))
    .force('charge', forceManyBody<Node>().strength(many ? -90 : -220).distanceMax(320))
    .force('collide', forceCollide<Node>((node) => node.r + 6))
    .force('x', forceX<Node>(0).strength(0.06 / ratio))
    .force('y', forceY<Node>(0).strength(0.06 * ratio))
    .stop();
  simulation.tick(many ? 120 : 260);
  const xs = all.map((node) => node.x ?? 0), ys = all.map((node) => node.y ?? 0);
  const left = Math.min(...xs), right = Math.max(...xs), top = Math.min(...ys), bottom = Math.max(...ys);
  const wide = Math.max(1, width - 2 * margin), tall = Math.max(1, height - 2 * margin);
  const k = (size: number, span: number) => (span < 1 ? 0 : size / span);
  // Each axis fills its side, within reason: a long graph in a flat box is still read.
  const kx = Math.min(k(wide, right - left), 5), ky = Math.min(k(tall, bottom - top), 5);
  const even = Math.min(kx || ky, ky || kx) || 1;
  const fx = Math.min(kx, even * 3.5), fy = Math.min(ky, even * 3.5);
  const spots = new Map(
    all.map((node) => [node.id, { x: width / 2 + ((node.x ?? 0) - (left + right) / 2) * fx, y: height / 2 + ((node.y ?? 0) - (top + bottom) / 2) * fy }]),
  );
  part(nodes, spots, width, height);
  return spots;
}

/** Rounds of moving boxes apart. */
const PARTINGS = 80;

/** Moves those that cover one another apart, each time along the shorter way, within the frame. */
function part(nodes: LayoutNode[], spots: Map<string, Spot>, width: number, height: number): void {
  const boxes = nodes.flatMap(({ id, box }) => (box ? [{ spot: spots.get(id)!, ...box }] : []));
  for (let round = 0; round < PARTINGS; round++) {
    let moved = false;
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) {
        const over = a.half + b.half - Math.abs(a.spot.x - b.spot.x);
        const below = a.spot.y <= b.spot.y, deep = below ? a.down + b.up - (b.spot.y - a.spot.y) : b.down + a.up - (a.spot.y - b.spot.y);
        if (over <= 0.5 || deep <= 0.5) continue;
        moved = true;
        if (over < deep) {
          const by = (a.spot.x <= b.spot.x ? -1 : 1) * over * 0.5;
          a.spot.x += by;
          b.spot.x -= by;
        } else {
          const by = (below ? -1 : 1) * deep * 0.5;
          a.spot.y += by;
          b.spot.y -= by;
        }
      }
    });
    for (const { spot, half, up, down } of boxes) {
      spot.x = Math.min(Math.max(spot.x, Math.min(half, width / 2)), Math.max(width - half, width / 2));
      spot.y = Math.min(Math.max(spot.y, Math.min(up, height / 2)), Math.max(height - down, height / 2));
    }
    if (!moved) return;
  }
}
