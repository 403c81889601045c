/**
 * A program with a trip planner that looks up the weather twice at once and lets a researcher work for it as a tool. It names
 * no ids and sends no headers of ours.
 * @param baseURL of the model API, with `/v1`
 * @param question of the user
 * @returns the last answer
 */
export type AgentProgram = (baseURL: string, question: string) => Promise<string>

export const instructions = {
  planner: 'You are a trip planner.',
  researcher: 'You are a hotel researcher.',
  writer: 'You are a travel writer.',
} as const

export const model = 'gpt-4o-mini'
export const apiKey = 'sk-test'

export const weatherOf = ({ day }: { readonly day: string }): string => (day === 'today' ? 'sunny' : 'rainy')
