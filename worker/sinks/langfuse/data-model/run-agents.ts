import { isJsonObject, type Json } from '../../../../shared/json.ts'
import { leastRecentlyUsed } from '../../../../shared/least-recently-used.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import type { AgentPlace } from '../../../../shared/record/run.ts'
import { fitContent } from '../length/fit-content.ts'
import { inputOf } from './input.ts'
import { type Level, levelOf, worse } from './level.ts'

/** The span of an agent in a run, as far as this process has seen its calls. */
export type RunAgentSpan = {
  readonly id: string
  readonly name: string
  /** The tool that it runs as, or the agent that handed over to it. */
  readonly parentSpanId: string | undefined
  readonly startedAt: number
  readonly endedAt: number
  /** The worst of the calls beneath. */
  readonly level: Level
  /** What it was asked first, as a chat. */
  readonly input: Json | undefined
}

/** Agents of runs, by their spans; see shared/record/run.ts. */
export type RunAgents = {
  observe(record: InferenceRecord): void
  /**
   * The spans that travel with a record: those of agents whose newest call it is. Every span is sent again and again as it
   * grows, so that what came last must know most.
   */
  carriedBy(record: InferenceRecord): readonly RunAgentSpan[]
}

type Remembered = RunAgentSpan & { readonly newest: string }

/** Agents that are remembered. When it is full the one that was used longest ago goes. */
const maxAgents = 10_000
/** Characters of a question that are remembered. */
const maxInput = 8_000

export function createRunAgents(): RunAgents {
  const agents = leastRecentlyUsed<Remembered>(maxAgents)

  function grow(place: AgentPlace, name: string, record: InferenceRecord): void {
    const { times, ending } = record
    const before = agents.get(place.spanId)
    const endedAt = times.startedAt + times.durationMs
    const level = levelOf(ending)
    const newest = orderOf(record)
    agents.set(place.spanId, {
      id: place.spanId,
      name: before?.name ?? name,
      parentSpanId: place.parentSpanId ?? record.trace.parentSpanId,
      startedAt: place.startedAt,
      endedAt: Math.max(before?.endedAt ?? 0, endedAt),
      level: before === undefined ? level : worse(before.level, level),
      input: before === undefined ? questionOf(record) : before.input,
      newest: before === undefined || newest > before.newest ? newest : before.newest,
    })
  }

  return {
    observe(record) {
      const { agent } = record.run ?? {}
      if (agent === undefined) return
      grow(agent, agent.name, record)
      const root = rootOf(record)
      const known = root && agents.get(root.spanId)
      // Its name is in the records of its own calls alone.
      if (root !== undefined && known !== undefined) grow(root, known.name, record)
    },

    carriedBy(record) {
      const places = [rootOf(record), record.run?.agent].filter((place) => place !== undefined)
      return places.flatMap(({ spanId }) => {
        const known = agents.get(spanId)
        return known?.newest === orderOf(record) ? [known] : []
      })
    },
  }
}

/** The run's first agent, where the call's agent goes on in its place: what it answers is the answer of the run. */
function rootOf({ run }: InferenceRecord): AgentPlace | undefined {
  const { agent, root } = run ?? {}
  return root !== undefined && agent?.parentSpanId === root.spanId ? root : undefined
}

const orderOf = ({ times, id }: InferenceRecord): string =>
  `${String(times.startedAt).padStart(15, '0')} ${id}`

/** @returns the newest message of the user, alone; the newest one of all where none is the user's */
function questionOf(record: InferenceRecord): Json | undefined {
  const input = inputOf(record)
  const messages: Json | undefined = isJsonObject(input) ? input.messages : undefined
  if (!Array.isArray(messages)) return undefined
  const isUsers = (message: Json): boolean => isJsonObject(message) && message.role === 'user'
  const asked: Json | undefined = messages.findLast(isUsers) ?? messages.at(-1)
  return asked === undefined ? undefined : fitContent({ messages: [asked] }, undefined, maxInput).input?.value
}
