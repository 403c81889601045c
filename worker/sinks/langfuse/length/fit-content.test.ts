import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../shared/json.ts'
import { chatViewOf } from '../../../../shared/testing/fake-langfuse/chat/chat-view.ts'
import { chatInput } from '../chat/chat-input.ts'
import { choicesOutput } from '../chat/chat-output.ts'
import { cutText } from './cut-text.ts'
import { fitContent } from './fit-content.ts'
import { lengthOf } from './fitted.ts'

const limit = 60_000
const answer: Json = { role: 'assistant', content: 'hello' }

/** A conversation: instructions, and turns of a question and an answer of that many characters each. */
function aConversation(turns: number, characters: number): Json {
  const text = (turn: number) => `${turn} ${'x'.repeat(characters)}`
  const messages = Array.from({ length: turns }, (_, turn): Json[] => [
    { role: 'user', content: `question ${text(turn)}` },
    { role: 'assistant', content: `answer ${text(turn)}` },
  ])
  return chatInput([{ role: 'system', content: 'be kind' }, ...messages.flat()])
}

function shortened(input: Json, output: Json = answer, maxLength = limit) {
  const { input: sent, output: got } = fitContent(input, output, maxLength)
  const view = chatViewOf(JSON.stringify(sent?.value), JSON.stringify(got?.value))
  return {
    sent,
    got,
    view,
    lines: view.input?.map(({ title, content }) => `${title}: ${String(content).slice(0, 60)}`),
  }
}

describe('a long conversation', () => {
  test('keeps instructions, its beginning and the newest messages whole, with one note in the gap', () => {
    const { sent, view, lines } = shortened(aConversation(100, 2_000))
    expect(lines?.slice(0, 2)).toEqual(['system: be kind', `user: question 0 ${'x'.repeat(49)}`])
    expect(lines?.[2]).toMatch(/^left out: \[\d+ messages, [\d,]+ characters, left out\]$/)
    expect(lines?.at(-1)).toMatch(/^assistant: answer 99 /)
    expect(view.input?.slice(3).every(({ content }) => String(content).endsWith('xxx'))).toBe(true)
    expect(lines?.filter((line) => line.startsWith('left out'))).toHaveLength(1)
    expect(lengthOf(sent?.value ?? '')).toBeGreaterThan(limit * 0.9)
    expect(lengthOf(sent?.value ?? '')).toBeLessThanOrEqual(limit)
    expect(view.isText).toBe(true)
    expect(sent?.leftOut).toEqual({
      messages: 201 - (view.input?.length ?? 0) + 1,
      characters: expect.any(Number),
    })
  })

  test('has what its note and its metadata say left out', () => {
    const input = aConversation(100, 2_000)
    const { sent } = shortened(input)
    expect(sent?.leftOut?.characters).toBe(lengthOf(input) - lengthOf(sent?.value ?? ''))
  })

  test('that fits is left alone', () => {
    const input = aConversation(3, 100)
    expect(shortened(input).sent).toEqual({ value: input })
    expect(shortened(aConversation(100, 2_000), answer, 0).sent?.leftOut).toBeUndefined()
  })

  test.each([2_450, 2_500, 2_550, 2_600])(
    'keeps the results of tools of %d characters with their calls',
    (size) => {
      const turns = Array.from({ length: 40 }, (_, turn): Json[] => [
        {
          role: 'assistant',
          content: '',
          tool_calls: [
            { id: `c${turn}`, type: 'function', function: { name: 'f', arguments: 'y'.repeat(size) } },
          ],
        },
        { role: 'tool', tool_call_id: `c${turn}`, content: 'x'.repeat(size) },
      ])
      const { sent } = shortened(chatInput([{ role: 'user', content: 'go' }, ...turns.flat()]))
      const { messages } = (sent?.value ?? {}) as {
        messages: { tool_calls?: { id: string }[]; tool_call_id?: string }[]
      }
      const called = messages.flatMap(({ tool_calls: calls = [] }) => calls.map(({ id }) => id))
      const results = messages.flatMap(({ tool_call_id: id }) => id ?? [])
      expect(called).toEqual(results)
      expect(results.length).toBeGreaterThan(5)
      expect(results.at(-1)).toBe('c39')
    },
  )
})

test('a message alone too long keeps its beginning and its end', () => {
  const question = `start ${'x'.repeat(300_000)} end`
  const { sent, view } = shortened(chatInput([{ role: 'user', content: question }]))
  const content = String(view.input?.[0]?.content)
  expect(content).toMatch(/^start x+\n\n\[\.\.\. [\d,]+ characters left out \.\.\.\]\n\nx+ end$/)
  expect(lengthOf(sent?.value ?? '')).toBeLessThanOrEqual(limit)
  expect([view.input?.length, view.isText]).toEqual([1, true])
})

test('long instructions leave room for the newest message', () => {
  const messages = [
    { role: 'system', content: 's'.repeat(200_000) },
    { role: 'user', content: 'u'.repeat(200_000) },
    { role: 'assistant', content: 'a'.repeat(200_000) },
    { role: 'user', content: 'the newest' },
  ]
  const { sent, view, lines } = shortened(chatInput(messages))
  expect(lines?.map((line) => line.slice(0, 8))).toEqual(['system: ', 'user: uu', 'left out', 'user: th'])
  expect(lengthOf(sent?.value ?? '')).toBeLessThanOrEqual(limit)
  expect(view.isText).toBe(true)
})

test('tools lose their descriptions first, then their parameters, and never their names', () => {
  const tool =
    (size: number) =>
    (n: number): JsonObject => ({
      type: 'function',
      function: {
        name: `tool_${n}`,
        description: 'd'.repeat(1_500),
        parameters: { type: 'object', title: 'p'.repeat(size) },
      },
    })
  const numbers = Array.from({ length: 40 }, (_, n) => n)
  const described = shortened(
    chatInput({ messages: [{ role: 'user', content: 'hi' }], tools: numbers.map(tool(600)) }),
  )
  const text = JSON.stringify(described.sent?.value)
  expect([text.includes('ddd'), text.includes('ppp')]).toEqual([false, true])
  const bare = shortened(
    chatInput({ messages: [{ role: 'user', content: 'hi' }], tools: numbers.map(tool(3_000)) }),
  )
  expect(JSON.stringify(bare.sent?.value)).not.toContain('ppp')
  expect(bare.view.declaredTools).toHaveLength(40)
})

test('a long answer is cut inside its texts, and its calls stay whole and counted', () => {
  const args = JSON.stringify({ text: 'y'.repeat(20_000) })
  const output = choicesOutput([
    {
      index: 0,
      content: 'x'.repeat(200_000),
      reasoning: 'r'.repeat(100_000),
      toolCalls: [{ id: 'c', name: 'f', arguments: args }],
    },
  ])
  const { got, sent, view } = shortened(aConversation(100, 2_000), output ?? null)
  expect(lengthOf(got?.value ?? '')).toBeLessThanOrEqual(limit)
  expect(JSON.stringify(got?.value)).toContain(JSON.stringify(args))
  expect(view.countedCalls).toEqual(['f'])
  expect(got?.leftOut?.characters).toBeGreaterThan(200_000)
  const mostlyCalls = [
    { index: 0, content: 'x'.repeat(30_000), toolCalls: [{ name: 'f', arguments: args + args }] },
  ]
  const cut = shortened(aConversation(1, 10), choicesOutput(mostlyCalls) ?? null).got
  expect(JSON.stringify(cut?.value)).toContain(JSON.stringify(args + args))
  // Both sides together are still text on the page.
  expect(lengthOf(sent?.value ?? '')).toBeLessThan(20_000)
  expect(view.isText).toBe(true)
})

test('plain content is cut in its texts, then in the middle of its lists', () => {
  const { sent } = shortened('x'.repeat(100_000))
  expect(lengthOf(sent?.value ?? '')).toBeLessThanOrEqual(limit)
  const texts = Array.from({ length: 5_000 }, (_, n) => `text number ${n}`)
  const list = shortened({ input: texts }).sent
  const { input } = (list?.value ?? {}) as { input: string[] }
  expect([input[0], input.at(-1)]).toEqual(['text number 0', 'text number 4999'])
  expect(input.find((text) => text.startsWith('['))).toMatch(/^\[\.\.\. [\d,]+ entries left out \.\.\.\]$/)
  expect(lengthOf(list?.value ?? '')).toBeLessThanOrEqual(limit + 100)
})

test('a text is never cut within a character, and never grows', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat(300), (text, length) => {
      const cut = cutText(text, length)
      expect(cut.isWellFormed()).toBe(text.isWellFormed())
    }),
  )
})

test('many instructions, or many results of one call, are within the limit too', () => {
  const instructions = Array.from({ length: 300 }, () => ({ role: 'system', content: 's'.repeat(300) }))
  const question = { role: 'user', content: 'the newest' }
  const instructed = shortened(chatInput([...instructions, question]))
  expect(lengthOf(instructed.sent?.value ?? '')).toBeLessThanOrEqual(limit)
  expect(instructed.lines?.at(-1)).toBe('user: the newest')
  expect(lengthOf(shortened(chatInput(instructions)).sent?.value ?? '')).toBeLessThanOrEqual(limit)
  const calls = Array.from({ length: 300 }, (_, n) => ({
    id: `c${n}`,
    type: 'function',
    function: { name: 'f', arguments: '' },
  }))
  const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'r'.repeat(300) }))
  const called = shortened(
    chatInput([question, { role: 'assistant', content: '', tool_calls: calls }, ...results]),
  )
  expect(lengthOf(called.sent?.value ?? '')).toBeLessThanOrEqual(limit)
  expect(called.sent?.leftOut?.messages).toBeGreaterThan(0)
})

test('whatever the conversation, it stays a chat within its limit', () => {
  const message = fc.record({
    role: fc.constantFrom('system', 'user', 'assistant', 'tool', 'developer'),
    content: fc.string({ maxLength: 3_000 }),
  })
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 30 }), (messages) => {
      const { sent, view } = shortened(chatInput(messages), answer, 5_000)
      expect(view.input).toBeDefined()
      expect(lengthOf(sent?.value ?? '')).toBeLessThanOrEqual(5_000)
    }),
    { numRuns: 50 },
  )
})

describe('tools, which the page counts with every message,', () => {
  const tool = (n: number): JsonObject => ({
    type: 'function',
    function: {
      name: `tool_${n}`,
      description: `what it does ${'d'.repeat(1_500)}`,
      parameters: { type: 'object', properties: { a: { type: 'string', title: 'p'.repeat(300) } } },
    },
  })
  const toolsOf = (count: number) => Array.from({ length: count }, (_, n) => tool(n))
  const asked = (messages: Json, count: number) => {
    const conversation = (messages as { messages: Json }).messages
    return shortened(chatInput({ messages: conversation, tools: toolsOf(count) }))
  }

  test('stay whole where they fit', () => {
    const { sent, view } = asked(aConversation(2, 100), 10)
    expect(sent?.leftOut).toBeUndefined()
    expect(view.isText).toBe(true)
    const few = asked(aConversation(100, 2_000), 1)
    expect(JSON.stringify(few.sent?.value)).toContain('ppp')
    expect(few.view.isText).toBe(true)
  })

  test.each([
    [aConversation(10, 1_000), 30],
    [aConversation(20, 1_400), 3],
    [aConversation(100, 2_000), 30],
    [aConversation(50, 20), 128],
    [aConversation(1_000, 30), 1],
    [aConversation(200, 100), 200],
    [aConversation(1, 100_000), 40],
  ])('lose what they are before the page is no text any more', (conversation, count) => {
    const { sent, view } = asked(conversation, count)
    expect(view.isText).toBe(true)
    expect(view.declaredTools).toHaveLength(count)
    expect(view.input?.at(-1)?.content).toMatch(/^answer \d+ /)
    expect(lengthOf(sent?.value ?? '')).toBeLessThanOrEqual(limit)
    expect(sent?.leftOut?.characters).toBeGreaterThan(0)
  })
})

test('calls that fill the page alone leave the input as it is', () => {
  const toolCalls = [{ id: 'c', name: 'f', arguments: 'y'.repeat(300_000) }]
  const { sent } = shortened(aConversation(5, 1_000), choicesOutput([{ index: 0, toolCalls }]) ?? null)
  expect(sent).toEqual({ value: aConversation(5, 1_000) })
})

describe('messages that were left out at capture', () => {
  const recorded = (turns: number) => {
    const { messages } = aConversation(turns, 2_000) as { messages: readonly Json[] }
    return chatInput([...messages.slice(0, 2), '[900 more entries]', ...messages.slice(2)])
  }

  test('are counted in the metadata', () => {
    expect(shortened(recorded(3)).sent?.leftOut).toEqual({ messages: 900 })
  })

  test('and those that do not fit are one note', () => {
    const { sent, lines } = shortened(recorded(100))
    const notes = lines?.filter((line) => line.startsWith('left out'))
    expect(notes).toEqual([
      expect.stringMatching(/^left out: \[1,0\d\d messages, [\d,]+ characters, left out\]$/),
    ])
    expect(notes?.[0]).toContain(sent?.leftOut?.messages?.toLocaleString('en-US'))
    expect(lines?.[2]).toBe(notes?.[0])
  })

  test('also right behind the instructions, of which they are none', () => {
    const { messages } = aConversation(100, 2_000) as { messages: readonly Json[] }
    const { lines } = shortened(
      chatInput([...messages.slice(0, 1), '[900 more entries]', ...messages.slice(1)]),
    )
    expect(lines?.filter((line) => line.startsWith('left out'))).toEqual([
      expect.stringMatching(/^left out: \[1,0\d\d messages, /),
    ])
  })
})
