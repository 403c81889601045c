const thinking = /^(?:\s*<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>)+/

/** Thinking that stands in the text itself is left out by many clients. @returns where the text after it begins */
export function endOfThinking(text: string): number {
  if (!/^\s*<think/.test(text.slice(0, 32))) return 0
  return thinking.exec(text)?.[0].length ?? 0
}
