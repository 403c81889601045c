import type { Json } from '../../../shared/json.ts'

/** A tool call as the model asked for it. */
export type ToolRequest = {
  /** Absent in dialects without ids, and from providers that give none. */
  readonly id?: string
  readonly name: string
  /** What the model wrote, or the object that it stands for. */
  readonly arguments: Json
}

/** What a tool returned, as the client sent it back. */
export type ToolResult = {
  /** Id of the call that it answers. */
  readonly id?: string
  readonly content: Json
  /** The protocol itself marks it as an error. */
  readonly isError: boolean
}

/** What one side said without being interrupted by the other. Instructions are no part of it. */
export type Block = {
  readonly by: 'client' | 'model'
  readonly texts: readonly string[]
  readonly calls: readonly ToolRequest[]
  readonly results: readonly ToolResult[]
  /** Ids and signatures that only the call which made them can have given: items, encrypted reasoning, thinking. */
  readonly keys: readonly string[]
}

/** What a request shows of the conversation that it belongs to. */
export type Conversation = {
  readonly previousResponseId?: string
  readonly conversationId?: string
  /** Clients and models take turns; the last one is what the request brings. */
  readonly blocks: readonly Block[]
  /** A summary stands in the place of its beginning. */
  readonly isCompacted: boolean
  readonly model: string
  readonly agent: AgentFacts
}

/** What tells agents apart that share a conversation. */
export type AgentFacts = {
  readonly system: string
  /** Names of the tools that it may call. */
  readonly tools: readonly string[]
}

/** A tool that the provider ran itself, within its answer. */
export type ServerTool = {
  readonly id?: string
  readonly name: string
  readonly arguments?: Json
  readonly result?: Json
  readonly isError: boolean
}

/** What a response adds to the conversation. */
export type Answer = {
  /** The upstream's id of the response. */
  readonly responseId?: string
  /** One for each choice. */
  readonly blocks: readonly Block[]
  readonly serverTools: readonly ServerTool[]
}
