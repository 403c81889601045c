import type { Part } from './lifecycle.ts'

/**
 * Frees what starting has left behind in this thread: V8 collects all of it only when the heap has grown much further,
 * which that of a process at rest never does. Of the ways to ask for a collection only the inspector's also gives back
 * the grown young generation.
 */
export const startupGarbage: Part = {
  name: 'start-up garbage',
  async start() {
    // Some builds of Node have no inspector; they do without.
    const inspector = await import('node:inspector').catch(() => undefined)
    if (inspector === undefined) return
    const session = new inspector.Session()
    session.connect()
    await new Promise((resolve) => session.post('HeapProfiler.collectGarbage', resolve))
    session.disconnect()
  },
}
