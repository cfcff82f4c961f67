// Makes screenshots smaller: colours are rounded by less than an eye sees, and rows are packed as they are,
// which suits flat colours better than the differences that browsers write.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Colours are kept to multiples of this. */
const ROUND = 4;

function chunks(png) {
  const all = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    all.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return all;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** The bytes that a filter of PNG (its section 9) took the differences to. */
function predicted(filter, left, up, corner) {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** The same picture in fewer bytes. Takes 8 bits a channel, RGB or RGBA, as Chromium writes them. */
export function small(png) {
  const all = chunks(png);
  const head = all.find(({ type }) => type === 'IHDR').data;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const pixel = head[9] === 6 ? 4 : 3, row = width * pixel;
  const raw = inflateSync(Buffer.concat(all.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  const bytes = Buffer.alloc(height * row), out = Buffer.alloc(height * (row + 1));
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x++) {
      const at = y * row + x;
      const left = x >= pixel ? bytes[at - pixel] : 0, up = y ? bytes[at - row] : 0, corner = x >= pixel && y ? bytes[at - row - pixel] : 0;
      bytes[at] = raw[y * (row + 1) + 1 + x] + predicted(filter, left, up, corner);
      out[y * (row + 1) + 1 + x] = bytes[at] === 255 ? 255 : Math.min(255, Math.round(bytes[at] / ROUND) * ROUND);
    }
  }
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', deflateSync(out, { level: 9, memLevel: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
