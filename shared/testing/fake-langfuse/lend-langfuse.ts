import { onTestFinished } from 'vitest'
import { type FakeLangfuse, startFakeLangfuse } from './fake-langfuse.ts'
import type { Mode } from './modes.ts'

/** A fake Langfuse that is closed when the test has finished. */
export async function lendLangfuse(mode?: Mode): Promise<FakeLangfuse> {
  const langfuse = await startFakeLangfuse(mode)
  onTestFinished(() => langfuse.close())
  return langfuse
}
