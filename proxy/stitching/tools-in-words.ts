// Agents of models without tool calls write them as text, and get the results as text: "Thought, Action, Observation".

/** True for an answer that asks for a tool, as a line and its input or as a block of JSON. */
export const asksForTool = (text: string): boolean =>
  /^[ \t]*action:[ \t]*(?:\S[^\n]*\n\s*action[ _]input:|\n?\s*```)/im.test(text)

/** True for what a tool has answered. */
export const isObservation = (text: string): boolean => /^\s*observation\b/i.test(text)
