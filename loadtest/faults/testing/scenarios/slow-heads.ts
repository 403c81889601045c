import { connect } from 'node:net'
import type { Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'

const slow = 20

export const slowHeads: Scenario = {
  name: 'slow-heads',
  injected: `${slow} connections send the head of a request byte by byte and never end it (slowloris)`,
  demands: 'Each is ended (408, or closed) after a while, and calls feel nothing of them meanwhile.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world, calls, check }) {
    const { port } = new URL(world.proxy.baseUrl())
    const answers: string[] = []
    for (let connection = 0; connection < slow; connection++) {
      sendSlowly(Number(port), (answer) => answers.push(answer))
    }
    await calls.make(20)
    check(answers.length === 0, 'they were ended before calls went by, so that nothing was tested')
    await waitFor(
      () => `${slow} slow connections to be ended, of which ${answers.length} were`,
      () => answers.length === slow,
    )
    const wrong = answers.filter((answer) => answer !== '' && !answer.startsWith('HTTP/1.1 408 '))
    check(wrong.length === 0, `${wrong.length} were answered ${wrong[0]?.slice(0, 20)}`)
  },
}

/** @param onEnded called with the response, or '' where the connection is closed without one */
function sendSlowly(port: number, onEnded: (answer: string) => void): void {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nslow: ')
  const timer = setInterval(() => socket.write('x'), 200)
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.on('close', () => {
    clearInterval(timer)
    onEnded(answer)
  })
}
