/** Names of actors by their ids, for what is said beside an answer that does not hold them. */
import { SvelteMap } from 'svelte/reactivity';
import { get } from './api';
import type { ActorRecord } from './records';

const known = new SvelteMap<string, string>();
const asked = new Set<string>();
/** What an id looks like; all else is a name already. */
export const isId = (text: string) => /^[a-z0-9][a-z0-9._:-]*$/.test(text);

/** The name of an actor; its id until the service has said it. */
export function called(id: string): string {
  const name = known.get(id);
  if (name === undefined && isId(id) && !asked.has(id)) {
    asked.add(id);
    get('/api/v1/actors/{id}', {}, { id }).then(({ name }) => known.set(id, name), () => {});
  }
  return name ?? id;
}

/** The id of the one actor who is called so; nothing when nobody is, or several are. */
export async function idOf(name: string): Promise<string | undefined> {
  const same = (text: string) => text.toLowerCase() === name.trim().toLowerCase();
  const { items } = (await get('/api/v1/actors', { name, limit: 20 })) as { items: ActorRecord[] };
  const all = items.filter((one) => same(one.name) || one.aliases.some((alias) => same(alias.text)) || Object.values(one.codes).some(same));
  return all.length === 1 ? all[0]?.id : undefined;
}
