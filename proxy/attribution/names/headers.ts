import type { TextField } from './fields.ts'

/**
 * What a header's text means: a field; `metadata`, a JSON object; `metadata pairs`, a list `key:value,...`
 * (%2C for a comma); `metadata.<key>`, one value of the metadata. `nothing`: known, but not read.
 */
export type Meaning = TextField | 'tags' | 'metadata' | 'metadata pairs' | `metadata.${string}` | 'nothing'

/** The headers that one tool defines. */
export type HeaderFamily = {
  readonly family: string
  /** threadtap's own names: they take precedence over every other source. */
  readonly own?: true
  /**
   * Not sent upstream: `true` where no upstream needs them, false where its API may. `from model APIs`: meant for a gateway that
   * people run themselves, which only a provider that is known by its host is certainly not.
   */
  readonly stripped: boolean | 'from model APIs'
  /** Provider, or suffix of its host name, that defines the headers: it gets them all the same. */
  readonly sentTo?: string
  /**
   * Lower-case, with hyphens; underscores are equivalent. A `*` matches anything, and in `metadata.*` stands
   * for what it matched in the name; of an id it never matches the name of a parent. Earlier names take precedence.
   */
  readonly names: Readonly<Record<string, Meaning>>
  /** Members of the family's JSON metadata that are fields. */
  readonly members?: Readonly<Record<string, TextField>>
}

const own: readonly HeaderFamily[] = [
  {
    family: 'threadtap',
    own: true,
    stripped: true,
    names: {
      'x-thread-id': 'threadId',
      'x-user-id': 'userId',
      'x-agent-key': 'agentKey',
      'x-trace-id': 'traceId',
      'x-trace-name': 'traceName',
      'x-tags': 'tags',
      'x-metadata': 'metadata',
      // DATA_TOKEN
      'x-threadtap-token': 'nothing',
    },
  },
  {
    // Obeyed as far as LANGFUSE_CALLER_FIELDS says, else plain metadata.
    family: 'threadtap for Langfuse',
    own: true,
    stripped: true,
    names: {
      'x-langfuse-prompt-name': 'metadata.langfuse_prompt_name',
      'x-langfuse-prompt-version': 'metadata.langfuse_prompt_version',
      'x-langfuse-version': 'metadata.langfuse_version',
      'x-langfuse-release': 'metadata.langfuse_release',
      'x-langfuse-public': 'metadata.langfuse_public',
      'x-langfuse-environment': 'environment',
      // Credentials for Langfuse.
      'x-langfuse-public-key': 'nothing',
      'x-langfuse-secret-key': 'nothing',
    },
  },
  {
    // OpenRouter groups calls by a header of this name too, and may keep them on one provider.
    family: "threadtap's, and OpenRouter's",
    own: true,
    stripped: true,
    sentTo: 'openrouter',
    names: { 'x-session-id': 'sessionId' },
  },
]

/**
 * Headers of other tools, the highest precedence first: from those that people set on purpose to those that a
 * program sets by itself.
 */
const foreign: readonly HeaderFamily[] = [
  {
    family: 'Langfuse, and LiteLLM for Langfuse',
    stripped: true,
    names: {
      'langfuse-trace-id': 'traceId',
      'langfuse-parent-observation-id': 'parentSpanId',
      'langfuse-session-id': 'sessionId',
      'langfuse-user-id': 'userId',
      'langfuse-trace-user-id': 'userId',
      'langfuse-trace-name': 'traceName',
      'langfuse-generation-name': 'spanName',
      'langfuse-environment': 'environment',
      'langfuse-tags': 'tags',
      'langfuse-metadata': 'metadata pairs',
      'langfuse-trace-metadata': 'metadata',
      // Credentials for Langfuse, which no model API needs to see.
      'langfuse-public-key': 'nothing',
      'langfuse-secret-key': 'nothing',
      'langfuse-host': 'nothing',
    },
  },
  {
    family: 'LiteLLM',
    stripped: true,
    names: {
      'x-litellm-trace-id': 'traceId',
      'x-litellm-session-id': 'sessionId',
      'x-litellm-end-user-id': 'userId',
      'x-litellm-customer-id': 'userId',
      'x-litellm-tags': 'tags',
      'x-litellm-spend-logs-metadata': 'metadata',
    },
  },
  {
    family: 'Helicone',
    stripped: true,
    sentTo: 'helicone.ai',
    names: {
      'helicone-session-id': 'sessionId',
      'helicone-session-name': 'traceName',
      'helicone-session-path': 'metadata.session_path',
      'helicone-user-id': 'userId',
      'helicone-prompt-id': 'metadata.prompt_id',
      'helicone-property-*': 'metadata.*',
      'helicone-auth': 'nothing',
    },
  },
  {
    family: 'Portkey',
    stripped: true,
    sentTo: 'portkey.ai',
    names: {
      'x-portkey-trace-id': 'traceId',
      'x-portkey-parent-span-id': 'parentSpanId',
      'x-portkey-span-id': 'metadata.span_id',
      'x-portkey-span-name': 'spanName',
      'x-portkey-metadata': 'metadata',
      'x-portkey-api-key': 'nothing',
    },
    members: { _user: 'userId' },
  },
  {
    family: 'Bifrost',
    stripped: true,
    names: {
      'x-bf-session-id': 'sessionId',
      'x-bf-session-id-ttl': 'nothing',
      'x-bf-session-ttl': 'nothing',
      'x-bf-maxim-trace-id': 'traceId',
      'x-bf-maxim-generation-id': 'metadata.generation_id',
      'x-bf-dim-*': 'metadata.*',
      'x-bf-prom-*': 'metadata.*',
    },
  },
  {
    family: 'Cloudflare AI Gateway',
    stripped: true,
    sentTo: 'gateway.ai.cloudflare.com',
    names: { 'cf-aig-metadata': 'metadata', 'cf-aig-authorization': 'nothing' },
  },
  {
    family: 'Braintrust',
    stripped: true,
    sentTo: 'braintrust.dev',
    names: { 'x-bt-span-id': 'parentSpanId', 'x-bt-span-export': 'metadata.span_export' },
  },
  {
    family: 'TensorZero',
    stripped: true,
    names: {
      'tensorzero-otlp-traces-extra-attribute-*': 'metadata.*',
      'tensorzero-otlp-traces-extra-resource-*': 'metadata.*',
      // Headers for its collector, which may be credentials.
      'tensorzero-otlp-traces-extra-header-*': 'nothing',
    },
  },
  { family: 'Envoy AI Gateway', stripped: true, names: { 'agent-session-id': 'sessionId' } },
  {
    // Their own back ends use these for routing and caching.
    family: 'Coding agents',
    stripped: false,
    names: {
      'x-claude-code-session-id': 'sessionId',
      'x-claude-code-agent-id': 'metadata.claude_code_agent_id',
      'x-claude-code-parent-agent-id': 'metadata.claude_code_parent_agent_id',
      'thread-id': 'threadId',
      'session-id': 'sessionId',
      'conversation-id': 'sessionId',
      'x-interaction-id': 'sessionId',
      'x-client-session-id': 'sessionId',
      'x-amp-thread-id': 'threadId',
      'x-kilocode-taskid': 'threadId',
      'x-mux-workspace-id': 'threadId',
      'x-coder-chat-id': 'threadId',
      'x-qwen-code-session-id': 'sessionId',
      'x-openclaw-session-key': 'sessionId',
      'x-agent-session': 'sessionId',
      'x-opencode-session': 'sessionId',
      'x-session-affinity': 'sessionId',
      'x-opencode-project': 'metadata.opencode_project',
      'x-opencode-request': 'metadata.opencode_request',
      'x-grok-conv-id': 'sessionId',
      'x-parent-session-id': 'metadata.parent_session_id',
      'x-codex-parent-thread-id': 'metadata.parent_thread_id',
      'x-codex-forked-from-thread-id': 'metadata.forked_from_thread_id',
      'x-openai-subagent': 'metadata.subagent',
    },
  },
  {
    // Names and addresses of people are not read.
    family: 'Open WebUI',
    stripped: false,
    names: {
      'x-openwebui-chat-id': 'threadId',
      'x-openwebui-user-id': 'userId',
      'x-openwebui-user-role': 'metadata.user_role',
      'x-openwebui-message-id': 'metadata.message_id',
    },
  },
  { family: 'LibreChat', stripped: false, names: { 'x-conversation-id': 'threadId' } },
  { family: 'Chat UI', stripped: false, names: { 'chatui-conversation-id': 'threadId' } },
  {
    family: 'Any other tool',
    stripped: false,
    names: {
      'x-chat-id': 'threadId',
      'x-*-chat-id': 'threadId',
      'x-*-conversation-id': 'threadId',
      'x-*-thread-id': 'threadId',
      'x-*-session-id': 'sessionId',
    },
  },
  {
    // Their keys, virtual keys, configurations with keys, and credentials of clouds.
    family: 'Settings of gateways',
    stripped: 'from model APIs',
    sentTo: 'portkey.ai',
    names: {
      'x-portkey-*': 'nothing',
      'x-litellm-api-key': 'nothing',
      'x-bf-vk': 'nothing',
      'x-bf-api-key': 'nothing',
      // To be forwarded by Bifrost, without the prefix.
      'x-bf-eh-*': 'nothing',
    },
  },
]

export const headerFamilies: readonly HeaderFamily[] = [...own, ...foreign]
