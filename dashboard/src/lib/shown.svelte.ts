import type { AnyRecord } from './records';

/** What the view shows now: for export, stepping through, and the title of the page. */
export interface Shown {
  title: string;
  /** Selections in the order of the view. */
  order: string[];
  /** Rows for a file. */
  records?: AnyRecord[];
  table?: { head: string[]; rows: unknown[][] };
  /** The question whose answer is shown. */
  json?: string;
}
class Showing {
  now = $state.raw<Shown>({ title: '', order: [] });
}
export const shown = new Showing();

/** Says what the view shows. For use while a component is set up. */
export function shows(what: () => Shown) {
  $effect(() => {
    const now = what();
    shown.now = now;
    document.title = now.title ? `${now.title} · Chancery` : 'Chancery';
  });
}
