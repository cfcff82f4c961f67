import type {
  ActorAnswer, ActorBrief, CitationAnswer, EventAnswer, QuadCounts, RelationAnswer, SourceAnswer, StatementAnswer, RecordTime,
} from './api.gen';
import { at, knownDays } from './dates';
import type { Quad } from './url';

export type EventRecord = EventAnswer & { record: 'event' };
export type StatementRecord = StatementAnswer & { record: 'statement' };
export type RelationRecord = RelationAnswer & { record: 'relation' };
export type Told = EventRecord | StatementRecord | RelationRecord;
export type ActorRecord = ActorAnswer & { record: 'actor' };
export type AnyRecord = Told | ActorRecord | (SourceAnswer & { record: 'source' });
export type Brief = ActorBrief;

/** A class of events, or what has none. */
export type Class = 'vc' | 'mc' | 'vx' | 'mx' | 'na';
export const QUAD_OF: Record<Exclude<Class, 'na'>, Quad> = {
  vc: 'verbal_cooperation', mc: 'material_cooperation', vx: 'verbal_conflict', mx: 'material_conflict',
};
export const LABEL: Record<Class, string> = {
  vc: 'Verbal cooperation', mc: 'Material cooperation', vx: 'Verbal conflict', mx: 'Material conflict', na: 'Not coded',
};
export const HINT: Record<Class, string> = {
  vc: 'Calls, visits, consultations, agreements in words', mc: 'Aid, exchange, joint exercises',
  vx: 'Condemnation, demand, threat', mx: 'Force, sanctions, reduced relations', na: 'Statements and relations carry no class',
};
const CLASS: Record<string, Class> = {
  verbal_cooperation: 'vc', material_cooperation: 'mc', verbal_conflict: 'vx', material_conflict: 'mx',
};
/** What an event is that did not occur, or is not known to have: `cancelled`, `rumoured`; nothing for all else. */
export const unreal = (record: AnyRecord): string => (record.record === 'event' && record.status !== 'occurred' ? record.status : '');
export const classOf = (record: AnyRecord): Class => (record.record === 'event' ? (CLASS[record.quad_class] ?? 'na') : 'na');
export const counts = (quad: QuadCounts): Record<Class, number> => ({
  vc: quad.verbal_cooperation, mc: quad.material_cooperation, vx: quad.verbal_conflict, mx: quad.material_conflict, na: quad.uncoded,
});
export const sum = (all: QuadCounts[]): Record<Class, number> => {
  const out = { vc: 0, mc: 0, vx: 0, mx: 0, na: 0 };
  for (const quad of all) for (const [key, n] of Object.entries(counts(quad))) out[key as Class] += n;
  return out;
};
export const net = (quad: QuadCounts) => {
  const n = counts(quad);
  return n.vc + n.mc - n.vx - n.mx;
};

/** How an actor stands in a record. */
export interface Part {
  actor: Brief;
  /** It acts, it is acted on, or it acts with others. */
  side: 'from' | 'to' | 'with';
}

/** Who stands in a record, each once, those who act first. */
export function parts(record: Told): Part[] {
  const out = new Map<string, Part>();
  const put = (actor: Brief, side: Part['side']) => {
    if (!out.has(actor.id)) out.set(actor.id, { actor, side });
  };
  if (record.record === 'event') {
    for (const { actor, role } of record.participants) put(actor, role === 'source' ? 'from' : role === 'target' ? 'to' : 'with');
  } else if (record.record === 'statement') {
    for (const actor of record.speakers) put(actor, 'from');
    for (const actor of record.audience) put(actor, 'to');
    for (const { toward } of record.stances) if ('actor' in toward) put(toward.actor, 'to');
  } else {
    put(record.subject, 'from');
    put(record.object, 'to');
  }
  return [...out.values()];
}

/** For whom people and bodies stand: what the relations say of the days of a record. */
export type Stands = (actor: Brief, record: Told) => Brief;

const STANDING = new Set(['holds_office', 'represents', 'part_of']);
/** Steps from a spokesman to a ministry to a state. */
const STEPS = 4;

export function stands(relations: RelationRecord[]): Stands {
  const of = new Map<string, RelationRecord[]>();
  for (const one of relations.filter((one) => STANDING.has(one.kind))) of.set(one.subject.id, [...(of.get(one.subject.id) ?? []), one]);
  const began = (one: RelationRecord, day: number) => !one.since || !one.earliest || at(one.earliest) <= day;
  const lasts = (one: RelationRecord, day: number) => !one.until || !one.latest || at(one.latest) >= day;
  return (actor, record) => {
    let now = actor;
    const [first, last] = knownDays(record) ?? [Infinity, -Infinity];
    for (let step = 0; step < STEPS; step++) {
      const next = of.get(now.id)?.find((one) => began(one, last) && lasts(one, first))?.object;
      if (!next || next.id === actor.id) break;
      now = next;
    }
    return now;
  };
}

export const wordsOf = (code: string) => code.replaceAll('_', ' ').toLowerCase();
/** The kind of an actor in words; nothing much when the record does not know it. */
export const kindWords = (kind: string) => (kind === 'unknown' ? 'actor' : wordsOf(kind));
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
export const list = (names: string[]) =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
export const named = (actors: Brief[], most = 3) =>
  actors.length > most ? `${actors.slice(0, most).map((one) => one.name).join(', ')} and ${actors.length - most} more` : list(actors.map((one) => one.name));

/** "A → B", "A and B". */
export function between(record: Told): string {
  const all = parts(record);
  const side = (wanted: Part['side']) => all.filter((part) => part.side === wanted).map((part) => part.actor);
  const from = side('from'), to = side('to'), together = side('with');
  if (from.length && to.length) return `${named(from)} → ${named(to)}`;
  return named([...from, ...together, ...to]);
}

/** What happened, in a line. */
export function titleOf(record: AnyRecord): string {
  switch (record.record) {
    case 'event':
      return record.title || `${record.cameo_label ? record.cameo_label : capital(wordsOf(record.type ?? 'event'))}: ${between(record)}`;
    case 'statement': {
      if (record.text) return record.quote ? `“${record.text}”` : record.text;
      const stance = record.stances[0];
      return stance ? `${named(record.speakers)} ${wordsOf(stance.stance)} ${toward(stance.toward)}` : `${named(record.speakers)} speaks`;
    }
    case 'relation':
      return record.title ? `${record.subject.name}: ${record.title}, ${record.object.name}` : `${record.subject.name} ${wordsOf(record.kind)} ${record.object.name}`;
    case 'actor':
      return record.name;
    case 'source':
      return record.title || record.publisher || record.id;
  }
}

export function toward(target: { actor: Brief } | { event: string } | { topic: string }): string {
  if ('actor' in target) return target.actor.name;
  if ('event' in target) return target.event.replaceAll('-', ' ');
  return wordsOf(target.topic).replaceAll('-', ' ');
}

/** What it is, in a word or two. */
export function codedAs(record: AnyRecord): string {
  switch (record.record) {
    case 'event': return record.cameo_label ?? capital(wordsOf(record.type ?? 'no type'));
    case 'statement': return record.stances.length ? capital(list([...new Set(record.stances.map((one) => wordsOf(one.stance)))])) : 'Statement';
    case 'relation': return capital(wordsOf(record.kind));
    default: return capital(wordsOf(record.kind));
  }
}

/** The plural under which the API keeps a kind. */
export const PLURAL = { event: 'events', statement: 'statements', relation: 'relations', actor: 'actors', source: 'sources' } as const;

/** Only these are safe to follow. */
export function safeLink(address: string | null | undefined): string | undefined {
  if (!address) return undefined;
  try {
    const parsed = new URL(address);
    return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : undefined;
  } catch {
    return undefined;
  }
}

export type Dated = Pick<RecordTime, 'date' | 'earliest' | 'latest' | 'precision' | 'approximate' | 'uncertain' | 'open' | 'end_unknown' | 'sorts_on'>;
export type { CitationAnswer as Citation, QuadCounts };

/** Two or three letters for an actor: the code that its id is, else its initials, else how its name begins. */
export function code(one: Brief): string {
  if (one.kind !== 'person' && /^[a-z]{2,3}$/.test(one.id)) return one.id.toUpperCase();
  const words = one.name.split(/[\s\-()]+/).filter((word) => /^\p{L}/u.test(word));
  return (words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]).join('') : [...(words[0] ?? '')].slice(0, 2).join('')).toUpperCase();
}
