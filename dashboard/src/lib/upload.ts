/** Sends a file to be imported, and says how far it is. */
import { ApiProblem, fetchJson, problemOf } from './api';
import type { ImportReport } from './api.gen';

export interface Step {
  /** The file travels to the service, or the service reads it. */
  phase: 'sending' | 'reading';
  /** Bytes of `total` that are sent or read. */
  done: number;
  total: number;
  /** Records read so far. */
  records: number;
}
interface Progress { bytes: number; total: number; records: number }

/** Bytes from which on the service answers at once and tells how far it is. */
const LONG = 256 << 10;
/** Milliseconds between questions when the stream of progress has broken. */
const AGAIN = 1000;

/** How far it is as a share of one; nothing when nobody knows. */
export const share = (step: Step): number | undefined => (step.total > 0 ? Math.min(1, step.done / step.total) : undefined);

const stopped = () => new DOMException('It was cancelled', 'AbortError');

function send(at: string, body: Blob, type: string, onstep: (step: Step) => void, signal: AbortSignal): Promise<ImportReport> {
  return new Promise((resolve, reject) => {
    // Only this way tells how much is sent.
    const request = new XMLHttpRequest();
    request.open('POST', at);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', type);
    if (body.size >= LONG) request.setRequestHeader('prefer', 'respond-async');
    request.upload.onprogress = (event) => onstep({ phase: 'sending', done: event.loaded, total: event.total, records: 0 });
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as ImportReport);
      else reject(problemOf(request.status, request.statusText, request.responseText));
    };
    request.onerror = () => reject(new ApiProblem(0, 'The service can’t be reached', 'It may have stopped, or it broke the upload off.'));
    request.onabort = () => reject(stopped());
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

/** The report of an import that runs on its own, once it is done. */
function watch(id: string, total: number, onstep: (step: Step) => void, signal: AbortSignal): Promise<ImportReport> {
  // The service has it all and has begun; that is said before its first word on it.
  onstep({ phase: 'reading', done: 0, total, records: 0 });
  const place = `./api/v1/imports/${encodeURIComponent(id)}`;
  return new Promise((resolve, reject) => {
    const feed = new EventSource(`${place}/progress`);
    const leave = (then: () => void) => () => { feed.close(); then(); };
    feed.addEventListener('progress', (event: MessageEvent<string>) => {
      const { bytes, total, records } = JSON.parse(event.data) as Progress;
      onstep({ phase: 'reading', done: bytes, total, records });
    });
    feed.addEventListener('done', (event: MessageEvent<string>) => leave(() => resolve(JSON.parse(event.data) as ImportReport))());
    const ask = () => {
      if (signal.aborted) return;
      fetchJson<ImportReport>(place).then((report) => (report.status === 'running' ? setTimeout(ask, AGAIN) : resolve(report)), reject);
    };
    feed.onerror = leave(ask);
    signal.addEventListener('abort', leave(() => reject(stopped())));
  });
}

export async function upload(at: string, body: Blob, type: string, onstep: (step: Step) => void, signal: AbortSignal): Promise<ImportReport> {
  const first = await send(at, body, type, onstep, signal);
  const report = first.status === 'running' ? await watch(first.id, body.size, onstep, signal) : first;
  if (report.status === 'failed') throw new ApiProblem(0, 'The import failed', report.failure ?? '');
  return report;
}
