import { parseArgs } from 'node:util'
import { failureSentence } from '../../cli/terminal/failure-sentence.ts'
import { sentence } from '../../cli/terminal/sentence.ts'
import { surviveOutputErrors } from '../../cli/terminal/survive-output-errors.ts'
import { widthOf } from '../../cli/terminal/width.ts'
import { listThreads } from '../../cli/threads.ts'
import { createRelayProcess } from '../../processes/relay-process.ts'
import { runUntilStopped } from '../../processes/run-until-stopped.ts'
import { runningBanner } from '../../processes/running-banner.ts'
import type { RunSummary } from '../../shared/admin/runs.ts'
import type { Part } from '../../shared/lifecycle.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { holdConversations } from './conversations.ts'
import { startFakeModel } from './fake-model.ts'
import { keepTalking } from './keep-talking.ts'
import { type Counts, settledLedger, undeliveredText } from './settled.ts'

// `npm run demo [-- --once]`: threadtap with a fake model beside it and a few threads that talk to it, until it is stopped;
// with --once they talk once. No account, no network.

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } })

const besideAnother = 'Beside another threadtap: PORT=0 ADMIN_PORT=0 npm run demo\n'

surviveOutputErrors(process, (text) => process.stderr.write(`${text}\n`))

const model = await startFakeModel()
const threadtap = createRelayProcess(
  { DATA_DIR: './.threadtap/demo', ...process.env, UPSTREAM_BASE_URL: model.baseUrl },
  'start',
)
const { parts, addresses } = threadtap

async function ledger(): Promise<Counts> {
  const response = await fetch(`${addresses().admin}/ledger`)
  return (await response.json()) as Counts
}

const fakeModel: Part = {
  name: 'fake model',
  stop() {
    model.server.close()
    model.server.closeAllConnections()
  },
}

const conversations: Part = {
  name: 'demo conversations',
  start() {
    void talkAndShow().catch((cause) => threadtap.log.error({ err: cause }, 'the demo threads failed'))
  },
  stop: () => stopping.abort(),
}

/** The option that commands need where the admin port is not the usual one. */
function adminHint(): string {
  const { admin } = addresses()
  return admin === undefined || new URL(admin).port === '4011' ? '' : ` --admin ${admin}`
}

/** @returns the run with the most tools: the newest, which `threadtap run` shows, is soon another one */
async function agentRun(): Promise<string> {
  const response = await fetch(`${addresses().admin}/api/runs`)
  const runs = (await response.json()) as readonly RunSummary[]
  return runs.toSorted((a, b) => b.tools - a.tools)[0]?.id ?? ''
}

/** A line each, so that they can be copied. */
function hints(runId: string): string {
  const goesOn = `They go on talking: ${addresses().admin}/live shows them in a browser.\n`
  const commands = ['calls --thread homework', `run ${runId}`, 'call'].map(
    (command) => `  npx threadtap ${command}${adminHint()}\n`,
  )
  return `${values.once ? '' : goesOn}Ctrl-C ends the demo. Meanwhile:\n${commands.join('')}`
}

const stopping = new AbortController()

async function talkAndShow(): Promise<void> {
  await holdConversations(`${addresses().data}/v1`)
  // Records are a moment behind their calls.
  const settled = await settledLedger(ledger)
  process.stdout.write('\nThe threads have chatted; this is what threadtap has of them:\n\n')
  const { text } = await listThreads({
    config: threadtap.config,
    ...omitUndefined({ admin: addresses().admin }),
    limit: 20,
    json: false,
    width: process.stdout.isTTY ? widthOf(process.stdout) : 120,
    now: Date.now(),
  })
  process.stdout.write(`${text}${undeliveredText(settled)}\n${hints(await agentRun())}`)
  if (!values.once) await keepTalking(`${addresses().data}/v1`, stopping.signal)
}

try {
  await runUntilStopped(threadtap, [fakeModel, ...parts, conversations], () =>
    runningBanner({ ...threadtap, title: 'The threadtap demo', delivery: 'delivers', env: process.env }),
  )
} catch (cause) {
  process.stderr.write(sentence(failureSentence(cause), widthOf(process.stderr)))
  if (cause instanceof Error && /EADDRINUSE/.test(cause.message)) process.stderr.write(besideAnother)
  process.exit(1)
}
