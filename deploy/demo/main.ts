import { listThreads } from '../../cli/threads.ts'
import { banner } from '../../processes/banner.ts'
import { createRuntime, runUntilStopped } from '../../processes/runtime.ts'
import { assembleAll } from '../../processes/start.ts'
import type { Part } from '../../shared/lifecycle.ts'
import { chatter } from './chatter.ts'
import { startFakeModel } from './fake-model.ts'

// `npm run demo`: threadtap with a fake model beside it and a few chatty threads. No account, no network.

const model = await startFakeModel()
const runtime = createRuntime(
  { DATA_DIR: './.threadtap/demo', ...process.env, UPSTREAM_BASE_URL: model.baseUrl },
  'demo',
)
const { parts, addresses, ledger } = await assembleAll(runtime)

const fakeModel: Part = {
  name: 'fake model',
  stop() {
    model.server.close()
    model.server.closeAllConnections()
  },
}

const threads: Part = {
  name: 'chatty threads',
  start() {
    void chatAndShow().catch((cause) => runtime.log.error({ err: cause }, 'the demo threads failed'))
  },
}

async function chatAndShow(): Promise<void> {
  await chatter(`${addresses().data}/v1`)
  await everythingDelivered()
  process.stdout.write('\nThe threads have chatted; this is what threadtap has of them:\n\n')
  const { text } = await listThreads({
    config: runtime.config,
    admin: addresses().admin,
    limit: 20,
    json: false,
    width: process.stdout.columns ?? 120,
    now: Date.now(),
  })
  process.stdout.write(`${text}\nCtrl-C ends the demo. Meanwhile: npx threadtap calls --thread homework\n`)
}

/** Records are a moment behind their calls. */
async function everythingDelivered(): Promise<void> {
  for (;;) {
    const { accepted, delivered } = await ledger()
    if (accepted > 0 && accepted === delivered) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

await runUntilStopped(runtime, [fakeModel, ...parts, threads], () =>
  banner('The threadtap demo', runtime.config, addresses()),
)
