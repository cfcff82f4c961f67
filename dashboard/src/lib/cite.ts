/** How to cite a record: the document that says so, and the record that was made of it. */
import type { SourceAnswer } from './api.gen';
import { at, format, words } from './dates';
import { titleOf, unreal, type AnyRecord, type Citation } from './records';

export const STYLES = ['APA', 'Chicago', 'BibTeX'] as const;
export type Style = (typeof STYLES)[number];

export interface Cited {
  record: AnyRecord & { date?: string | null };
  citation?: Citation;
  source?: Pick<SourceAnswer, 'authors' | 'kind'>;
  /** The commit at which the record was read. */
  commit: number;
  permalink: string;
  /** The day on which it was read. */
  today: string;
}

const surname = (author: string) => author.trim().split(/\s+/).at(-1) ?? author;
const given = (author: string) => author.trim().split(/\s+/).slice(0, -1);
const initials = (author: string) => given(author).map((one) => `${one.charAt(0)}.`).join(' ');

function apaAuthors(authors: string[]): string {
  const each = authors.map((one) => [surname(one), initials(one)].filter(Boolean).join(', '));
  return each.length > 1 ? `${each.slice(0, -1).join(', ')}, & ${each.at(-1)}` : (each[0] ?? '');
}
function chicagoAuthors(authors: string[]): string {
  const each = authors.map((one, i) => (i === 0 && given(one).length ? `${surname(one)}, ${given(one).join(' ')}` : one));
  return each.length > 1 ? `${each.slice(0, -1).join(', ')}, and ${each.at(-1)}` : (each[0] ?? '');
}
/** Ends with one full stop. */
const stop = (text: string) => (/[.?!…]$/.test(text) ? text : `${text}.`);
const exact = (published: string | null | undefined) => (published && /^-?\d{4}-\d{2}-\d{2}$/.test(published) && !Number.isNaN(at(published)) ? at(published) : undefined);
const TEX: Record<string, string> = { '\\': '\\textbackslash{}', '{': '\\{', '}': '\\}', '&': '\\&', '%': '\\%', $: '\\$', '#': '\\#', _: '\\_', '~': '\\textasciitilde{}', '^': '\\textasciicircum{}' };
const tex = (text: string) => text.replace(/[\\{}&%$#_~^]/g, (one) => TEX[one]!).replace(/\s+/g, ' ');

export function cite(style: Style, { record, citation, source, commit, permalink, today }: Cited): string {
  const title = titleOf(record).replace(/\s+/g, ' ');
  const authors = source?.authors ?? [];
  const day = exact(citation?.published);
  const when = words(record.date);
  const came = unreal(record);
  const coded = `“${title}” (${came ? `${came} ` : ''}${record.record}, ${when})`;
  const where = citation?.locator ? `, ${citation.locator}` : '';
  const kept = `Chancery, commit ${commit}`;
  if (style === 'BibTeX') {
    const fields: [string, string][] = [];
    if (authors.length) fields.push(['author', authors.map(tex).join(' and ')]);
    else if (citation?.publisher) fields.push(['author', `{${tex(citation.publisher)}}`]);
    fields.push(['title', tex(citation?.title ?? title)]);
    if (citation?.publisher) fields.push(['publisher', tex(citation.publisher)]);
    if (citation?.published) {
      fields.push(['year', /^-?\d{4}/.exec(citation.published)?.[0] ?? citation.published]);
      if (day !== undefined) fields.push(['month', format(day, { month: 'short' }).slice(0, 3).toLowerCase()]);
    }
    if (citation?.url) fields.push(['url', citation.url.replace(/[{}\s]/g, encodeURIComponent)]);
    fields.push(['note', tex(`Coded as ${coded}${where}, record ${record.id}, ${kept}, ${permalink}, read ${today}`)]);
    const key = record.id.replace(/[^a-z0-9-]/gi, '-');
    return `@misc{${key},\n${fields.map(([name, value]) => `  ${name} = {${value}}`).join(',\n')}\n}`;
  }
  if (!citation) return `${stop(coded)} Record ${record.id}. ${kept}. ${permalink}`;
  const name = citation.title ?? citation.source;
  if (style === 'APA') {
    const published = day !== undefined ? format(day, { year: 'numeric' }) + format(day, { month: 'long', day: 'numeric' }).replace(/^(\d+) (.*)$/, ', $2 $1') : citation.published ? words(citation.published) : 'n.d.';
    const head = authors.length ? `${apaAuthors(authors)} (${published}). ${stop(name)}` : `${stop(name)} (${published}).`;
    return [head, citation.publisher && stop(citation.publisher), citation.url, `Coded as ${coded}${where}. ${kept}. ${permalink}`].filter(Boolean).join(' ');
  }
  const published = day !== undefined ? format(day, { month: 'long', day: 'numeric', year: 'numeric' }).replace(/^(\d+) (\S+) (−?\d+)$/, '$2 $1, $3') : citation.published && words(citation.published);
  return [
    authors.length ? stop(chicagoAuthors(authors)) : '', `“${stop(name)}”`, stop([citation.publisher, published].filter(Boolean).join(', ') || 'n.d.'), citation.url ? stop(citation.url) : '',
    `Coded as ${coded}${where}. ${kept}. Read ${words(today)}. ${permalink}`,
  ].filter(Boolean).join(' ');
}
