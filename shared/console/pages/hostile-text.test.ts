import { expect, test } from 'vitest'
import type { CallSummary, ThreadSummary } from '../../admin/call-store.ts'
import type { RunDetail } from '../../admin/runs.ts'
import { htmlDocument } from '../layout/document.tsx'
import type { Page } from '../layout/page.ts'
import { hostileTexts, withHostile } from '../testing/hostile.ts'
import { tagsOf, textOf } from '../testing/html.ts'
import { richCall } from '../testing/rich-call.ts'
import { callPage } from './call-page.tsx'
import { callsPage } from './calls-page.tsx'
import { loginPage } from './login-page.tsx'
import { runPage } from './run-page.tsx'
import { runsPage } from './runs-page.tsx'
import { threadPage } from './thread-page.tsx'
import { threadsPage } from './threads-page.tsx'

const now = 1_763_634_660_000
const dataUrl = 'http://127.0.0.1:4010'

const summary: CallSummary = {
  id: '019abc00000000000000000000c0ffee',
  thread: 'trip',
  threadKind: 'thread',
  traceId: 'a'.repeat(32),
  sessionId: 's-1',
  userId: 'ann',
  agent: 'agent_pilot',
  operation: 'chat',
  model: 'gpt-4o',
  stream: true,
  startedAt: now,
  durationMs: 345,
  usage: { provenance: 'missing' },
  ending: 'completed',
  error: 'rate_limit: Slow down.',
  input: 'Is it high?',
  output: 'High.',
}

const thread: ThreadSummary = {
  thread: 'trip',
  kind: 'thread',
  calls: 1,
  firstAt: now,
  lastAt: now,
  users: ['ann'],
  sessions: ['s-1'],
  models: ['gpt-4o'],
  tokens: { input: 1, output: 2, total: 3 },
  errors: 1,
}

const run: RunDetail = {
  id: 'a'.repeat(32),
  agent: 'agent_pilot',
  thread: 'trip',
  conversationId: 'c'.repeat(32),
  turn: 1,
  turns: 1,
  calls: 1,
  tools: 1,
  tokens: { input: 1, output: 2, total: 3 },
  startedAt: now,
  durationMs: 345,
  errors: 1,
  input: 'Is it high?',
  output: 'High.',
  spans: [
    {
      kind: 'call',
      name: 'chat gpt-4o',
      spanId: 'b'.repeat(16),
      startedAt: now,
      durationMs: 345,
      callId: summary.id,
      error: 'rate_limit: Slow down.',
      spans: [
        {
          kind: 'tool',
          name: 'tide',
          spanId: 'e'.repeat(16),
          startedAt: now,
          durationMs: 5,
          input: 'x',
          output: 'y',
          spans: [],
        },
      ],
    },
  ],
}

const list = {
  limit: 100,
  now,
  parameters: { text: 'x', model: 'x', thread: 'x', from: 'x', before: 'x' },
  next: 'x',
  wrong: 'x',
}

/** Every page with a text in the place of everything that others than threadtap write. */
function pagesWith(text: string): readonly Page[] {
  const hostile = <T>(value: T): T => withHostile(value, text)
  const call = hostile(richCall())
  const parent = hostile(richCall({ id: 'f'.repeat(32) }))
  return [
    callPage({ call, parent, whole: false, now, dataUrl }),
    callPage({ call, whole: true, now, dataUrl, langfuseUrl: 'https://langfuse.example' }),
    callsPage({ ...hostile(list), found: [hostile(summary)], now }),
    threadsPage({ ...hostile(list), found: [hostile(thread)], now }),
    runsPage({ ...hostile(list), found: [hostile(run)], now }),
    threadPage({ thread: hostile(thread), turns: [{ call, parent }], next: text, now, isFirstPage: false }),
    runPage({ run: hostile(run), now }),
    loginPage({ next: text, failed: true }),
  ]
}

const frame = { now: 0, assets: '/assets/0/', canLogOut: true }

const allowedTags = new Set([
  ...[
    'html',
    'head',
    'meta',
    'title',
    'link',
    'script',
    'body',
    'a',
    'header',
    'nav',
    'ul',
    'li',
    'main',
    'section',
  ],
  ...['article', 'h1', 'h2', 'h3', 'p', 'small', 'strong', 'bdi', 'span', 'div', 'dl', 'dt', 'dd', 'details'],
  ...[
    'summary',
    'pre',
    'code',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'time',
    'form',
    'search',
    'label',
    'input',
  ],
  ...['select', 'option', 'button', 'svg', 'rect', 'defs', 'pattern'],
])

test.each(hostileTexts)('%j is text on every page, whichever field it is in', (text) => {
  for (const page of pagesWith(text)) {
    const html = htmlDocument(page, frame)
    for (const { name, attributes } of tagsOf(html)) {
      expect(allowedTags).toContain(name)
      for (const [key, value] of attributes) {
        expect(key).not.toMatch(/^on|^style$|^srcdoc$/i)
        if (key === 'href' || key === 'src' || key === 'action')
          expect(value).toMatch(/^(?:\/(?!\/)|#main$|https:\/\/langfuse\.example\/trace\/[0-9a-f]+$)/)
      }
    }
    expect([...html.matchAll(/<script/g)]).toHaveLength(1)
  }
})

test('what was written is shown, letter by letter', () => {
  const [text = ''] = hostileTexts
  for (const page of pagesWith(text)) {
    if (page.title !== 'Log in') expect(textOf(htmlDocument(page, frame))).toContain(text)
  }
})

test('no direction that a text sets reaches beyond it', () => {
  const override = '\u202e'
  for (const page of pagesWith(override)) {
    const html = htmlDocument(page, frame)
    // Each stands in an element that isolates it: bdi, dir="auto", a control, or in an attribute.
    const bare = html
      .replaceAll(/<bdi[^>]*>.*?<\/bdi>/gs, '')
      .replaceAll(/<(\w+)[^>]* dir="auto"[^>]*>.*?<\/\1>/gs, '')
      .replaceAll(/<option.*?<\/option>/gs, '')
      .replaceAll(/<pre data-copy.*?<\/pre>/gs, '')
      .replaceAll(/="[^"]*"/g, '')
    expect(bare).not.toContain(override)
  }
})
