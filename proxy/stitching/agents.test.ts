import { expect, test } from 'vitest'
import { identify, isSameAgent } from './agents.ts'
import { createKeyedHash } from './keyed-hash.ts'

const hash = createKeyedHash('secret')
const nameOf = (system: string, tools: readonly string[] = ['search'], mayQuote = true) =>
  identify({ system, tools }, undefined, hash, mayQuote).name

test.each([
  ['You are a helpful travel planner. Today is Friday.', 'agent_travel_planner'],
  ['# Role\n\nYou are an expert in tax law, and nothing else.', 'agent_in_tax_law'],
  ['<your_role>\nYou search the web for things.\n</your_role>', 'agent_search_the_web_for_things'],
  ['Ты переводчик с русского.', 'agent_ты_переводчик_с_русского'],
  ['', 'agent_search'],
  ['You are a researcher.', 'agent_researcher'],
  ['# Your role\nYou translate.', 'agent_translate'],
  ['Assistant', 'agent_search'],
])('the instructions %j name %j', (system, name) => {
  expect(nameOf(system)).toBe(name)
})

test('without instructions and tools an agent is an agent', () => {
  expect(nameOf('', [])).toBe('agent')
})

test('where content may not be kept the name quotes nothing, and stays the same', () => {
  const name = nameOf('You are a spy.', ['search'], false)
  expect(name).toMatch(/^agent_[a-z0-9]{6}$/)
  expect(nameOf('You are a spy.', ['search'], false)).toBe(name)
})

test('the key that a caller gives is the name', () => {
  expect(identify({ system: 'You', tools: [] }, 'tutor', hash, true).name).toBe('agent_tutor')
})

test('what day it is, or one more tool, makes no other agent; both changed do', () => {
  const of = (system: string, ...tools: readonly string[]) =>
    identify({ system, tools }, undefined, hash, true)
  const agent = of('You plan. It is 2026-11-27, 09:58.', 'search')
  expect(isSameAgent(agent, of('You plan. It is 2026-11-28, 10:02.', 'search', 'book'))).toBe(true)
  expect(isSameAgent(agent, of('You plan. It is raining.', 'search'))).toBe(true)
  expect(isSameAgent(agent, of('You write.', 'spell'))).toBe(false)
})
