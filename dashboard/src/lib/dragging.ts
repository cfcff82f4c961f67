// Dragging as d3-drag has it, on a picture whose page scrolls.
import { drag, type D3DragEvent } from 'd3-drag';
import { select } from 'd3-selection';

/** Pixels that a pointer may move and still click. */
const CLICK = 4;

export interface Drag {
  /** Whether it is sideways only: a finger that moves up or down then scrolls the page. */
  sideways?: boolean;
  /** Whether one may begin now. */
  may?: () => boolean;
  /** It begins at a place within the picture. */
  start?: (x: number) => void;
  /** It has come to a place, so far from where it began. */
  move: (x: number, by: number) => void;
  /** It ends so far from where it began; a click ends it at 0. */
  end: (by: number) => void;
}
type Event = D3DragEvent<SVGSVGElement, unknown, { x: number }>;

export function attach(svg: SVGSVGElement, { sideways, may, start, move, end }: Drag) {
  /** Whether the finger that is down scrolls the page. */
  let scrolls: boolean | undefined;
  const by = (event: Event) => (scrolls ? 0 : event.x - event.subject.x);
  const picture = select(svg).call(
    drag<SVGSVGElement, unknown>()
      .container(() => svg)
      .clickDistance(CLICK)
      .filter((event: MouseEvent) => !event.ctrlKey && !event.button && (may?.() ?? true))
      .on('start', (event: Event) => {
        scrolls = undefined;
        start?.(event.x);
      })
      .on('drag', (event: Event) => move(event.x, by(event)))
      .on('end', (event: Event) => end(Math.abs(by(event)) > CLICK ? by(event) : 0)),
  );
  if (!sideways) return;
  // d3-drag takes every move of a finger for its own, and what is taken can't scroll. So it hears of none when the
  // first goes up or down.
  let first: Touch | undefined;
  picture
    .style('touch-action', 'pan-y')
    .on('touchstart.way', (event: TouchEvent) => { first = event.touches[0]; }, { capture: true })
    .on('touchmove.way', (event: TouchEvent) => {
      const now = event.touches[0];
      if (first && now) scrolls ??= Math.abs(now.clientY - first.clientY) > Math.abs(now.clientX - first.clientX);
      if (scrolls) event.stopImmediatePropagation();
    }, { capture: true });
}
