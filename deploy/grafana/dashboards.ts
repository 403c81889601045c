import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { buildDashboard } from './builders/dashboard.ts'
import {
  datasourceVariable,
  modelVariable,
  namespaceVariable,
  upstreamVariable,
} from './builders/variables.ts'
import { callRow } from './llm/calls.ts'
import { llmGlanceRow } from './llm/glance.ts'
import { limitRow } from './llm/limits.ts'
import { streamRow } from './llm/streams.ts'
import { tokenRow } from './llm/tokens.ts'
import { glanceRow } from './threadtap/glance.ts'
import { ledgerRow } from './threadtap/ledger.ts'
import { processRow } from './threadtap/process.ts'
import { relayRow } from './threadtap/relay.ts'
import { sinkRow } from './threadtap/sinks.ts'
import { waitingRow } from './threadtap/waiting.ts'

/** For people who run applications that talk to language models. */
export const llmDashboard: Dashboard = buildDashboard({
  uid: 'threadtap-llm',
  title: 'LLM calls',
  description: 'What applications ask language models, how well they are served, and what it costs.',
  variables: [datasourceVariable, namespaceVariable, upstreamVariable, modelVariable],
  rows: [llmGlanceRow, callRow, streamRow, tokenRow, limitRow],
})

/** For people who run threadtap itself. */
const threadtapDashboard: Dashboard = buildDashboard({
  uid: 'threadtap',
  title: 'threadtap',
  description: 'Where every record is, and whether anything is lost or held up.',
  variables: [datasourceVariable, namespaceVariable, upstreamVariable],
  rows: [glanceRow, ledgerRow, waitingRow, sinkRow, relayRow, processRow],
})

/** The committed files, by their names. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  'llm-calls.json': llmDashboard,
  'threadtap.json': threadtapDashboard,
}
