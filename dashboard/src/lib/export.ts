/** Files of what is seen: SVG, PNG, CSV, JSON, each with what it shows and when it was made. */

/** Presentation attributes that make a picture look alike without this page's styles. */
const COPIED = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity',
  'font-family', 'font-size', 'font-weight', 'text-anchor', 'paint-order', 'letter-spacing',
] as const;
const SVG = 'http://www.w3.org/2000/svg';

/** A cell of CSV (RFC 4180); what a spreadsheet would take for a formula is kept from it. */
export function cell(value: unknown): string {
  let text = value === undefined || value === null ? '' : String(value);
  // One apostrophe in front loses nothing: whoever reads takes one off again, as of the files of the service.
  if (/^'*[=+\-@\t\n\r＝＋－＠]/.test(text) && !/^[-+]?\d+(\.\d+)?$/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
export const csv = (head: string[], rows: unknown[][]) => [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';

/** A name for a file. */
export const fileName = (title: string, ending: string) =>
  `${title.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'chancery'}.${ending}`;

export function save(blob: Blob, name: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function attributes(from: Element, to: Element) {
  const style = getComputedStyle(from);
  for (const name of COPIED) {
    const value = style.getPropertyValue(name);
    // A reference to a gradient is kept as it was written: computed, it names this page.
    if (value && !value.includes('url(')) to.setAttribute(name, value);
  }
  to.removeAttribute('class');
  to.removeAttribute('style');
}

/** The lines of a text node as the page breaks them: text, and where its line starts. */
function lines(node: Text): { text: string; box: DOMRect }[] {
  const out: { text: string; box: DOMRect }[] = [];
  const range = document.createRange();
  for (const word of node.data.matchAll(/\S+\s*/g)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].trimEnd().length);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    const last = out.at(-1);
    if (last && Math.abs(last.box.top - box.top) < 2) last.text += word[0];
    else out.push({ text: word[0], box });
  }
  return out;
}

/** A picture of `figure`: its SVG, and the text that stands over it in HTML. */
export function picture(figure: HTMLElement, title: string, note: string): { text: string; width: number; height: number } {
  const frame = figure.getBoundingClientRect();
  const foot = 40;
  const width = Math.ceil(frame.width), height = Math.ceil(frame.height) + foot;
  const out = document.createElementNS(SVG, 'svg');
  const paper = getComputedStyle(document.body);
  out.setAttribute('xmlns', SVG);
  out.setAttribute('width', String(width));
  out.setAttribute('height', String(height));
  out.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const put = (name: string, values: Record<string, string | number>, text?: string) => {
    const one = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(values)) one.setAttribute(key, String(value));
    if (text !== undefined) one.textContent = text;
    out.append(one);
    return one;
  };
  put('title', {}, title);
  put('rect', { width, height, fill: paper.backgroundColor });
  for (const svg of figure.querySelectorAll('svg')) {
    if (svg.parentElement?.closest('svg') || !svg.clientWidth) continue;
    const box = svg.getBoundingClientRect();
    const copy = svg.cloneNode(true) as SVGSVGElement;
    const from = [svg, ...svg.querySelectorAll('*')], to = [copy, ...copy.querySelectorAll('*')];
    from.forEach((one, i) => attributes(one, to[i]!));
    copy.setAttribute('x', String(box.left - frame.left));
    copy.setAttribute('y', String(box.top - frame.top));
    out.append(copy);
  }
  const walker = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || parent.closest('svg, .sr, [data-leave-out]') || !(node as Text).data.trim()) continue;
    const style = getComputedStyle(parent);
    if (style.visibility === 'hidden') continue;
    for (const { text, box } of lines(node as Text)) {
      put('text', {
        x: box.left - frame.left, y: box.bottom - frame.top - box.height * 0.24, fill: style.color,
        'font-family': style.fontFamily, 'font-size': style.fontSize, 'font-weight': style.fontWeight,
      }, text.trimEnd());
    }
  }
  put('text', { x: 12, y: height - 14, fill: paper.color, 'font-family': paper.fontFamily, 'font-size': 11 }, `${title} · ${note}`);
  return { text: new XMLSerializer().serializeToString(out), width, height };
}

/** Pixels for each pixel of the page. */
const SHARP = 2;

export async function png(made: { text: string; width: number; height: number }): Promise<Blob> {
  const at = URL.createObjectURL(new Blob([made.text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = at;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = made.width * SHARP;
    canvas.height = made.height * SHARP;
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('This browser can’t draw pictures');
    pen.scale(SHARP, SHARP);
    pen.drawImage(image, 0, 0);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large'))), 'image/png'));
  } finally {
    URL.revokeObjectURL(at);
  }
}
