import { expect, test } from 'vitest'
import { adminCookie } from '../../admin/admin-cookie.ts'
import type { CallStore } from '../../admin/call-store.ts'
import { type Answer, runningConsole } from '../testing/running-console.ts'

const calls = { searchCalls: async () => ({ found: [] }) } as unknown as CallStore
const token = 's3cret-t0ken'

const elsewhere = () => runningConsole({ calls, onLoopback: false, token })

const cookieOf = ({ headers }: Answer): string => String(headers['set-cookie']).split(';')[0] ?? ''

test('where other machines reach the port a page asks for the token, and shows nothing else', async () => {
  const { ask } = await elsewhere()
  const { status, text } = await ask('/calls?user=ada')
  expect(status).toBe(401)
  expect(text).toContain('<form method="post" action="/login"')
  expect(text).toContain('value="/calls?user=ada"')
  expect(text).not.toContain('No calls')
})

test('the token is exchanged for a cookie that scripts and other sites never see, and that does not reveal it', async () => {
  const { ask, origin } = await elsewhere()
  const answer = await ask('/login', { headers: origin, form: { token, next: '/calls?user=ada' } })
  expect([answer.status, answer.headers.location]).toEqual([303, '/calls?user=ada'])
  expect(answer.headers['set-cookie']).toMatch(
    /^threadtap_[\w-]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
  )
  expect(answer.headers['set-cookie']).not.toContain(token)
  const page = await ask('/calls', { headers: { cookie: cookieOf(answer) } })
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('No calls are recorded yet') })
  expect(page.text).toContain('action="/logout"')
})

test('the API takes the cookie as well, and the token as before', async () => {
  const { ask } = await elsewhere()
  const { name, value } = adminCookie(token)
  expect((await ask('/api/calls', { headers: { cookie: `a=b; ${name}=${value}` } })).status).toBe(200)
  expect((await ask('/api/calls', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
  expect((await ask('/api/calls', { headers: { cookie: `${name}=${value}x` } })).status).toBe(401)
  expect(
    (await ask('/api/calls', { headers: { cookie: `${name}=${adminCookie('other').value}` } })).status,
  ).toBe(401)
})

test('a wrong token sets no cookie, and says so', async () => {
  const { ask, origin } = await elsewhere()
  const { status, headers, text } = await ask('/login', { headers: origin, form: { token: 'guess' } })
  expect(status).toBe(401)
  expect(headers['set-cookie']).toBeUndefined()
  expect(text).toContain('That is not the token.')
})

test.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', ''])(
  'a login never leads away from here: %j',
  async (next) => {
    const { ask, origin, url } = await elsewhere()
    const { headers } = await ask('/login', { headers: origin, form: { token, next } })
    expect(new URL(String(headers.location), url).origin).toBe(url)
  },
)

test.each([
  ['another origin', { origin: 'https://evil.example' }],
  ['no origin', {}],
  ['a page that hides it', { origin: 'null' }],
])('a form of %s is refused, whatever cookie the browser sends along', async (_name, headers) => {
  const { ask } = await elsewhere()
  const { name, value } = adminCookie(token)
  const cookie = `${name}=${value}`
  for (const path of ['/login', '/logout']) {
    const answer = await ask(path, { headers: { ...headers, cookie }, form: { token } })
    expect([path, answer.status]).toEqual([path, 403])
    expect(answer.headers['set-cookie']).toBeUndefined()
  }
  const replay = await ask('/api/dead/replay', { headers: { ...headers, cookie }, form: {} })
  expect(replay.status).toBe(403)
})

test('on loopback a form needs its origin, too', async () => {
  const { ask } = await runningConsole({ calls })
  expect((await ask('/logout', { form: {} })).status).toBe(403)
})

test('logging out ends it in that browser', async () => {
  const { ask, origin } = await elsewhere()
  const cookie = cookieOf(await ask('/login', { headers: origin, form: { token } }))
  const answer = await ask('/logout', { headers: { ...origin, cookie }, form: {} })
  expect(answer.status).toBe(303)
  expect(answer.headers['set-cookie']).toMatch(/^threadtap_[\w-]{8}=; Max-Age=0; Path=\//)
})

test('without a token the port shows nothing to other machines, and says which setting would', async () => {
  const { ask } = await runningConsole({ calls, onLoopback: false })
  const { status, text } = await ask('/calls')
  expect(status).toBe(403)
  expect(text).toContain('no ADMIN_TOKEN is set')
})

test('a form beyond any size is not read', async () => {
  const { ask, origin } = await elsewhere()
  const answer = await ask('/login', { headers: origin, form: { token: 'x'.repeat(100_000) } })
  expect(answer.status).toBe(413)
})
