import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type FaultLink, startFaultLink } from './fault-link.ts'

/** A server that sends everything back. */
async function startLink(): Promise<FaultLink> {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const link = await startFaultLink((server.address() as AddressInfo).port)
  onTestFinished(async () => {
    await link.close()
    server.close()
  })
  return link
}

async function open({ port }: FaultLink): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text)
  return String((await once(socket, 'data'))[0])
}

test('without a fault bytes pass in both directions', async () => {
  expect(await echo(await open(await startLink()), 'hello')).toBe('hello')
})

test('a stalled link keeps its connections, and passes on what it held once it is healed', async () => {
  const link = await startLink()
  const socket = await open(link)
  await echo(socket, 'first')
  link.stall()
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  socket.write('second')
  const other = await open(link)
  expect([received, other.destroyed]).toEqual(['', false])
  link.heal()
  while (received !== 'second') await once(socket, 'data')
})

test('a link that forgets its connections leaves them open, and passes new ones on', async () => {
  const link = await startLink()
  const socket = await open(link)
  await echo(socket, 'first')
  link.stall()
  socket.write('second')
  link.forget()
  link.heal()
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  socket.write('third')
  expect(await echo(await open(link), 'hello')).toBe('hello')
  expect([received, socket.destroyed]).toEqual(['', false])
})

test.each(['reset', 'refuse'] as const)('%s breaks the connections there are', async (fault) => {
  const link = await startLink()
  const socket = await open(link)
  await echo(socket, 'first')
  link[fault]()
  const [error] = await once(socket, 'error')
  expect(error.code).toBe('ECONNRESET')
})

test('a link that refuses breaks new connections until it is healed', async () => {
  const link = await startLink()
  link.refuse()
  const refused = connect(link.port, '127.0.0.1').on('error', () => undefined)
  await new Promise((resolve) => refused.once('close', resolve))
  link.heal()
  expect(await echo(await open(link), 'again')).toBe('again')
})

test('an answer is cut after as many bytes, and what came before passes', async () => {
  const link = await startLink()
  const socket = await open(link)
  link.cutAfter(8)
  expect(await echo(socket, 'hello')).toBe('hello')
  socket.write('hello')
  const [error] = await once(socket, 'error')
  expect(error.code).toBe('ECONNRESET')
})

test('a half-closed link ends the answers, and still takes requests', async () => {
  const link = await startLink()
  const socket = await open(link)
  await echo(socket, 'first')
  link.halfClose()
  socket.resume()
  await once(socket, 'end')
  expect(socket.destroyed).toBe(false)
})

test('a slow link keeps the order of bytes', async () => {
  const link = await startLink()
  const socket = await open(link)
  link.delay(5)
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  for (const text of ['a', 'b', 'c']) socket.write(text)
  while (received !== 'abc') await once(socket, 'data')
})
