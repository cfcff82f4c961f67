import { forget, get } from './api';
import type { ChangesPage } from './api.gen';

/** Grows when the record has changed: open questions are asked again. */
export const live = $state({ version: 0, commit: 0, news: '' });

/** Milliseconds for which what this page has done is not told of once more. */
const OWN = 1500;
let timer: ReturnType<typeof setTimeout> | undefined, created = 0, ownUntil = 0;

/** Asks all again. What this page has done itself is its own news. */
export function refresh(news = '', own = false) {
  clearTimeout(timer);
  created = 0;
  if (own) ownUntil = Date.now() + OWN;
  forget();
  live.version++;
  live.news = news;
  if (news) setTimeout(() => { if (live.news === news) live.news = ''; }, 6000);
}

/** Milliseconds within which changes are told as one. */
const TOGETHER = 250;

/** Milliseconds after which a feed that was refused is asked for again. */
const AGAIN = 10_000;

/** Listens for commits of others: what is shown is asked for again. */
export async function listen() {
  const now = await get('/api/v1/summary').catch(() => undefined);
  live.commit = now?.meta.known_at ?? 0;
  let feed: EventSource | undefined;
  function told(event: MessageEvent<string>) {
    const change = JSON.parse(event.data) as ChangesPage['items'][number];
    if (change.commit <= live.commit) return;
    live.commit = change.commit;
    created += change.counts.created;
    clearTimeout(timer);
    const news = () => (created ? `${created.toLocaleString('en')} new record${created === 1 ? '' : 's'} came in.` : 'The record has changed.');
    timer = setTimeout(() => refresh(Date.now() < ownUntil ? live.news : news()), TOGETHER);
  }
  function leave() {
    feed?.close();
    feed = undefined;
  }
  // A browser holds six connections to a service for all its tabs: those that nobody sees leave theirs, and
  // hear later what they missed.
  function look() {
    if (document.hidden) return leave();
    if (feed) return;
    feed = new EventSource(`./api/v1/changes?since=${live.commit}`);
    feed.onmessage = told;
    // A service that is full refuses, and then the browser does not ask again by itself.
    feed.onerror = () => {
      if (feed?.readyState !== EventSource.CLOSED) return;
      leave();
      setTimeout(look, AGAIN);
    };
  }
  look();
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', look);
}
