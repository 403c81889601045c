import { once } from 'node:events'
import { startModule, stopChild } from './child.ts'
import { callUrl, type StartSubject } from './subject.ts'

/** No relay: what client and model take themselves. */
export const startDirect: StartSubject = async (modelPort) => ({
  name: 'direct',
  url: callUrl(modelPort),
  processes: [],
  stop: async () => undefined,
})

export const startBare: StartSubject = async (modelPort) => {
  const { child, port } = await startModule(new URL('./bare-relay.js', import.meta.url), {
    UPSTREAM_ORIGIN: `http://127.0.0.1:${modelPort}`,
  })
  return {
    name: 'bare',
    url: callUrl(port),
    processes: [{ role: 'relay', pid: child.pid ?? 0 }],
    async longestBlockMs() {
      child.send('longest block?')
      const [ms] = await once(child, 'message')
      return ms as number
    },
    stop: () => stopChild(child),
  }
}
