import { forget } from './api';

/** Grows when the record has changed: open questions are asked again. */
export const live = $state({ version: 0, commit: 0, news: '' });

export function refresh(news = '') {
  forget();
  live.version++;
  live.news = news;
}
