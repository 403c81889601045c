import { answerJson, type FakeUpstream } from '../../shared/testing/fake-upstream.ts'

type Message = { readonly role: string; readonly content: string | null; readonly [field: string]: unknown }

const say =
  (role: string) =>
  (content: string): Message => ({ role, content })
const [user, system, assistant] = [say('user'), say('system'), say('assistant')]

const result = (id: string, content: string): Message => ({ role: 'tool', tool_call_id: id, content })
const asks = (...calls: readonly (readonly [id: string, name: string, args: object])[]): Message => ({
  role: 'assistant',
  content: null,
  tool_calls: calls.map(([id, name, args]) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  })),
})
const tools = (...names: readonly string[]) =>
  names.map((name) => ({ type: 'function', function: { name, parameters: { type: 'object' } } }))

const task = 'Find the best hotel in Paris for a family with a dog.'

/**
 * A planner that looks up the weather twice at once, lets a researcher work for it as a tool, hands over to a writer, which
 * answers, and is asked once more: six calls, two turns. None of them names anything.
 * @param baseUrl of the proxy
 */
export async function runScriptedAgent(baseUrl: string, upstream: FakeUpstream): Promise<void> {
  const planner = {
    system: system('You are a trip planner.'),
    tools: tools('get_weather', 'research', 'transfer'),
  }
  const writer = { system: system('You are a travel writer.'), tools: tools('spell_check') }
  const researcher = { system: system('You are a researcher.'), tools: tools() }
  const history: Message[] = [user('Plan a day in Paris.')]

  async function call(agent: typeof planner, messages: readonly Message[], answer: Message): Promise<void> {
    upstream.answer = answerJson({
      id: 'chatcmpl-1',
      model: 'gpt-4o-mini',
      choices: [{ index: 0, message: answer }],
    })
    const { length } = agent.tools
    const body = {
      model: 'gpt-4o-mini',
      messages: [agent.system, ...messages],
      ...(length > 0 && { tools: agent.tools }),
    }
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    await response.arrayBuffer()
  }
  async function step(agent: typeof planner, answer: Message, ...results: readonly Message[]): Promise<void> {
    await call(agent, history, answer)
    history.push(answer, ...results)
  }

  const weather = [
    ['call_today_J3ajtA7qivsw', 'get_weather', { day: 'today' }],
    ['call_tomorrow_K9sdfA7qi', 'get_weather', { day: 'tomorrow' }],
  ] as const
  await step(planner, asks(...weather), result(weather[0][0], 'sunny'), result(weather[1][0], 'rainy'))
  const delegated = asks(['call_research_02jdLsa8sK', 'research', { task }])
  await step(planner, delegated, result('call_research_02jdLsa8sK', 'The Ritz.'))
  await call(researcher, [user(task)], assistant('The Ritz.'))
  await step(
    planner,
    asks(['call_transfer_8sKd02jdL', 'transfer', {}]),
    result('call_transfer_8sKd02jdL', 'ok'),
  )
  await step(writer, assistant('Go to the Ritz while the sun shines.'), user('Thank you, and tomorrow?'))
  await step(writer, assistant('Stay in bed, it is going to rain.'))
}
