// What is dragged, by mouse or by touch. Its script follows that of the first picture.
import type { Drag } from './dragging';

const script = import('./dragging');

/** Makes a picture one that can be dragged. */
export const draggable = (how: Drag) => (svg: SVGSVGElement) => void script.then(({ attach }) => attach(svg, how));
