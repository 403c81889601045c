import { expect, test } from 'vitest'
import type { CallStore } from '../admin/call-store.ts'
import { CallsUnavailable } from '../admin/call-store.ts'
import { runningConsole } from './testing/running-console.ts'

const calls = { searchCalls: async () => ({ found: [] }) } as unknown as CallStore

test('the front page leads to pages that name themselves and link to each other', async () => {
  const { ask } = await runningConsole({ calls })
  const { status, headers } = await ask('/')
  expect([status, headers.location]).toEqual([302, '/calls'])
  const { text } = await ask('/calls')
  expect(text).toMatch(/^<!DOCTYPE html><html lang="en">/)
  expect(text).toContain('<title>Calls · threadtap</title>')
  expect(text).toContain('<a href="/calls" aria-current="page">Calls</a>')
  expect(text).toContain('No calls are recorded yet')
})

test('pages may load nothing but what this port serves, and be framed by nobody', async () => {
  const { ask } = await runningConsole({ calls })
  for (const path of ['/calls', '/nowhere']) {
    const { headers } = await ask(path)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=UTF-8',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
  }
})

test('no page has a script, a style or a handler of its own', async () => {
  const { ask } = await runningConsole({ calls })
  const { text } = await ask('/calls')
  expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/i)
})

test('style sheet and script are kept by browsers for good, under an address that changes with them', async () => {
  const { ask } = await runningConsole({ calls })
  const [, path = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec((await ask('/calls')).text) ?? []
  expect(path).toMatch(/^\/assets\/[0-9a-f]{16}\/console\.css$/)
  const { status, headers, text } = await ask(path)
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
  })
  expect(text).toContain('prefers-color-scheme: dark')
  const again = await ask(path, { headers: { 'if-none-match': String(headers.etag) } })
  expect([again.status, again.text]).toEqual([304, ''])
  const script = await ask(path.replace('console.css', 'console.js'))
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
})

test('on loopback a page is shown to whoever names loopback, and to no name that was rebound to it', async () => {
  const { ask } = await runningConsole({ calls })
  expect((await ask('/calls', { headers: { host: 'localhost:4011' } })).status).toBe(200)
  const rebound = await ask('/calls', { headers: { host: 'evil.example' } })
  expect(rebound.status).toBe(403)
  expect(rebound.text).toContain('the Host header names something else')
})

test('what nobody serves is a page for browsers, and JSON for everybody else', async () => {
  const { ask } = await runningConsole({ calls })
  expect(await ask('/nowhere')).toMatchObject({ status: 404, text: expect.stringContaining('<h1>Nothing') })
  const { status, text } = await ask('/nowhere', { headers: { accept: '*/*' } })
  expect([status, JSON.parse(text)]).toEqual([404, { error: expect.stringContaining('/api/calls') }])
  expect(JSON.parse((await ask('/api/nowhere')).text)).toEqual({ error: expect.any(String) })
})

test('a process without a local store says so, and where to look', async () => {
  const { ask } = await runningConsole()
  const { status, text } = await ask('/calls')
  expect(status).toBe(404)
  expect(text).toContain('This process keeps no local store')
  expect(text).toContain('Look at the admin port of a worker')
})

test('while the store cannot be read its page says why; a defect is kept for the log', async () => {
  const failed: unknown[] = []
  const failing = (cause: Error) => ({ searchCalls: () => Promise.reject(cause) }) as unknown as CallStore
  const { ask } = await runningConsole({ calls: failing(new CallsUnavailable('the disk is full')) })
  expect(await ask('/calls')).toMatchObject({
    status: 503,
    text: expect.stringContaining('The disk is full.'),
  })
  const cause = new Error('ENOENT: /secret/path')
  const defect = await runningConsole({
    calls: failing(cause),
    events: { requestStarted: () => undefined, requestFailed: (...args) => void failed.push(args) },
  })
  const { status, text } = await defect.ask('/calls')
  expect(status).toBe(500)
  expect(text).not.toContain('secret')
  expect(failed).toEqual([['/calls', cause]])
})

test('pages are loaded when somebody asks for one, and never for what programs ask', async () => {
  let loaded = 0
  const { ask } = await runningConsole({
    pages: async () => {
      loaded += 1
      return { fetch: () => new Response('a page') }
    },
  })
  for (const path of ['/livez', '/readyz', '/metrics', '/ledger', '/api/calls', '/api/nothing'])
    await ask(path)
  expect(loaded).toBe(0)
  expect((await Promise.all([ask('/calls'), ask('/')])).map(({ text }) => text)).toEqual(['a page', 'a page'])
  expect(loaded).toBe(1)
})
