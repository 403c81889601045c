import { expect, test } from 'vitest'
import { parseRedactions } from '../../shared/config/redactions.ts'
import { systemClock } from '../../shared/timing/clock.ts'
import { createRedactor } from '../observe/redact/redactor.ts'
import { identify, isSameAgent, type Quote } from './agents.ts'
import { createKeyedHash } from './keyed-hash.ts'

const limit = { clock: systemClock, onExceeded: () => undefined }

const hash = createKeyedHash('secret')
const asItIs = (text: string): string => text
const nameOf = (system: string, tools: readonly string[] = ['search'], quote: Quote = asItIs) =>
  identify({ system, tools }, undefined, hash, quote).name

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
  const unquoted = () =>
    identify({ system: 'You are a spy.', tools: ['search'] }, undefined, hash, undefined).name
  expect(unquoted()).toMatch(/^agent_[a-z0-9]{6}$/)
  expect(unquoted()).toBe(unquoted())
})

test('what is redacted is redacted before a name is made of it, in which nothing would recognise it', () => {
  const redactor = createRedactor(parseRedactions('email,phone,/project okapi/i'), limit)
  const named = (system: string) => nameOf(system, ['search'], redactor?.text)
  expect(named('You are an assistant of ann.lee@mail.example.')).toBe('agent_assistant_of_email')
  expect(named('You call +49 30 1234567.')).toBe('agent_call_phone')
  expect(named('You are the Project Okapi planner.')).toBe('agent_redacted_planner')
})

test('agents without tools are told apart by their instructions', () => {
  const of = (system: string) => identify({ system, tools: [] }, undefined, hash, asItIs)
  expect(isSameAgent(of('You write.'), of('You edit.'))).toBe(false)
  expect(isSameAgent(of('You write.'), of('You write.'))).toBe(true)
})

test('the key that a caller gives is the name', () => {
  expect(identify({ system: 'You', tools: [] }, 'tutor', hash, asItIs).name).toBe('agent_tutor')
})

test('what day it is, or one more tool, makes no other agent; both changed do', () => {
  const of = (system: string, ...tools: readonly string[]) =>
    identify({ system, tools }, undefined, hash, asItIs)
  const agent = of('You plan. It is 2026-11-27, 09:58.', 'search')
  expect(isSameAgent(agent, of('You plan. It is 2026-11-28, 10:02.', 'search', 'book'))).toBe(true)
  expect(isSameAgent(agent, of('You plan. It is raining.', 'search'))).toBe(true)
  expect(isSameAgent(agent, of('You write.', 'spell'))).toBe(false)
})
