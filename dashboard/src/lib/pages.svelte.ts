import { fetchJson } from './api';
import { Asked } from './asked.svelte';

/** A list that comes in pages: the first as an answer, the others when they are asked for. */
export class Pages<P extends { items: unknown[]; next?: string | null }> extends Asked<P> {
  #more = $state.raw<P['items']>([]);
  next = $state<string | null>(null);
  items = $derived<P['items']>([...(this.data?.items ?? []), ...this.#more]);

  /** For use while a component is set up. */
  constructor(at: () => string | undefined) {
    super(at);
    $effect(() => {
      this.#more = [];
      this.next = this.data?.next ?? null;
    });
  }
  more = async () => {
    const first = this.data, page = await fetchJson<P>(`${this.of}${this.of.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(this.next ?? '')}`).catch(() => undefined);
    // Meanwhile something else may have been asked.
    if (!page || first !== this.data) return;
    this.#more = [...this.#more, ...page.items];
    this.next = page.next ?? null;
  };
}
