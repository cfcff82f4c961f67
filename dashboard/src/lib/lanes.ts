/** The lanes of the score: one for each actor that stands in what is shown, the busiest first. */
import { parts, type Brief, type Part, type Stands, type Told } from './records';

export interface Lane { id: string; actor: Brief; people: Brief[]; records: number }
export interface Lanes {
  lanes: Lane[];
  /** Actors for whom there was no lane. */
  more: number;
  /** The lanes on which a record stands, each with the side of its actor. */
  of(record: Told): Map<string, Part['side']>;
}

/** A side that says more goes before one that says less. */
const RANK = { to: 0, with: 1, from: 2 } as const;

/** Actors that were asked for keep lanes of their own; others stand on those that `stands` gives. */
export function lanes(records: Told[], asked: string[], most: number, stands: Stands = (actor) => actor): Lanes {
  const all = new Map<string, Lane>();
  const sides = new Map<Told, Map<string, Part['side']>>();
  for (const record of records) {
    const own = new Map<string, Part['side']>();
    for (const { actor, side } of parts(record)) {
      const whole = asked.includes(actor.id) ? actor : stands(actor, record);
      let lane = all.get(whole.id);
      if (!lane) all.set(whole.id, (lane = { id: whole.id, actor: whole, people: [], records: 0 }));
      if (whole.id !== actor.id && !lane.people.some((one) => one.id === actor.id)) lane.people.push(actor);
      const before = own.get(whole.id);
      if (before === undefined) lane.records++;
      if (before === undefined || RANK[side] < RANK[before]) own.set(whole.id, side);
    }
    sides.set(record, own);
  }
  const first = (lane: Lane) => {
    const at = asked.indexOf(lane.id);
    return at < 0 ? asked.length : at;
  };
  const ranked = [...all.values()].sort(
    (a, b) => first(a) - first(b) || b.records - a.records || a.actor.name.localeCompare(b.actor.name),
  );
  const shown = ranked.slice(0, Math.max(1, most));
  const ids = new Set(shown.map((lane) => lane.id));
  return {
    lanes: shown,
    more: ranked.length - shown.length,
    of: (record) => new Map([...(sides.get(record) ?? [])].filter(([id]) => ids.has(id))),
  };
}
