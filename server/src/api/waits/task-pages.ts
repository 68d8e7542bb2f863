/**
 * Many tasks read by their ids, a bounded number of bytes at a time.
 */
import type { NamespaceId, Task, TaskId } from '../../rules/task.ts';
import type { Store } from '../../store/store.ts';
import { taskBytes } from '../page-bytes.ts';

const payloadChunkMax = 64;
const basicChunk = 500;
/** Yields pages of tasks in the order of the ids, each of at most `bytesMax` bytes or one task; missing ones are left out. */
export async function* readPages(
  store: Store,
  namespaceId: NamespaceId,
  ids: readonly TaskId[],
  view: 'BASIC' | 'PAYLOADS',
  bytesMax: number,
): AsyncGenerator<readonly Task[]> {
  let chunk = view === 'BASIC' ? basicChunk : 4;
  let page: Task[] = [];
  let bytes = 0;
  for (let at = 0; at < ids.length; ) {
    const asked = ids.slice(at, at + chunk);
    at += asked.length;
    const read = new Map(
      (await store.tasks.getMany(namespaceId, asked, view)).map((task) => [task.id, task]),
    );
    for (const id of asked) {
      const task = read.get(id);
      if (task === undefined) continue;
      const size = taskBytes(task);
      if (page.length > 0 && bytes + size > bytesMax) {
        yield page;
        page = [];
        bytes = 0;
      }
      page.push(task);
      bytes += size;
    }
    // Small payloads are read in larger chunks, large ones stay few at a time.
    if (view === 'PAYLOADS')
      chunk = bytes < bytesMax / 4 ? Math.min(chunk * 2, payloadChunkMax) : 4;
  }
  if (page.length > 0) yield page;
}
