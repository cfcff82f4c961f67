/** The public API: typed from its OpenAPI document, nothing else is asked. */
import type { Problem, Reads } from './api.gen';

export type Path = keyof Reads;
export type Answer<P extends Path> = Reads[P]['answer'];
type Value = string | number | boolean | readonly string[] | null | undefined;
export type Query<P extends Path> = Partial<Record<Reads[P]['query'], Value>>;

/** An error that the API has explained, or that the network has caused. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly more: Partial<Problem> = {},
  ) {
    super(detail || title);
  }
}

/** The URL of a question, relative to the document, so that a proxy's prefix holds. */
export function url<P extends Path>(path: P, query: Query<P> = {}, parts: Record<string, string> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, Value][]) {
    if (value === undefined || value === null || value === '' || value === false) continue;
    if (typeof value === 'object') for (const one of value) out.append(name, one);
    else out.append(name, String(value));
  }
  const text = out.toString();
  return `.${filled}${text ? `?${text}` : ''}`;
}

/** A question, asked so that those who stand for states count for them. */
export const rolled = (question: string) => `${question}${question.includes('?') ? '&' : '?'}rollup=state`;

/** The URL behind a number that has none of its own: that of the object in which it stands, and what its answer says to add. */
export function opened(records: string, meta: { opens?: Record<string, string> } | undefined, member: string, key = ''): string {
  const add = meta?.opens?.[member];
  return add === undefined ? '' : `${records}&${add.replace('{key}', encodeURIComponent(key))}`;
}

/** A URL that the API has given, relative to the document; where a proxy's path stands before it, this page stands under that path, too. */
export const relative = (given: string) => given.replace(/^\/(?:[\w.~-]+\/)*?(?=api\/v1\/)/, './');

/** What an answer with an error says. */
export function problemOf(status: number, statusText: string, body: string): ApiProblem {
  try {
    const said = JSON.parse(body) as Problem;
    return new ApiProblem(status, said.title, said.detail ?? '', said);
  } catch {
    return new ApiProblem(status, statusText || 'The service failed', '');
  }
}

export async function fetchJson<T>(at: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(at, { ...init, headers: { accept: 'application/json', ...init.headers } });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new ApiProblem(0, 'The service can’t be reached', 'It may have stopped, or the network is down.');
  }
  if (!response.ok) throw problemOf(response.status, response.statusText, await response.text());
  return (await response.json()) as T;
}

/** Answers of this commit, the latest last. */
const KEPT = 80;
const kept = new Map<string, Promise<unknown>>();
export const forget = () => kept.clear();

/** Asks, or remembers. An answer is good until the record changes. */
export function read<T>(at: string): Promise<T> {
  const known = kept.get(at);
  if (known) return known as Promise<T>;
  const asked = fetchJson<T>(at);
  kept.set(at, asked);
  asked.catch(() => kept.delete(at));
  if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
  return asked;
}
export const get = <P extends Path>(path: P, query: Query<P> = {}, parts: Record<string, string> = {}) =>
  read<Answer<P>>(url(path, query, parts));
