/** What the path explorer asks, the same for the paths and for what they rest on. */
import { filters, ui } from './ui.svelte';

export const pathQuery = (source: string, target: string) => ({
  source, target, mode: ui.mode === 'fewest' ? '' : ui.mode, directed: ui.directed, via: ui.via, avoid: ui.avoid, max_hops: ui.max_hops, chains: ui.mode === 'chronological' && ui.chains === 'certain' ? 'certain' : '', ...filters('record'),
});
