import { decode, encode, start, type State } from './url';

/** What is shown and what is selected; the URL says the same. */
export const ui = $state<State>(decode(location.search));

/** What the URL does not say: open panes that a reload may forget. */
export const panes = $state({ sheet: false, help: false, search: false, export: false, share: false });

let written = encode(ui);

/** The link to the state, changed by `patch`. */
export const link = (patch: Partial<State> = {}): string => {
  const query = encode({ ...$state.snapshot(ui), ...patch } as State);
  return query ? `?${query}` : location.pathname;
};

function write(push: boolean) {
  const query = encode($state.snapshot(ui) as State);
  if (query === written) return;
  written = query;
  history[push ? 'pushState' : 'replaceState'](null, '', query ? `?${query}` : location.pathname);
}

/** Changes the state in place: selections and filters do not fill the history. */
export function set(patch: Partial<State>) {
  Object.assign(ui, patch);
  write(false);
}

/** Goes somewhere else: the way back is the browser's. */
export function go(patch: Partial<State>) {
  Object.assign(ui, patch);
  write(true);
  panes.sheet = false;
}

addEventListener('popstate', () => {
  written = location.search.slice(1);
  Object.assign(ui, decode(location.search));
});

/** What a link within the dashboard is made of: a click goes there, one that asks for a tab of its own gets one. */
export const goes = (patch: Partial<State>) => ({
  href: link(patch),
  onclick: (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(patch);
  },
});

/** Opens the records behind a number. */
export function openList(url: string) {
  set({ list: url, sel: '' });
  panes.sheet = true;
}

/** Reads a record: it is lit in every view, and its evidence opens. */
export function select(record: string, id: string, open = true) {
  set({ sel: `${record}:${id}` });
  if (open) panes.sheet = true;
}
export const isSelected = (record: string, id: string) => ui.sel === `${record}:${id}`;
export function unselect() {
  panes.sheet = false;
  set({ sel: '' });
}

/** Takes the value out of the list, or puts it in. */
export const toggled = <T>(list: readonly T[], value: T): T[] =>
  list.includes(value) ? list.filter((one) => one !== value) : [...list, value];

/** Puts one value in the place of another. */
export const swapped = (list: readonly string[], value: string, by: string): string[] => [...new Set(list.map((one) => (one === value ? by : one)))];

const FILTERS = ['from', 'to', 'quad', 'record', 'type', 'topic', 'dataset', 'cited', 'exclude_source', 'min_independent', 'certain', 'occurrence', 'rollup', 'known_at'] as const;

/** What a roll-up to states is called, wherever it is offered. */
export const ROLLUP = 'Ministers count for their states';

/** The filters as the API takes them. */
export function filters(...without: (typeof FILTERS)[number][]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of FILTERS) {
    if (without.includes(name)) continue;
    if (name === 'rollup') {
      if (ui.rollup) out.rollup = 'state';
    } else if (name === 'min_independent') {
      if (ui.min_independent > 1) out.min_independent = ui.min_independent;
    } else if (name === 'certain') {
      if (ui.certain) out.certain = true;
    } else out[name] = ui[name];
  }
  return out;
}

/** Asks without any filter. */
export function clearFilters() {
  const first = start();
  set(Object.fromEntries(FILTERS.map((name) => [name, first[name]])) as Partial<State>);
}

export function setTheme(theme: 'light' | 'dark') {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // Storage may be forbidden; the theme then lasts as long as the page.
  }
  // The link says a theme only when it came with one.
  if (ui.theme !== 'auto') set({ theme });
  dark.is = theme === 'dark';
}
export const dark = $state({
  is: (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark',
});
